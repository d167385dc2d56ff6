/** What builds or runs a project's code: how it's known, and what has to be added for it. */
export interface Tool {
  readonly name: string;
  /** A project that depends on one of these uses it. */
  readonly packages: readonly string[];
  /** Names of its config file without extension, the usual one first. A project that has one uses it. */
  readonly configs: readonly string[];
  /** The entry of this package that it takes; undefined if it takes no plugin, and uses the files of `emit`. */
  readonly entry?: string;
  /** `init` adds it to the list `plugins` of its config, if that is written out there. Otherwise {@link lines} say how. */
  readonly edit?: boolean;
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
const FRAMEWORKS = "docs/frameworks.md";
const LIBRARIES = "docs/tools.md#libraries";
const LINTERS = "docs/tools.md#linters";
const WITHOUT_PLUGIN = "docs/tools.md#without-a-plugin";
/** For a tool that takes no plugin. */
const EMIT = "scope-gen emit --out-dir src/prompts   # before each start and build";
const PATHS = `${EMIT}\n"extends": ["./src/prompts/tsconfig.paths.json"]   # in tsconfig.json, after what it already extends`;
/** For a tool that needs a config: a relative import names no prompt. */
export const RELATIVE = `${EMIT}
prompts: ["welcome"]   # in the config, each that the code imports
import welcome from "./prompts/welcome.js"   # instead of "scope:welcome"`;
const JEST = `${EMIT}\nmoduleNameMapper: { ...require("./src/prompts/jest.map.json") }`;
const DENO = `${EMIT}\n"importMap": "./src/prompts/import-map.json"`;
const WRANGLER = `${EMIT}\n"alias": { "scope:welcome": "./src/prompts/welcome.js" }   # one for each import`;
/** For what starts Node itself. */
const REGISTER = 'NODE_OPTIONS="--import unplugin-scope/register"';
const NEST = `${REGISTER} nest start
plugins: [scope()]   # or, if Nest bundles: of unplugin-scope/webpack or unplugin-scope/rspack, in its config`;
const DOCUSAURUS = `plugins: ["./plugins/scope.ts"]   # with unplugin-scope/rspack and unplugin-scope/webpack`;
const NEXT = `import { withScope } from "unplugin-scope/next";\nexport default withScope(nextConfig);`;
const BUN = `preload = ["./scope.preload.ts"]   # in bunfig.toml; under [test] too, for bun test
import scope from "unplugin-scope/bun"; await Bun.plugin(scope());   // scope.preload.ts
plugins: [scope()]   # in each Bun.build`;
const UNBUILD = `rollup: { inlineDependencies: [/^scope:/] },
hooks: { "rollup:options": (_, options) => void (options.plugins = [scope(), options.plugins]) }`;
const ESLINT = `{ ignores: ["scope/", ".scope/", "src/scope-types/"] },   // in its list`;
const BIOME = `"files": { "includes": ["**", "!scope", "!.scope", "!src/scope-types"] }`;

/** For a build that isn't in the table. */
export const UNKNOWN_LINES = `# if Node runs the code
node --import unplugin-scope/register app.js
# if a build takes plugins of Vite, Rollup, webpack or esbuild: this package's, in its config
# for any other build
${PATHS}
# if it doesn't read a tsconfig's paths, as tsc alone: relative imports of these files, next to src
# (unplugin-scope/docs/tools.md#tsc-alone), and in scope.config.json: { "prompts": ["welcome"] }`;

const VITE = { configs: ["vite.config"], edit: true, needsPackage: true } as const;
const IN_VITE = ["Vite", "Vitest", "Storybook", "Nitro", "Wrangler", "esbuild", "Rollup", "Rolldown"];

/** A tool comes before those that it contains. */
export const TOOLS: readonly Tool[] = [
  byHand("Next", NEXT, "docs/next.md", {
    entry: "unplugin-scope/next",
    brings: ["webpack", "Vite", "Wrangler"],
  }),
  byHand("Nuxt", `modules: ["unplugin-scope/nuxt"]`, "docs/nuxt.md", {
    entry: "unplugin-scope/nuxt",
    brings: [...IN_VITE, "webpack"],
  }),
  plugin("Astro", "vite", `${FRAMEWORKS}#astro`, {
    lines: "vite: { plugins: [scope()] }",
    brings: IN_VITE,
  }),
  withVite("Analog", ["@analogjs/platform"], "angular", "Angular"),
  withVite("SvelteKit", ["@sveltejs/kit"], "sveltekit"),
  withVite("React Router", ["@react-router/dev"], "react-router"),
  withVite("TanStack Start", ["@tanstack/react-start", "@tanstack/solid-start"], "tanstack-start"),
  withVite("Cloudflare Workers", ["@cloudflare/vite-plugin"], "cloudflare-workers"),
  plugin("Electron", "vite", `${FRAMEWORKS}#electron`, {
    packages: ["electron-vite", "@electron-forge/cli"],
    configs: ["electron.vite.config"],
    lines: "plugins: [scope()]   // in each of main, preload and renderer",
    brings: [...IN_VITE, "webpack"],
  }),
  byHand("Angular", PATHS, `${FRAMEWORKS}#angular`, {
    packages: ["@angular/build", "@angular-devkit/build-angular"],
    configs: ["angular"],
    brings: [...IN_VITE, "Jest", "webpack"],
  }),
  started("NestJS", "@nestjs/core", NEST),
  started("fastify-cli", "fastify-cli", `${REGISTER} fastify start app.js`),
  started("AdonisJS", "@adonisjs/core", `${REGISTER} node ace serve --hmr`),
  started("Mastra", "mastra", `${REGISTER} mastra dev`),
  byHand("Docusaurus", DOCUSAURUS, `${FRAMEWORKS}#docusaurus`, { packages: ["@docusaurus/core"] }),
  byHand("Expo", PATHS, WITHOUT_PLUGIN, { needsPackage: true, brings: ["Metro"] }),
  byHand("Metro", RELATIVE, WITHOUT_PLUGIN, { packages: ["metro", "@react-native/metro-config"] }),
  byHand("Parcel", RELATIVE, WITHOUT_PLUGIN, { configs: [".parcelrc"] }),
  byHand("ncc", RELATIVE, WITHOUT_PLUGIN, { packages: ["@vercel/ncc"] }),
  plugin("tsup", "esbuild", LIBRARIES, { lines: "esbuildPlugins: [scope()]", brings: ["esbuild", "Rollup"] }),
  plugin("tsdown", "rolldown", LIBRARIES, { brings: ["Rolldown"] }),
  plugin("unbuild", "rollup", LIBRARIES, {
    configs: ["build.config"],
    needsPackage: true,
    lines: UNBUILD,
    brings: ["Rollup", "esbuild"],
  }),
  ...["Rslib", "Rsbuild"].map((name) =>
    plugin(name, "rspack", BUNDLERS, {
      packages: [`@${name.toLowerCase()}/core`],
      lines: "tools: { rspack: { plugins: [scope()] } }",
      brings: ["Rsbuild", "Rspack"],
    }),
  ),
  // Nitro in Vite has no config of its own, and takes Vite's plugins.
  plugin("Vite", "vite", BUNDLERS, {
    ...VITE,
    needsPackage: false,
    creates: "vite",
    brings: ["Nitro", "Vitest"],
  }),
  plugin("Nitro", "rollup", `${FRAMEWORKS}#nitro-h3-and-hono`, {
    packages: ["nitro", "nitropack"],
    lines: "rollupConfig: { plugins: [scope()] }",
    brings: ["Rollup", "Rolldown"],
  }),
  // Its builder reads Vite's config.
  plugin("Storybook", "vite", `${FRAMEWORKS}#storybook`, {
    ...VITE,
    packages: ["react", "vue3", "svelte", "nextjs"].map((one) => `@storybook/${one}-vite`),
    creates: "vite",
    brings: ["Vitest"],
  }),
  plugin("Storybook", "webpack", `${FRAMEWORKS}#storybook`, {
    packages: ["react", "html", "server"].map((one) => `@storybook/${one}-webpack5`),
    lines: "webpackFinal: (config) => ({ ...config, plugins: [...(config.plugins ?? []), scope()] })",
    brings: ["webpack"],
  }),
  plugin("Vitest", "vite", "docs/testing.md#vitest", {
    edit: true,
    creates: "vitest/config",
    lines: "plugins: [scope()]   // a project of its list has it with extends: true, or its own",
    buildsNothing: true,
  }),
  plugin("Playwright's component tests", "vite", "docs/testing.md#components-in-a-browser", {
    configs: ["playwright-ct.config"],
    packages: ["react", "react17", "vue", "vue2", "svelte", "solid"].map(
      (one) => `@playwright/experimental-ct-${one}`,
    ),
    lines: "use: { ctViteConfig: { plugins: [scope(), react()] } }   // with your framework's own",
    buildsNothing: true,
  }),
  plugin("Rspack", "rspack", BUNDLERS, { packages: ["@rspack/core"] }),
  plugin("webpack", "webpack", BUNDLERS),
  plugin("Farm", "farm", BUNDLERS, { packages: ["@farmfe/core"] }),
  plugin("Rolldown", "rolldown", BUNDLERS),
  plugin("Rollup", "rollup", BUNDLERS),
  plugin("esbuild", "esbuild", BUNDLERS),
  byHand("Bun", BUN, "docs/node.md#bun", {
    entry: "unplugin-scope/bun",
    packages: ["@types/bun", "bun-types", "bun"],
    configs: ["bunfig"],
  }),
  byHand("Jest", JEST, "docs/testing.md#jest", { buildsNothing: true }),
  byHand("Deno", DENO, "docs/node.md#deno", { packages: [], configs: ["deno"] }),
  // Starters come with them, and they would read generated files.
  byHand("ESLint", ESLINT, LINTERS, { buildsNothing: true }),
  byHand("Biome", BIOME, LINTERS, { packages: ["@biomejs/biome"], configs: ["biome"], buildsNothing: true }),
  byHand("Wrangler", WRANGLER, `${FRAMEWORKS}#cloudflare-workers`, { needsPackage: true }),
];

/** A framework whose builds are Vite's, with its config. */
function withVite(name: string, packages: readonly string[], section: string, ...brings: readonly string[]) {
  return plugin(name, "vite", `${FRAMEWORKS}#${section}`, {
    ...VITE,
    packages,
    brings: [...IN_VITE, ...brings],
  });
}

/** What runs the code in a Node that it starts. */
function started(name: string, one: string, lines: string): Tool {
  return byHand(name, lines, `${FRAMEWORKS}#node-servers`, {
    packages: [one],
    brings: ["webpack", "Rspack"],
  });
}

function plugin(name: string, entry: string, page: string, given: Partial<Tool> = {}): Tool {
  const { lines = "plugins: [scope()]" } = given;
  const all = `import scope from "unplugin-scope/${entry}";\n${lines}`;
  return byHand(name, all, page, { entry: `unplugin-scope/${entry}`, ...given, lines: all });
}

function byHand(name: string, lines: string, page: string, given: Partial<Tool>): Tool {
  const own = name.toLowerCase();
  return { name, lines, page, packages: [own], configs: [`${own}.config`], brings: [], ...given };
}
