import { basename, dirname, relative } from "node:path";
import { runGit } from "./run-git.ts";

/**
 * Which line makes git ignore a file, whether or not it exists? Not one that git tracks.
 *
 * @param file absolute
 * @param cwd a folder that exists, in the repository
 * @returns such as `.gitignore:3 (*.local)`; false if none does; undefined if there's no git or no repository, or if the
 *   file isn't in that: a link leads there, or a submodule has it
 */
export async function ignoredBy(file: string, cwd: string): Promise<string | false | undefined> {
  const { code, stdout } = await runGit(cwd, ["check-ignore", "--verbose", "--", relative(cwd, file)]);
  const [, place, pattern = ""] = /^(.*:\d+):(.*)\t/.exec(String(stdout)) ?? [];
  if (code === 0) return !pattern.startsWith("!") && `${place} (${pattern})`;
  return code === 1 ? false : undefined;
}

/** Does git track a file? Undefined if it can't tell: without a repository, or in one with another owner. */
export async function isTracked(file: string): Promise<boolean | undefined> {
  // On some file systems, .ENV.LOCAL is read as .env.local.
  const args = ["--icase-pathspecs", "ls-files", "--error-unmatch", "--", basename(file)];
  const { code } = await runGit(dirname(file), args);
  return code === 0 || (code === 1 ? false : undefined);
}
