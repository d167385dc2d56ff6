import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";
import { detectPackageManager, type PackageManager } from "../../project/config/package-manager.ts";
import { namesEmitted } from "./emitted.ts";
import { findBun } from "./find-bun.ts";
import type { TextFile } from "./first-file.ts";
import { type Manifest, packagesOf, readManifest, scriptsOf } from "./manifest.ts";
import { searchPlugin } from "./scripts/has-plugin.ts";
import { importedModules } from "./scripts/imported-names.ts";
import { parseScript } from "./scripts/parse-script.ts";
import type { Tool } from "./tools/tool.ts";
import { TOOLS } from "./tools/tools.ts";
import { findUnknownBuild } from "./unknown-builds.ts";

/** A bundler or framework of the project. */
export interface FoundTool extends Tool {
  /** It runs tests, and nothing that you ship. */
  readonly isForTests: boolean;
  /** Its config file, absolute; undefined when it runs without one. */
  readonly file: string | undefined;
  readonly text: string;
  /**
   * The plugin's import comes from the tool's entry, and is called. Without an entry, the tool's settings name emitted
   * files.
   */
  readonly hasPlugin: boolean;
  /** Why it may have the plugin although we can't see it, as a sentence. */
  readonly doubt?: string | undefined;
  /** The tool whose config this one's is based on, plugin included: Vite's, for Vitest. */
  readonly follows?: string | undefined;
}

export interface ProjectTools {
  readonly tools: readonly FoundTool[];
  readonly packageManager: PackageManager;
  readonly usesTypeScript: boolean;
  /** Is a bare `.js` file an ES module here? */
  readonly isEsm: boolean;
  /** Is it the root of a workspace with packages? */
  readonly isWorkspace: boolean;
  /** Text of package.json; undefined when there is none. */
  readonly packageJson: string | undefined;
  /** Names of all packages that package.json depends on. */
  readonly packages: ReadonlySet<string>;
  /**
   * What builds it but isn't known here, as the end of `It is not known whether …`. Undefined if a known tool builds
   * it.
   */
  readonly unknownBuild?: string | undefined;
}

/** Finds out what a folder's project is built with, from its package.json, config files and lock file. */
export async function detectTools(root: string): Promise<ProjectTools> {
  const names = new Set(await readdir(root));
  const packageJson = await readTextIfThere(join(root, "package.json"));
  const manifest = readManifest(packageJson);
  const packages = packagesOf(manifest);
  const scripts = scriptsOf(manifest);
  const tools: FoundTool[] = [];
  const brought = new Set<string>();
  for (const tool of TOOLS) {
    const config = await findConfig(root, tool, names);
    const isOwn = config !== undefined && !tools.some(({ file }) => file === config.file);
    const hasPackage = tool.packages.some((name) => packages.has(name));
    const isUsed = hasPackage
      ? config !== undefined || !isThereForOthers(tool, names, manifest)
      : (isOwn && !tool.needsPackage) || tool.script?.test(scripts) === true;
    const isSetUpItself = isOwn && tool.entry !== undefined && tool.yields !== true;
    if ((brought.has(tool.name) && !isSetUpItself) || !isUsed) continue;
    for (const name of tool.brings ?? []) brought.add(name);
    tools.push(await foundTool(tool, config, tools, { root, packageJson }));
  }
  const packageManager = detectPackageManager(root);
  const bun = await findBun(root, { scripts, packageManager, isBuilt: tools.some((one) => !one.isForTests) });
  if (bun !== undefined) tools.push(bun);
  return {
    tools,
    packageManager,
    usesTypeScript: names.has("tsconfig.json") || packages.has("typescript"),
    isEsm: manifest.type === "module",
    isWorkspace: manifest.workspaces !== undefined || names.has("pnpm-workspace.yaml"),
    packageJson,
    packages,
    unknownBuild: tools.every(({ isForTests }) => isForTests)
      ? await findUnknownBuild(root, packageJson)
      : undefined,
  };
}

async function foundTool(
  tool: Tool,
  config: TextFile | undefined,
  others: readonly FoundTool[],
  { root, packageJson }: { readonly root: string; readonly packageJson: string | undefined },
): Promise<FoundTool> {
  const { name, entry, otherEntry, style } = tool;
  const found = { ...tool, isForTests: FOR_TESTS.has(name), file: config?.file, text: config?.text ?? "" };
  if (entry === undefined)
    return { ...found, hasPlugin: await namesEmitted(root, tool, config?.text, packageJson) };
  if (config === undefined) return { ...found, hasPlugin: false };
  const search = (wanted: string) => searchPlugin(config.file, config.text, wanted, style);
  const { hasPlugin, doubt, files } = await search(entry);
  if (!hasPlugin && otherEntry !== undefined && (await search(otherEntry)).hasPlugin)
    return { ...found, hasPlugin: true };
  const candidates = others.filter((one) => one.entry === entry && one.file !== undefined);
  const paths = await Promise.all(candidates.map((one) => realpath(one.file ?? "")));
  const followed = candidates.find((_, index) => files.includes(paths[index] ?? ""));
  // unbuild fails on an import that its config doesn't allow it to bundle.
  const isStopped = hasPlugin && style === "rollup:options" && !config.text.includes("scope:");
  const why = isStopped ? "It does not list /^scope:/ under rollup.inlineDependencies." : doubt;
  return { ...found, hasPlugin: hasPlugin && !isStopped, doubt: why, follows: followed?.name };
}

const FOR_TESTS = new Set(["Vitest", "Jest", "Playwright's component tests"]);

/**
 * Vite without a config or a script that runs it is there for Vitest if that has a config, or for a program with its
 * own Vite settings if scripts run one: nothing would read a Vite config.
 */
function isThereForOthers({ name }: Tool, names: ReadonlySet<string>, manifest: Manifest): boolean {
  if (name !== "Vite" || /\bvite\b(?!st)/.test(scriptsOf(manifest))) return false;
  const hasVitestConfig = [...names].some((file) => file.startsWith("vitest.config."));
  return (
    hasVitestConfig || Object.keys(Object(manifest.scripts)).some((one) => /^(?:build|dev|start)\b/.test(one))
  );
}

const SCRIPTS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];
/** For tools without a plugin, whose settings are usually data. */
const SETTINGS = [...SCRIPTS, ".json", ".jsonc", ".toml"];

/** A tool's config file; undefined when it has none. */
async function findConfig(
  root: string,
  { configs, style }: Tool,
  names: ReadonlySet<string>,
): Promise<TextFile | undefined> {
  const extensions = style === "emit" ? SETTINGS : SCRIPTS;
  const withEndings = extensions.flatMap((extension) => configs.map((config) => config + extension));
  for (const name of [...configs.filter((config) => config.startsWith(".")), ...withEndings]) {
    if (!names.has(name)) continue;
    const file = join(root, name);
    const text = await readTextIfThere(file);
    if (text === undefined || (style === "esbuild" && !isForEsbuild(name, text))) continue;
    return { file, text };
  }
  return undefined;
}

/** A file called build.js could be anything: its imports decide. */
function isForEsbuild(name: string, text: string): boolean {
  const script = name.startsWith("esbuild") ? undefined : parseScript(text);
  return script === undefined ? text.includes("esbuild") : importedModules(script).includes("esbuild");
}
