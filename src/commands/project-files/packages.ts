import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasConfig, searchedFolders } from "../../project/config/config-files.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { detectTools, type ProjectTools } from "./tools.ts";

/** A package of the project that one config is for, and what it's built with. */
export interface ProjectPackage {
  /** Absolute. */
  readonly folder: string;
  readonly tools: ProjectTools;
}

/**
 * The packages that need the plugin: the one that a command runs in, and at the config's own folder each one below it
 * whose code imports prompts. In a repository with one package, that package.
 *
 * @param users absolute paths of the files with imports
 */
export async function findPackages(
  { root }: ResolvedOptions,
  cwd: string,
  users: readonly string[],
): Promise<readonly ProjectPackage[]> {
  const here = packageFolder(cwd, root);
  const folders = here === root ? importingFolders(root, users) : [here];
  return Promise.all(folders.map(async (folder) => ({ folder, tools: await detectTools(folder) })));
}

function importingFolders(root: string, users: readonly string[]): readonly string[] {
  const folders = new Set(users.map((file) => packageFolder(dirname(file), root)));
  const own = [...folders].filter((folder) => folder === root || !hasConfig(folder)).sort();
  return own.length === 0 ? [root] : own;
}

/** The nearest folder with a package.json or a Deno config, up to the config's folder. */
function packageFolder(folder: string, root: string): string {
  for (let at = folder; at.length > root.length; at = dirname(at)) {
    if (["package.json", "deno.json", "deno.jsonc"].some((name) => existsSync(join(at, name)))) return at;
  }
  return root;
}

/** The repository root: the folder with the lock file or `.git`, where tools for all packages are set up. */
export function workspaceFolder(root: string): string {
  return searchedFolders(root).at(-1) ?? root;
}
