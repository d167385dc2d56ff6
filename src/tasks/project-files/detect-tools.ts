import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { detectPackageManager, type PackageManager } from "../../config/package-manager.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import type { TextFile } from "./first-file.ts";
import { searchPlugin } from "./scripts/has-plugin.ts";
import { importedModules } from "./scripts/imported-names.ts";
import { parseScript } from "./scripts/parse-script.ts";
import { TOOLS, type Tool } from "./tools.ts";

/** A bundler or framework of the project. */
export interface FoundTool extends Tool {
  /** It runs tests, and nothing that is shipped. */
  readonly isForTests: boolean;
  /** Its config file, absolute; undefined when it runs without one. */
  readonly file: string | undefined;
  readonly text: string;
  /** It is imported from the tool's entry, and called; without an entry: emitted files are named in its settings. */
  readonly hasPlugin: boolean;
  /** Why it may have the plugin where that is not seen, as a sentence. */
  readonly doubt?: string | undefined;
  /** The tool whose config this one's is made of, and with it the plugin: Vite's, for Vitest. */
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
  /** Names of all packages that package.json asks for. */
  readonly packages: ReadonlySet<string>;
}

/** Finds out what a folder's project is built with, from its package.json, its config files and its lock file. */
export async function detectTools(root: string): Promise<ProjectTools> {
  const names = new Set(await readdir(root));
  const packageJson = await readTextIfThere(join(root, "package.json"));
  const manifest = readManifest(packageJson);
  const packages = packagesOf(manifest);
  const tools: FoundTool[] = [];
  const brought = new Set<string>();
  for (const tool of TOOLS) {
    const config = await findConfig(root, tool, names);
    const isOwn = config !== undefined && !tools.some(({ file }) => file === config.file);
    const hasPackage = tool.packages.some((name) => packages.has(name));
    const isUsed = hasPackage
      ? config !== undefined || !isThereForTests(tool, names, manifest)
      : isOwn && !tool.needsPackage;
    if ((brought.has(tool.name) && !(isOwn && tool.entry !== undefined)) || !isUsed) continue;
    for (const name of tool.brings ?? []) brought.add(name);
    tools.push(await foundTool(tool, config, tools, packageJson));
  }
  return {
    tools,
    packageManager: detectPackageManager(root),
    usesTypeScript: names.has("tsconfig.json") || packages.has("typescript"),
    isEsm: manifest.type === "module",
    isWorkspace: manifest.workspaces !== undefined || names.has("pnpm-workspace.yaml"),
    packageJson,
    packages,
  };
}

async function foundTool(
  tool: Tool,
  config: TextFile | undefined,
  others: readonly FoundTool[],
  packageJson: string | undefined,
): Promise<FoundTool> {
  const { name, entry, style } = tool;
  const isForTests = name === "Vitest" || name === "Jest";
  const found = { ...tool, isForTests, file: config?.file, text: config?.text ?? "" };
  if (entry === undefined) {
    // Its settings may lie in package.json.
    return {
      ...found,
      hasPlugin: [config?.text, packageJson].some((text) => text !== undefined && NAMES_EMITTED.test(text)),
    };
  }
  if (config === undefined) return { ...found, hasPlugin: false };
  const { hasPlugin, doubt, files } = await searchPlugin(config.file, config.text, entry, style);
  const candidates = others.filter((one) => one.entry === entry && one.file !== undefined);
  const paths = await Promise.all(candidates.map((one) => realpath(one.file ?? "")));
  const followed = candidates.find((_, index) => files.includes(paths[index] ?? ""));
  // unbuild stops at an import that its config does not let it bundle.
  const isStopped = hasPlugin && style === "rollup:options" && !config.text.includes("scope:");
  const why = isStopped ? "It does not list /^scope:/ under rollup.inlineDependencies." : doubt;
  return { ...found, hasPlugin: hasPlugin && !isStopped, doubt: why, follows: followed?.name };
}

/** A map that `scope-gen emit` writes, or a specifier that is mapped to one of its files. */
const NAMES_EMITTED = /jest\.map\.json|import-map\.json|["'^]scope:/;

/** Vite without a config, beside Vitest with one and in no script, is there for Vitest alone. */
function isThereForTests({ name }: Tool, names: ReadonlySet<string>, manifest: Manifest): boolean {
  const hasVitestConfig = [...names].some((file) => file.startsWith("vitest.config."));
  const scripts = Object.values(Object(manifest.scripts)).join("\n");
  return name === "Vite" && hasVitestConfig && !/\bvite\b(?!st)/.test(scripts);
}

const SCRIPTS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];
/** Of tools without a plugin, whose settings are data as a rule. */
const SETTINGS = [...SCRIPTS, ".json", ".jsonc", ".toml"];

/** A tool's config file; undefined when it has none. */
async function findConfig(
  root: string,
  { configs, style }: Tool,
  names: ReadonlySet<string>,
): Promise<TextFile | undefined> {
  const extensions = style === "emit" ? SETTINGS : SCRIPTS;
  for (const name of extensions.flatMap((extension) => configs.map((config) => config + extension))) {
    if (!names.has(name)) continue;
    const file = join(root, name);
    const text = await readTextIfThere(file);
    if (text === undefined || (style === "esbuild" && !isForEsbuild(name, text))) continue;
    return { file, text };
  }
  return undefined;
}

/** A file called build.js may be anything: what it imports decides. */
function isForEsbuild(name: string, text: string): boolean {
  const script = name.startsWith("esbuild") ? undefined : parseScript(text);
  return script === undefined ? text.includes("esbuild") : importedModules(script).includes("esbuild");
}

type Manifest = Readonly<Record<string, unknown>>;

/** Names of all packages that a package.json asks for. */
export function packagesOf(manifest: Manifest): ReadonlySet<string> {
  return new Set(
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].flatMap((key) =>
      Object.keys(Object(manifest[key])),
    ),
  );
}

/** What a package.json says; nothing for a text that is none. */
export function readManifest(text: string | undefined): Manifest {
  try {
    return Object(text === undefined ? {} : JSON.parse(text));
  } catch (error) {
    // Its package manager reports a package.json that is not JSON.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
