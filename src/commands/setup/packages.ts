import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isScopeError } from "../../errors/scope-error.ts";
import { readIfThere } from "../../files/read-file.ts";
import { hasConfig } from "../../project/config/config-files.ts";
import {
  detectPackageManager,
  isWorkspaceRoot,
  manifestAt,
  packagesOf,
} from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { findImports } from "../../project/versions/select-imports.ts";
import { TOOLS, type Tool } from "./tools.ts";

/** What the project imports, as far as it can be read, and whether `emit` has written files. Others report what can't be read. */
export async function readableImports(options: ResolvedOptions) {
  try {
    const { imports, uses, emitted } = await findImports(options, () => {});
    return { imports, uses, hasEmitted: emitted.types().size > 0 };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { imports: [], uses: [], hasEmitted: false };
  }
}

/** A package of the project that one config is for, and what it's built with. */
export type ProjectPackage = Awaited<ReturnType<typeof readPackage>>;

/**
 * The packages that need the plugin: the one that a command runs in, and at the config's own folder each one below it
 * whose code imports prompts, or depends on a package that does and builds nothing itself. In a repository with one
 * package, that package.
 */
export async function findPackages(
  root: string,
  cwd: string,
  uses: readonly ScopeUse[],
): Promise<readonly ProjectPackage[]> {
  const here = packageFolder(cwd, root);
  if (here !== root) return [await readPackage(here, root, uses)];
  const importing = new Set(uses.map(({ file }) => packageFolder(dirname(file), root)));
  const own = [...importing].filter((folder) => folder === root || !hasConfig(folder)).sort();
  const packages = await Promise.all(
    (own.length === 0 ? [root] : own).map((one) => readPackage(one, root, uses)),
  );
  const shared = packages.filter(({ buildsNothing, isEmitted }) => buildsNothing && !isEmitted);
  if (shared.length === 0) return packages;
  const { glob } = await import("tinyglobby");
  const manifests = await glob("*/**/package.json", {
    cwd: root,
    ignore: ["**/node_modules/**"],
    followSymbolicLinks: false,
  });
  const others = manifests
    .map((file) => join(root, dirname(file)))
    .sort()
    .filter((folder) => !hasConfig(folder))
    .map((folder) => ({ folder, needs: packagesOf(manifestAt(folder)) }));
  for (const one of shared) {
    const name = String(manifestAt(one.folder).name);
    for (const { folder, needs } of others) {
      if (!needs.has(name)) continue;
      one.isShared = true;
      if (!packages.some((known) => known.folder === folder))
        packages.push(await readPackage(folder, root, uses));
    }
  }
  return packages;
}

/** The nearest folder with a package.json or a Deno config, up to the config's folder. */
function packageFolder(folder: string, root: string): string {
  for (let at = resolve(folder); at.length > root.length; at = dirname(at)) {
    if (["package.json", "deno.json", "deno.jsonc"].some((name) => existsSync(join(at, name)))) return at;
  }
  return root;
}

const ENDINGS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json", ".jsonc", ".toml", ""];

/** What a package is built with, by its package.json, its config files and its lock file. */
async function readPackage(folder: string, root: string, uses: readonly ScopeUse[]) {
  const own = uses.filter(({ file }) => packageFolder(dirname(file), root) === folder);
  const isEmitted = own.length > 0 && own.every((use) => use.isEmitted);
  const names = new Set(await readdir(folder));
  const packages = packagesOf(manifestAt(folder));
  const tools: (Tool & { readonly file: string | undefined; readonly text: string })[] = [];
  const brought = new Set<string>();
  for (const tool of TOOLS) {
    const config = tool.configs
      .flatMap((name) => ENDINGS.map((ending) => name + ending))
      .find((name) => names.has(name));
    const hasPackage = tool.packages.some((name) => packages.has(name));
    const file = config === undefined ? undefined : join(folder, config);
    const isOwn = file !== undefined && tool.needsPackage !== true && !tools.some((one) => one.file === file);
    if ((!hasPackage && !isOwn) || (brought.has(tool.name) && !isOwn)) continue;
    // Vite is there for Vitest if only that has a config.
    if (tool.name === "Vite" && !isOwn && [...names].some((one) => one.startsWith("vitest.config.")))
      continue;
    // Where nothing else builds, whatever calls it has the options, and may take no plugin.
    if (tool.name === "esbuild" && !isOwn && tools.every(({ buildsNothing }) => buildsNothing)) continue;
    for (const name of tool.brings) brought.add(name);
    tools.push({ ...tool, file, text: (file && readIfThere(file)?.toString()) ?? "" });
  }
  return {
    /** Absolute. */
    folder,
    /** With the absolute path of its config file; undefined when it runs without one. */
    tools,
    buildsNothing: tools.every(({ buildsNothing }) => buildsNothing),
    /** Are all its imports of files that `emit` wrote? Then it needs no plugin. */
    isEmitted,
    needsPlugin: !isEmitted && tools.some(({ entry, buildsNothing }) => entry && !buildsNothing),
    /** Do other packages depend on it, and build it? */
    isShared: false,
    packageManager: detectPackageManager(folder),
    usesTypeScript: names.has("tsconfig.json") || packages.has("typescript"),
    /** Is it the root of a workspace with packages? */
    isWorkspace: isWorkspaceRoot(folder),
  };
}
