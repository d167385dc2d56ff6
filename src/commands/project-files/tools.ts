import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readTextIfThere } from "../../files/read-file.ts";
import {
  detectPackageManager,
  isWorkspaceRoot,
  manifestAt,
  type PackageManager,
  packagesOf,
} from "../../project/config/package-manager.ts";

/** How `init` adds the plugin itself: in a list below these keys of the tool's config, or around Next's config. */
export type PluginEdit = "plugins" | "vite.plugins" | "modules" | "next";

/** What builds or runs a project's code: how it's known, and what has to be added for it. */
export interface Tool {
  readonly name: string;
  /** A project that depends on one of these uses it. */
  readonly packages: readonly string[];
  /** Names of its config file without extension, the usual one first. A project that has one uses it. */
  readonly configs: readonly string[];
  /** The entry of this package that it takes; undefined if it takes no plugin, and uses the files of `emit`. */
  readonly entry?: string;
  /** Undefined: you add it, and {@link lines} say how. */
  readonly edit?: PluginEdit;
  /** What to add by hand. */
  readonly lines: string;
  /** The page of the docs about it. */
  readonly page: string;
  /** Tools that it contains, and that aren't set up on their own. */
  readonly brings: readonly string[];
  /** The package whose `defineConfig` a new config calls, for a tool that also works without a config. */
  readonly creates?: string;
  /** Has its own config only next to {@link packages}: the name of the file alone says too little. */
  readonly needsPackage?: boolean;
  /** It runs tests or reads the code, and builds nothing that ships. */
  readonly buildsNothing?: boolean;
}

const BUNDLERS = "docs/recipes/bundlers.md";
/** How the lines of a tool begin that takes no plugin. */
export const EMIT = "scope-gen emit --out-dir src/prompts   # before each start and build";
const PATHS = `${EMIT}\n"extends": ["./src/prompts/tsconfig.paths.json"]   # in tsconfig.json, after what it already extends`;
const RELATIVE = `${EMIT}\nimport welcome from "./prompts/welcome.js"   # instead of "scope:welcome"`;
const JEST = `${EMIT}\nmoduleNameMapper: { ...require("./src/prompts/jest.map.json") }`;
const DENO = `${EMIT}\n"importMap": "./src/prompts/import-map.json"`;
const WRANGLER = `${EMIT}\n"alias": { "scope:welcome": "./src/prompts/welcome.js" }   # one for each import`;
const BUN = `preload = ["./scope.preload.ts"]   # in bunfig.toml; under [test] too, for bun test
import scope from "unplugin-scope/bun"; await Bun.plugin(scope());   // scope.preload.ts
plugins: [scope()]   # in each Bun.build`;
const UNBUILD = `rollup: { inlineDependencies: [/^scope:/] },
hooks: { "rollup:options": (_, options) => void (options.plugins = [scope(), options.plugins]) }`;

/** For a build that isn't in the table. */
export const UNKNOWN_LINES = `# if Node runs the code
node --import unplugin-scope/register app.js
# if a build takes plugins of Vite, Rollup, webpack or esbuild: this package's, in its config
# for any other build
${PATHS}
# if it doesn't read a tsconfig's paths: relative imports of these files`;

const VITE = { configs: ["vite.config"], edit: "plugins", needsPackage: true } as const;
const IN_VITE = ["Vite", "Vitest", "Storybook", "Nitro", "Wrangler", "esbuild", "Rollup", "Rolldown"];

/** A tool comes before those that it contains. */
const TOOLS: readonly Tool[] = [
  plugin("Next", "next", { edit: "next", page: "docs/next.md", brings: ["webpack", "Vite", "Wrangler"] }),
  plugin("Nuxt", "nuxt", { edit: "modules", page: "docs/nuxt.md", brings: [...IN_VITE, "webpack"] }),
  plugin("Astro", "vite", { edit: "vite.plugins", page: "docs/frameworks.md#astro", brings: IN_VITE }),
  plugin("Analog", "vite", {
    ...VITE,
    packages: ["@analogjs/platform"],
    page: "docs/frameworks.md#angular",
    brings: [...IN_VITE, "Angular"],
  }),
  plugin("SvelteKit", "vite", {
    ...VITE,
    packages: ["@sveltejs/kit"],
    page: "docs/frameworks.md#sveltekit",
    brings: IN_VITE,
  }),
  plugin("React Router", "vite", {
    ...VITE,
    packages: ["@react-router/dev"],
    page: "docs/frameworks.md#react-router",
    brings: IN_VITE,
  }),
  plugin("TanStack Start", "vite", {
    ...VITE,
    packages: ["@tanstack/react-start", "@tanstack/solid-start"],
    page: "docs/frameworks.md#tanstack-start",
    brings: IN_VITE,
  }),
  plugin("electron-vite", "vite", {
    configs: ["electron.vite.config"],
    lines: listed("vite", "plugins: [scope()]   // in each of main, preload and renderer"),
    page: "docs/frameworks.md#electron-vite",
    brings: IN_VITE,
  }),
  emitted("Angular", PATHS, {
    packages: ["@angular/build", "@angular-devkit/build-angular"],
    configs: ["angular"],
    page: "docs/frameworks.md#angular",
    brings: [...IN_VITE, "Jest", "webpack"],
  }),
  emitted("Expo", PATHS, { needsPackage: true, brings: ["Metro"] }),
  emitted("Metro", RELATIVE, { packages: ["metro", "@react-native/metro-config"] }),
  emitted("Parcel", RELATIVE, { configs: [".parcelrc"] }),
  emitted("ncc", RELATIVE, { packages: ["@vercel/ncc"] }),
  plugin("tsup", "esbuild", {
    lines: listed("esbuild", "esbuildPlugins: [scope()]"),
    page: "docs/tools.md#libraries",
    brings: ["esbuild", "Rollup"],
  }),
  plugin("tsdown", "rolldown", { page: "docs/tools.md#libraries", brings: ["Rolldown"] }),
  plugin("unbuild", "rollup", {
    configs: ["build.config"],
    needsPackage: true,
    lines: listed("rollup", UNBUILD),
    page: "docs/tools.md#libraries",
    brings: ["Rollup", "esbuild"],
  }),
  ...["Rslib", "Rsbuild"].map((name) =>
    plugin(name, "rspack", {
      packages: [`@${name.toLowerCase()}/core`, ...(name === "Rslib" ? ["@rslib/core"] : ["@rsbuild/core"])],
      lines: listed("rspack", "tools: { rspack: { plugins: [scope()] } }"),
      brings: ["Rsbuild", "Rspack"],
    }),
  ),
  // Nitro in Vite has no config of its own, and takes Vite's plugins.
  plugin("Vite", "vite", { configs: ["vite.config"], edit: "plugins", creates: "vite", brings: ["Nitro"] }),
  plugin("Nitro", "rollup", {
    packages: ["nitro", "nitropack"],
    lines: listed("rollup", "rollupConfig: { plugins: [scope()] }"),
    page: "docs/frameworks.md#nitro-h3-and-hono",
    brings: ["Rollup", "Rolldown"],
  }),
  // Its builder reads Vite's config.
  plugin("Storybook", "vite", {
    ...VITE,
    packages: ["react", "vue3", "svelte", "nextjs"].map((one) => `@storybook/${one}-vite`),
    creates: "vite",
    page: "docs/frameworks.md#storybook",
    brings: ["Vitest"],
  }),
  plugin("Vitest", "vite", {
    edit: "plugins",
    creates: "vitest/config",
    lines: listed(
      "vite",
      "plugins: [scope()]   // a project of its list has it with extends: true, or its own",
    ),
    page: "docs/testing.md#vitest",
    buildsNothing: true,
  }),
  plugin("Playwright's component tests", "vite", {
    configs: ["playwright-ct.config"],
    packages: ["react", "react17", "vue", "vue2", "svelte", "solid"].map(
      (one) => `@playwright/experimental-ct-${one}`,
    ),
    lines: listed(
      "vite",
      "use: { ctViteConfig: { plugins: [scope(), react()] } }   // with your framework's own",
    ),
    page: "docs/testing.md#components-in-a-browser",
    buildsNothing: true,
  }),
  plugin("Rspack", "rspack", { packages: ["@rspack/core"] }),
  plugin("webpack", "webpack", {}),
  plugin("Farm", "farm", { packages: ["@farmfe/core"] }),
  plugin("Rolldown", "rolldown", {}),
  plugin("Rollup", "rollup", {}),
  plugin("esbuild", "esbuild", {}),
  plugin("Bun", "bun", {
    packages: ["@types/bun", "bun-types", "bun"],
    configs: ["bunfig"],
    lines: BUN,
    page: "docs/node.md#bun",
  }),
  emitted("Jest", JEST, { buildsNothing: true, page: "docs/testing.md#jest" }),
  emitted("Deno", DENO, { packages: [], configs: ["deno"], page: "docs/node.md#deno" }),
  // Starters come with them, and they would read generated files.
  emitted("ESLint", `{ ignores: ["scope/", ".scope/", "src/scope-types/"] },   // in its list`, {
    buildsNothing: true,
    page: "docs/tools.md#linters",
  }),
  emitted("Biome", `"files": { "includes": ["**", "!scope", "!.scope", "!src/scope-types"] }`, {
    packages: ["@biomejs/biome"],
    configs: ["biome"],
    buildsNothing: true,
    page: "docs/tools.md#linters",
  }),
  emitted("Wrangler", WRANGLER, { configs: ["wrangler"], page: "docs/frameworks.md#cloudflare-workers" }),
];

function plugin(name: string, entry: string, given: Partial<Tool>): Tool {
  const key = given.edit === "modules" ? `modules: ["unplugin-scope/nuxt"]` : undefined;
  const next = `import { withScope } from "unplugin-scope/next";\nexport default withScope(nextConfig);`;
  const lines = given.edit === "next" ? next : (key ?? listed(entry, pluginList(given.edit ?? "plugins")));
  return tool(name, { entry: `unplugin-scope/${entry}`, lines, page: BUNDLERS, ...given });
}

function emitted(name: string, lines: string, given: Partial<Tool>): Tool {
  return tool(name, { lines, page: "docs/tools.md#without-a-plugin", ...given });
}

function tool(name: string, given: Partial<Tool> & Pick<Tool, "lines" | "page">): Tool {
  const own = name.toLowerCase();
  return { name, packages: [own], configs: [`${own}.config`], brings: [], ...given };
}

function listed(entry: string, lines: string): string {
  return `import scope from "unplugin-scope/${entry}";\n${lines}`;
}

/** The plugin as the only element of its list: `vite: { plugins: [scope()] }`. */
export function pluginList(edit: Exclude<PluginEdit, "next">): string {
  return edit === "vite.plugins" ? "vite: { plugins: [scope()] }" : "plugins: [scope()]";
}

/** A tool that a folder's project uses. */
export interface FoundTool extends Tool {
  /** Its config file, absolute; undefined when it runs without one. */
  readonly file: string | undefined;
  readonly text: string;
}

export interface ProjectTools {
  readonly tools: readonly FoundTool[];
  readonly packageManager: PackageManager;
  readonly usesTypeScript: boolean;
  /** Is it the root of a workspace with packages? */
  readonly isWorkspace: boolean;
}

const ENDINGS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json", ".jsonc", ".toml", ""];

/** What a folder's project is built with, by its package.json, its config files and its lock file. */
export async function detectTools(root: string): Promise<ProjectTools> {
  const names = new Set(await readdir(root));
  const packages = packagesOf(manifestAt(root));
  const tools: FoundTool[] = [];
  const brought = new Set<string>();
  for (const tool of TOOLS) {
    const config = tool.configs
      .flatMap((name) => ENDINGS.map((ending) => name + ending))
      .find((name) => names.has(name));
    const hasPackage = tool.packages.some((name) => packages.has(name));
    const file = config === undefined ? undefined : join(root, config);
    const isOwn = file !== undefined && tool.needsPackage !== true && !tools.some((one) => one.file === file);
    if ((!hasPackage && !isOwn) || (brought.has(tool.name) && !isOwn)) continue;
    // Vite is there for Vitest if only that has a config.
    if (tool.name === "Vite" && !isOwn && [...names].some((one) => one.startsWith("vitest.config.")))
      continue;
    for (const name of tool.brings) brought.add(name);
    tools.push({ ...tool, file, text: (file && (await readTextIfThere(file))) ?? "" });
  }
  return {
    tools,
    packageManager: detectPackageManager(root),
    usesTypeScript: names.has("tsconfig.json") || packages.has("typescript"),
    isWorkspace: isWorkspaceRoot(root),
  };
}
