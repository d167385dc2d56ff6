import { execFile } from "node:child_process";
import { relative } from "node:path";
import { startFromPath } from "./start-from-path.ts";

/**
 * Does git ignore a file, whether or not it exists? Not one that it tracks.
 *
 * @param file absolute
 * @param cwd a folder that exists, in the repository
 * @returns undefined if there's no git or no repository, or if the file isn't in that: a link leads there, or a submodule has it
 */
export function isIgnored(file: string, cwd: string): Promise<boolean | undefined> {
  // A folder that looks like a repository can be committed.
  const args = ["-c", "safe.bareRepository=explicit", "check-ignore", "--quiet", "--", relative(cwd, file)];
  const asked = new Promise<boolean | undefined>((done) => {
    startFromPath(() =>
      execFile("git", args, { cwd }, (error) =>
        done(error === null || (error.code === 1 ? false : undefined)),
      ),
    );
  });
  // Node's permissions may forbid it.
  return asked.catch(() => undefined);
}
