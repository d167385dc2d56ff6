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
/** For a tool that needs a config: a relative import names no prompt. */
export const RELATIVE = `${EMIT}
prompts: ["welcome"]   # in the config, each that the code imports
import welcome from "./prompts/welcome.js"   # instead of "scope:welcome"`;
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
# if it doesn't read a tsconfig's paths, as tsc alone: relative imports of these files, next to src
# (unplugin-scope/docs/tools.md#tsc-alone), and in scope.config.json: { "prompts": ["welcome"] }`;

const VITE = { configs: ["vite.config"], edit: "plugins", needsPackage: true } as const;
const IN_VITE = ["Vite", "Vitest", "Storybook", "Nitro", "Wrangler", "esbuild", "Rollup", "Rolldown"];

/** A tool comes before those that it contains. */
export const TOOLS: readonly Tool[] = [
  plugin("Next", "next", { edit: "next", page: "docs/next.md", brings: ["webpack", "Vite", "Wrangler"] }),
  plugin("Nuxt", "nuxt", { edit: "modules", page: "docs/nuxt.md", brings: [...IN_VITE, "webpack"] }),
  plugin("Astro", "vite", { edit: "vite.plugins", page: "docs/frameworks.md#astro", brings: IN_VITE }),
  withVite("Analog", ["@analogjs/platform"], "angular", "Angular"),
  withVite("SvelteKit", ["@sveltejs/kit"], "sveltekit"),
  withVite("React Router", ["@react-router/dev"], "react-router"),
  withVite("TanStack Start", ["@tanstack/react-start", "@tanstack/solid-start"], "tanstack-start"),
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

/** A framework whose builds are Vite's, with its config. */
function withVite(name: string, packages: readonly string[], section: string, ...brings: readonly string[]) {
  const page = `docs/frameworks.md#${section}`;
  return plugin(name, "vite", { ...VITE, packages, page, brings: [...IN_VITE, ...brings] });
}

function plugin(name: string, entry: string, given: Partial<Tool>): Tool {
  const lines = {
    plugins: listed(entry, "plugins: [scope()]"),
    "vite.plugins": listed(entry, "vite: { plugins: [scope()] }"),
    modules: `modules: ["unplugin-scope/nuxt"]`,
    next: `import { withScope } from "unplugin-scope/next";\nexport default withScope(nextConfig);`,
  }[given.edit ?? "plugins"];
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
