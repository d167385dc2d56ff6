import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { startFromPath } from "../../files/start-from-path.ts";

/** Does git ignore a file, whether or not it exists? Undefined if there's no git, or no repository. */
export function isIgnored(file: string): Promise<boolean | undefined> {
  return new Promise((done) => {
    startFromPath(() =>
      execFile("git", ["check-ignore", "--quiet", file], { cwd: dirname(file) }, (error) => {
        if (error === null) done(true);
        else done(error.code === 1 ? false : undefined);
      }),
    );
  });
}
