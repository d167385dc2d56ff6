import { existsSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, relative } from "node:path";
import { processEnv } from "../environment.ts";

/** Git sets them for its hooks: they name another repository or index than the one of a folder. */
const OF_HOOKS = ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/** What came of it. `code` is the exit code, or why git couldn't be started: `ENOENT`. */
export interface GitRun {
  readonly code: number | string;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs git from PATH alone, where a project's own folder can't have one, and for the folder that it runs in. It doesn't throw:
 * without git, or where Node's permissions forbid it, the code says so.
 */
export async function runGit(cwd: string, args: readonly string[]): Promise<GitRun> {
  // Most commands and builds run no program.
  const { execFile } = await import("node:child_process");
  const env = Object.fromEntries(Object.entries(processEnv()).filter(([name]) => !OF_HOOKS.includes(name)));
  const options = {
    cwd,
    // What git starts on Windows isn't looked for in the current folder either.
    env: { ...env, NoDefaultCurrentDirectoryInExePath: "1" } as unknown as NodeJS.ProcessEnv,
    encoding: "buffer",
    maxBuffer: Number.POSITIVE_INFINITY,
  } as const;
  // A folder that looks like a repository can be committed.
  const all = ["-c", "safe.bareRepository=explicit", ...args];
  return new Promise<GitRun>((done) => {
    const program = gitProgram(process.platform, processEnv().PATH);
    execFile(program, all, options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : (error.code ?? "killed"), stdout, stderr: String(stderr) }),
    );
  }).catch(({ code, message }) => ({ code, stdout: Buffer.alloc(0), stderr: message }));
}

/** On Windows its path: by its name alone, the folder in which this process runs would come before PATH. */
export function gitProgram(platform: string, path = ""): string {
  if (platform !== "win32") return "git";
  const places = path.split(delimiter).filter(isAbsolute);
  const found = places.map((folder) => join(folder, "git.exe")).find((file) => existsSync(file));
  return found ?? join(dirname(process.execPath), "git.exe");
}

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
