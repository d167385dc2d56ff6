import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Env, readEnv } from "../../environment.ts";

/** The checkout that a check runs in. */
export interface Repository {
  /** Absolute. */
  readonly root: string;
  /** Where the files of the commit are shown, without a slash at the end; undefined outside of a pipeline. */
  readonly filesUrl: string | undefined;
}

/** The repository by what GitHub or GitLab says about it, otherwise the one around a folder. */
export function findRepository(env: Env, cwd: string): Repository {
  const root = readEnv(env, "GITHUB_WORKSPACE") ?? readEnv(env, "CI_PROJECT_DIR") ?? rootAround(cwd) ?? cwd;
  return { root, filesUrl: filesUrl(env) };
}

function rootAround(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function filesUrl(env: Env): string | undefined {
  const [repository, sha] = [readEnv(env, "GITHUB_REPOSITORY"), readEnv(env, "GITHUB_SHA")];
  if (repository !== undefined && sha !== undefined)
    return `${readEnv(env, "GITHUB_SERVER_URL") ?? "https://github.com"}/${repository}/blob/${sha}`;
  const [project, commit] = [readEnv(env, "CI_PROJECT_URL"), readEnv(env, "CI_COMMIT_SHA")];
  return project === undefined || commit === undefined ? undefined : `${project}/-/blob/${commit}`;
}

/** A file's path as reports name it: relative to the root, with forward slashes. */
export function pathIn({ root }: Pick<Repository, "root">, file: string): string {
  return relative(root, file).replaceAll("\\", "/");
}

/** A line's address on the web; undefined if it has none. */
export function lineUrl(repository: Repository, file: string, line: number): string | undefined {
  const path = pathIn(repository, file);
  if (repository.filesUrl === undefined || path.startsWith("..")) return undefined;
  return `${repository.filesUrl}/${encodedPath(path)}#L${line}`;
}

/** A path as a part of an address. */
export function encodedPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
