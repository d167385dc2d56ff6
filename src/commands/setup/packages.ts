import { existsSync, readdirSync } from "node:fs";
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
    const { imports, uses, emittedTypes } = await findImports(options, () => {});
    return { imports, uses, isEmitted: emittedTypes.size > 0 };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { imports: [], uses: [], isEmitted: false };
  }
}

/** A package of the project that one config is for, and what it's built with. */
export type ProjectPackage = ReturnType<typeof readPackage>;

/**
 * The folders of the packages that need the plugin, absolute: the one that a command runs in, and at the config's own folder each one below it
 * whose code imports prompts. In a repository with one package, that package.
 */
export function packageFolders(root: string, cwd: string, uses: readonly ScopeUse[]): readonly string[] {
  const here = packageFolder(cwd, root);
  if (here !== root) return [here];
  const importing = new Set(uses.map(({ file }) => packageFolder(dirname(file), root)));
  const own = [...importing].filter((folder) => folder === root || !hasConfig(folder)).sort();
  return own.length === 0 ? [root] : own;
}

/** The nearest folder with a package.json, up to the config's folder. */
function packageFolder(folder: string, root: string): string {
  for (let at = resolve(folder); at.length > root.length; at = dirname(at))
    if (existsSync(join(at, "package.json"))) return at;
  return root;
}

const ENDINGS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/** What a package is built with, by its package.json and its config files. */
export function readPackage(folder: string) {
  const names = readdirSync(folder);
  const packages = packagesOf(manifestAt(folder));
  const tools: (Tool & { readonly file: string | undefined; readonly text: string })[] = [];
  for (const tool of TOOLS) {
    const config = ENDINGS.map((ending) => tool.config + ending).find((name) => names.includes(name));
    // Frameworks bring a bundler too, and others use one for something else.
    const isBrought = !tool.runsTests && tools.some((one) => !one.runsTests);
    // Without a config of its own, Vitest reads Vite's.
    const isInVite = tool.name === "Vitest" && tools.some(({ name }) => name === "Vite");
    // Vite is there for Vitest if only that has a config.
    const isForVitest = tool.name === "Vite" && names.some((name) => name.startsWith("vitest.config."));
    if (config === undefined && (!packages.has(tool.package) || isBrought || isInVite || isForVitest))
      continue;
    const file = config === undefined ? undefined : join(folder, config);
    tools.push({ ...tool, file, text: (file && readIfThere(file)?.toString()) ?? "" });
  }
  return {
    /** Absolute. */
    folder,
    /** With the absolute path of its config file; undefined when it runs without one. */
    tools,
    /** Does something of the table build it? */
    isBuilt: tools.some(({ runsTests }) => !runsTests),
    packageManager: detectPackageManager(folder),
    usesTypeScript: names.includes("tsconfig.json") || packages.has("typescript"),
    /** Is it the root of a workspace with packages? */
    isWorkspace: isWorkspaceRoot(folder),
  };
}
