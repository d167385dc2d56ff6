import { readdir, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";
import {
  detectPackageManager,
  isWorkspaceRoot,
  manifestAt,
  type PackageJson,
  type PackageManager,
  packagesOf,
} from "../../project/config/package-manager.ts";
import { addPlugin } from "./edit-config.ts";
import { findsEmitted } from "./emitted.ts";
import { findBun } from "./find-bun.ts";
import { findPlugin } from "./find-plugin.ts";
import { scriptsOf } from "./manifest.ts";
import { firstFile, type TextFile } from "./settings.ts";
import { TOOLS, type Tool } from "./tools.ts";

/** A bundler or framework of the project. */
export interface FoundTool extends Tool {
  /** Its config file, absolute; undefined when it runs without one. */
  readonly file: string | undefined;
  readonly text: string;
  /**
   * The plugin's import comes from the tool's entry, and is called. Without an entry, the tool's settings name emitted
   * files.
   */
  readonly hasPlugin: boolean;
  /** The config with the plugin added, if it lacks it and can be edited. */
  readonly edited?: string | undefined;
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
}

/** Finds out what a folder's project is built with, from its package.json, config files and lock file. */
export async function detectTools(root: string): Promise<ProjectTools> {
  const names = new Set(await readdir(root));
  const packageJson = await readTextIfThere(join(root, "package.json"));
  const manifest = manifestAt(root);
  const packages = packagesOf(manifest);
  const scripts = scriptsOf(manifest);
  const tools: FoundTool[] = [];
  const brought = new Set<string>();
  for (const tool of TOOLS) {
    const config = await findConfig(root, tool, names);
    const isOwn = config !== undefined && !tools.some(({ file }) => file === config.file);
    const isUsed = tool.packages.some((name) => packages.has(name))
      ? config !== undefined || !isThereForOthers(tool, names, manifest)
      : (isOwn && !tool.needsPackage) || tool.script?.test(scripts) === true;
    const isSetUpItself = isOwn && tool.entry !== undefined && tool.yields !== true;
    if ((brought.has(tool.name) && !isSetUpItself) || !isUsed) continue;
    for (const name of tool.brings ?? []) brought.add(name);
    const found = { ...tool, file: config?.file, text: config?.text ?? "", hasPlugin: false };
    if (tool.entry === undefined) {
      const hasPlugin = await findsEmitted(root, tool, found.text, packageJson ?? "");
      tools.push({ ...found, hasPlugin });
    } else
      tools.push(config === undefined ? found : { ...found, ...(await examineConfig(tool, config, tools)) });
  }
  const packageManager = detectPackageManager(root);
  const isBuilt = tools.some((one) => !one.isForTests);
  const bun = await findBun(root, scripts, packageManager, isBuilt);
  return {
    tools: bun === undefined ? tools : [...tools, bun],
    packageManager,
    usesTypeScript: names.has("tsconfig.json") || packages.has("typescript"),
    isEsm: manifest.type === "module",
    isWorkspace: isWorkspaceRoot(root),
    packageJson,
    packages,
  };
}

/** What a config says of the plugin. */
async function examineConfig(
  tool: Tool,
  config: TextFile,
  others: readonly FoundTool[],
): Promise<Pick<FoundTool, "hasPlugin" | "edited" | "doubt" | "follows">> {
  const { entry = "", otherEntry = entry } = tool;
  const { hasPlugin, unread, files } = await findPlugin(config, [entry, otherEntry]);
  const based = others.filter((one) => one.entry === entry && one.file !== undefined);
  const paths = await Promise.all(based.map((one) => realpath(one.file ?? "")));
  const follows = based.find((_, index) => files.includes(paths[index] ?? ""))?.name;
  if (hasPlugin) return { hasPlugin, follows };
  const edited = addPlugin(tool, config.text);
  // A config that we never edit can still be read.
  if (edited !== undefined || unread === undefined || tool.style === "snippet")
    return { hasPlugin, edited, follows };
  return { hasPlugin, doubt: `${basename(config.file)} takes settings from "${unread}".`, follows };
}

/**
 * Vite without a config or a script that runs it is there for Vitest if that has a config, or for a program with its
 * own Vite settings if scripts run one: nothing would read a Vite config.
 */
function isThereForOthers({ name }: Tool, names: ReadonlySet<string>, manifest: PackageJson): boolean {
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
  const endings = style === "emit" ? SETTINGS : SCRIPTS;
  const candidates = configs.flatMap((config) =>
    config.startsWith(".") ? [config] : endings.map((ending) => config + ending),
  );
  const found = await firstFile(
    root,
    candidates.filter((name) => names.has(name)),
  );
  // A file called build.js could be anything.
  if (style !== "esbuild" || found === undefined || basename(found.file).startsWith("esbuild")) return found;
  return /["']esbuild["']/.test(found.text) ? found : undefined;
}
