import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMissing, readTextIfThere } from "../../snapshot/write-file.ts";

/** How a tool takes the plugin. */
export type PluginStyle =
  /** `plugins: [scope()]` in the config's own object. */
  | "plugins"
  /** `vite: { plugins: [scope()] }`: a framework over Vite. */
  | "vite-plugins"
  /** `withScope(config)`. */
  | "next"
  /** `plugins: [scope()]` in a call of `build` or `context`. */
  | "esbuild";

interface Tool {
  readonly name: string;
  readonly entry: string;
  readonly style: PluginStyle;
  /** Names of its config file, without extension. */
  readonly configs: readonly string[];
  /** The package that a project which uses it depends on. */
  readonly package: string;
  /** Tools that it brings along, and that are then not set up by themselves. */
  readonly brings: readonly string[];
}

const TOOLS: readonly Tool[] = [
  {
    name: "Next",
    entry: "unplugin-scope/next",
    style: "next",
    configs: ["next.config"],
    package: "next",
    brings: ["webpack"],
  },
  {
    name: "Nuxt",
    entry: "unplugin-scope/vite",
    style: "vite-plugins",
    configs: ["nuxt.config"],
    package: "nuxt",
    brings: ["Vite", "webpack"],
  },
  {
    name: "Astro",
    entry: "unplugin-scope/vite",
    style: "vite-plugins",
    configs: ["astro.config"],
    package: "astro",
    brings: ["Vite"],
  },
  {
    name: "SvelteKit",
    entry: "unplugin-scope/vite",
    style: "plugins",
    configs: ["vite.config"],
    package: "@sveltejs/kit",
    brings: ["Vite"],
  },
  {
    name: "Vite",
    entry: "unplugin-scope/vite",
    style: "plugins",
    configs: ["vite.config"],
    package: "vite",
    brings: ["esbuild", "Rollup", "Rolldown"],
  },
  {
    name: "Vitest",
    entry: "unplugin-scope/vite",
    style: "plugins",
    configs: ["vitest.config"],
    package: "",
    brings: [],
  },
  {
    name: "Rspack",
    entry: "unplugin-scope/rspack",
    style: "plugins",
    configs: ["rspack.config"],
    package: "@rspack/core",
    brings: [],
  },
  {
    name: "webpack",
    entry: "unplugin-scope/webpack",
    style: "plugins",
    configs: ["webpack.config"],
    package: "webpack",
    brings: [],
  },
  {
    name: "Farm",
    entry: "unplugin-scope/farm",
    style: "plugins",
    configs: ["farm.config"],
    package: "@farmfe/core",
    brings: [],
  },
  {
    name: "Rolldown",
    entry: "unplugin-scope/rolldown",
    style: "plugins",
    configs: ["rolldown.config"],
    package: "rolldown",
    brings: [],
  },
  {
    name: "Rollup",
    entry: "unplugin-scope/rollup",
    style: "plugins",
    configs: ["rollup.config"],
    package: "rollup",
    brings: [],
  },
  {
    name: "esbuild",
    entry: "unplugin-scope/esbuild",
    style: "esbuild",
    configs: ["esbuild.config", "esbuild", "build"],
    package: "esbuild",
    brings: [],
  },
];

/** A bundler or framework of the project. */
export interface FoundTool {
  readonly name: string;
  /** The entry of this package that it takes. */
  readonly entry: string;
  readonly style: PluginStyle;
  /** Its config file, absolute; undefined when it runs without one. */
  readonly file: string | undefined;
  readonly text: string;
  readonly hasPlugin: boolean;
}

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

export interface ProjectTools {
  readonly tools: readonly FoundTool[];
  readonly packageManager: PackageManager;
  readonly usesTypeScript: boolean;
  /** Is a bare `.js` file an ES module here? */
  readonly isEsm: boolean;
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
  const packages = new Set(
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].flatMap((key) =>
      Object.keys(Object(manifest[key])),
    ),
  );
  const tools: FoundTool[] = [];
  const brought = new Set<string>();
  for (const tool of TOOLS) {
    const file = CONFIG_EXTENSIONS.flatMap((extension) => tool.configs.map((name) => name + extension)).find(
      (name) => names.has(name),
    );
    const text = file === undefined ? "" : ((await readTextIfThere(join(root, file))) ?? "");
    const isOwn = file !== undefined && !tools.some((one) => one.file === join(root, file));
    if ((brought.has(tool.name) && !isOwn) || !isUsed(tool, packages, file, text)) continue;
    for (const name of tool.brings) brought.add(name);
    tools.push({
      name: tool.name,
      entry: tool.entry,
      style: tool.style,
      file: file === undefined ? undefined : join(root, file),
      text,
      hasPlugin: text.includes("unplugin-scope"),
    });
  }
  return {
    tools,
    packageManager: await detectPackageManager(root, manifest),
    usesTypeScript: names.has("tsconfig.json") || packages.has("typescript"),
    isEsm: manifest.type === "module",
    packageJson,
    packages,
  };
}

const CONFIG_EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

function isUsed(tool: Tool, packages: ReadonlySet<string>, file: string | undefined, text: string): boolean {
  // A file called build.js may be anything.
  if (tool.style === "esbuild")
    return packages.has(tool.package) || (file !== undefined && text.includes("esbuild"));
  if (tool.name === "SvelteKit") return packages.has(tool.package);
  return file !== undefined || packages.has(tool.package);
}

function readManifest(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return Object(text === undefined ? {} : JSON.parse(text));
  } catch (error) {
    // A package.json that is none is for its package manager to complain about.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/** The nearest lock file decides, of this folder or of the workspace around it; then package.json's own word. */
async function detectPackageManager(
  root: string,
  manifest: Readonly<Record<string, unknown>>,
): Promise<PackageManager> {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(String(manifest.packageManager ?? ""))?.[1];
  if (named !== undefined) return named as PackageManager;
  for (let folder = root; ; folder = dirname(folder)) {
    const names = new Set(await readFolder(folder));
    const lock = LOCK_FILES.find(([name]) => names.has(name));
    if (lock !== undefined) return lock[1];
    if (names.has(".git") || dirname(folder) === folder) return "npm";
  }
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === "EACCES") return [];
    throw error;
  }
}

/** The command that adds this package to a project's development dependencies. */
export function installCommand(packageManager: PackageManager): string {
  const add = { npm: "npm install --save-dev", pnpm: "pnpm add -D", yarn: "yarn add -D", bun: "bun add -d" };
  return `${add[packageManager]} unplugin-scope`;
}
