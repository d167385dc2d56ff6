import { execFile } from "node:child_process";
import { startFromPath } from "./start-from-path.ts";

/**
 * Which of these files git ignores, whether or not they exist; a file that it tracks isn't ignored.
 *
 * @param files absolute
 * @param cwd a folder that exists, in the repository
 * @returns undefined if there's no git or no repository, or if a link leads to one of the files
 */
export async function gitIgnored(
  files: readonly string[],
  cwd: string,
): Promise<ReadonlySet<string> | undefined> {
  // For each file, git looks through all that it tracks: it does so only for the few that a rule matches.
  const matched = await checkIgnore(["--no-index"], files, cwd);
  const ignored = matched?.length ? await checkIgnore([], matched, cwd) : matched;
  return ignored && new Set(ignored);
}

function checkIgnore(
  flags: readonly string[],
  files: readonly string[],
  cwd: string,
): Promise<readonly string[] | undefined> {
  // A folder that looks like a repository can be committed.
  const args = ["-c", "safe.bareRepository=explicit", "check-ignore", ...flags, "-z", "--stdin"];
  const asked = new Promise<readonly string[] | undefined>((done) => {
    const child = startFromPath(() =>
      execFile("git", args, { cwd, maxBuffer: Number.POSITIVE_INFINITY }, (error, stdout) =>
        done(error === null || error.code === 1 ? stdout.split("\0").slice(0, -1) : undefined),
      ),
    );
    // It may have ended already.
    child.stdin?.on("error", () => {}).end(files.join("\0"));
  });
  // Node's permissions may forbid it.
  return asked.catch(() => undefined);
}
