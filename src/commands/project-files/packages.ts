import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { glob } from "tinyglobby";
import { hasConfig, searchedFolders } from "../../project/config/load/search-folders.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { detectTools, type FoundTool, type ProjectTools } from "./detect-tools.ts";

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
  const packages = await Promise.all(
    folders.map(async (folder) => ({ folder, tools: await detectTools(folder) })),
  );
  return withTestsOfWorkspace(packages, await workspaceFolder(root));
}

/**
 * Vitest installed at a workspace's root runs the tests of its packages too. It counts as a tool of the first package
 * that has tests and no tool of its own that Vitest would get the plugin from.
 */
async function withTestsOfWorkspace(
  packages: readonly ProjectPackage[],
  top: string,
): Promise<readonly ProjectPackage[]> {
  if (packages.some(({ folder }) => folder === top)) return packages;
  const tools = await detectTools(top);
  const found = tools.tools.find(({ entry }) => entry === "unplugin-scope/vite");
  if (found === undefined || !tools.packages.has("vitest")) return packages;
  for (const one of packages) {
    if (one.tools.tools.some(({ entry }) => entry === found.entry)) continue;
    const runsItself = one.tools.packageJson?.includes("vitest") === true;
    if (!runsItself && !(await hasTests(one.folder))) continue;
    const vitest: FoundTool = {
      ...found,
      name: runsItself ? "Vitest" : "Vitest at the root",
      isForTests: true,
      // If the root runs the tests, a config in the package wouldn't be read.
      creates: runsItself ? found.creates : undefined,
      doubt: found.doubt ?? (/\b(?:projects|workspace)\b/.test(found.text) ? OWN_CONFIGS : undefined),
    };
    const withVitest = { ...one, tools: { ...one.tools, tools: [...one.tools.tools, vitest] } };
    return packages.map((other) => (other === one ? withVitest : other));
  }
  return packages;
}

const OWN_CONFIGS = "It names projects, and each of these takes the plugins of its own config.";

async function hasTests(folder: string): Promise<boolean> {
  const ignore = ["**/node_modules/**", "**/dist/**"];
  return (await glob("**/*.{test,spec}.?(c|m)[jt]s?(x)", { cwd: folder, ignore })).length > 0;
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
export async function workspaceFolder(root: string): Promise<string> {
  return searchedFolders(root).at(-1) ?? root;
}
