/** How a tool takes the plugin. A path of keys means: `scope()` in the list under these keys of its config. */
export type PluginStyle =
  | "plugins"
  /** A framework on top of Vite. */
  | "vite.plugins"
  /** Rsbuild and Rslib: what they pass on to Rspack. */
  | "tools.rspack.plugins"
  /** tsup: what it passes on to esbuild. */
  | "esbuildPlugins"
  /** Nitro: what it passes on to Rollup, and to Rolldown as well. */
  | "rollupConfig.plugins"
  /** Nuxt: the entry itself as a string in the list, without an import. */
  | "modules"
  /** `withScope(config)`. */
  | "next"
  /** `plugins: [scope()]` in a call of `build` or `context`. */
  | "esbuild"
  /** You add it yourself: {@link Tool.snippet} says how. */
  | "snippet"
  /** No plugin: it uses the files of `scope-gen emit`, as its settings say. */
  | "emit";

/** What can build or test a project, how to detect it, and how it takes the plugin. */
export interface Tool {
  readonly name: string;
  /** The entry of this package that it takes; undefined if there's no plugin for it. */
  readonly entry?: string;
  /** Another entry that works as well, if it exists. */
  readonly otherEntry?: string;
  readonly style: PluginStyle;
  /** Names of its config file, without extension, the usual one first. */
  readonly configs: readonly string[];
  /** A project that uses it depends on one of these packages. */
  readonly packages: readonly string[];
  /** A config of that name isn't enough to know that it's used. */
  readonly needsPackage?: boolean;
  /** A matching script of package.json is enough to know that it's used. */
  readonly script?: RegExp;
  /** It runs tests, and nothing that you ship. */
  readonly isForTests?: boolean;
  /** How a tool without a plugin finds the files of `scope-gen emit`. */
  readonly emits?: "map" | "paths" | "relative";
  /** Tools that it includes, which then aren't set up separately. */
  readonly brings?: readonly string[];
  /** The tool that includes it sets it up, even if it has its own config. */
  readonly yields?: boolean;
  /** The module of the function that wraps a new config, for a tool that works without a config. */
  readonly creates?: string;
  /** What to add to its config, if no edit of ours does it. */
  readonly snippet?: string;
}

/** A tool that uses Vite's config as its own. */
const VITE = { entry: "vite", configs: ["vite.config"] };
const OVER_VITE = {
  ...VITE,
  needsPackage: true,
  brings: ["Vite", "Vitest", "Wrangler", "Storybook", "Nitro"],
};
const RSPACK = { entry: "rspack", style: "tools.rspack.plugins" } as const;
/** A framework on top of Vite includes it in its own build. */
const NITRO = {
  entry: "rollup",
  otherEntry: "unplugin-scope/rolldown",
  style: "rollupConfig.plugins",
  configs: ["nitro.config"],
  brings: ["Rollup", "Rolldown", "esbuild"],
  yields: true,
} as const;

/** unbuild passes Rollup's options to a hook, and only bundles what package.json or this list names. */
const UNBUILD = `rollup: { inlineDependencies: [/^scope:/] },
hooks: { "rollup:options": (_, options) => void (options.plugins = [scope(), options.plugins]) }`;
const PLAYWRIGHT =
  "use: { ctViteConfig: { plugins: [scope(), react()] } }   // with your framework's plugin: Playwright leaves it out if there's a list";

/** What can build or test a project. A tool comes before those that it includes. */
export const TOOLS: readonly Tool[] = [
  tool({ name: "Next", style: "next", brings: ["webpack", "Vite", "Wrangler"] }),
  tool({
    name: "Nuxt",
    style: "modules",
    brings: ["Vite", "webpack", "Rollup", "Nitro 2", "Nitro", "Wrangler"],
  }),
  tool({ name: "Astro", entry: "vite", style: "vite.plugins", brings: ["Vite", "Wrangler"] }),
  tool({
    name: "Analog",
    ...OVER_VITE,
    packages: ["@analogjs/platform"],
    brings: [...OVER_VITE.brings, "Angular", "Nitro 2"],
  }),
  tool({ name: "SvelteKit", ...OVER_VITE, packages: ["@sveltejs/kit"] }),
  tool({ name: "React Router", ...OVER_VITE, packages: ["@react-router/dev"] }),
  tool({
    name: "TanStack Start",
    ...OVER_VITE,
    packages: ["@tanstack/react-start", "@tanstack/solid-start"],
  }),
  tool({
    name: "electron-vite",
    entry: "vite",
    style: "snippet",
    configs: ["electron.vite.config"],
    brings: ["Vite", "esbuild", "Rollup"],
    snippet: "plugins: [scope()]   // in each of main, preload and renderer",
  }),
  tool({
    name: "Nitro 2",
    ...NITRO,
    packages: ["nitropack"],
    needsPackage: true,
    creates: "nitropack/config",
  }),
  // Builds without a plugin.
  tool({
    name: "Angular",
    emits: "paths",
    configs: ["angular"],
    packages: ["@angular/build", "@angular-devkit/build-angular"],
    brings: ["Vite", "Vitest", "Jest", "webpack", "esbuild"],
  }),
  tool({
    name: "Expo",
    emits: "paths",
    configs: ["metro.config", "app.config", "app"],
    needsPackage: true,
    brings: ["Metro"],
  }),
  tool({ name: "Metro", emits: "relative", packages: ["metro", "@react-native/metro-config"] }),
  tool({ name: "Parcel", emits: "relative", configs: [".parcelrc"], script: /(?:^|\s)parcel\s/m }),
  tool({
    name: "ncc",
    emits: "relative",
    configs: [],
    packages: ["@vercel/ncc"],
    script: /(?:^|\s)ncc\s/m,
  }),
  tool({
    name: "esbuild's command line",
    emits: "paths",
    configs: [],
    packages: [],
    script: /(?:^|\s)esbuild\s/m,
    brings: ["esbuild"],
  }),
  // Bundlers that take the plugin, and what builds or tests with one of them.
  tool({
    name: "tsup",
    entry: "esbuild",
    style: "esbuildPlugins",
    brings: ["esbuild", "Rollup"],
    creates: "tsup",
  }),
  tool({ name: "tsdown", entry: "rolldown", brings: ["Rolldown"], creates: "tsdown" }),
  tool({
    name: "unbuild",
    entry: "rollup",
    style: "snippet",
    configs: ["build.config"],
    needsPackage: true,
    brings: ["Rollup", "esbuild"],
    snippet: UNBUILD,
  }),
  tool({ name: "Rslib", ...RSPACK, packages: ["@rslib/core"], brings: ["Rsbuild", "Rspack"] }),
  tool({
    name: "Rsbuild",
    ...RSPACK,
    packages: ["@rsbuild/core"],
    brings: ["Rspack"],
    creates: "@rsbuild/core",
  }),
  tool({
    name: "Vite",
    ...VITE,
    brings: ["esbuild", "Rollup", "Rolldown", "Vitest", "Wrangler", "Storybook", "Nitro"],
    creates: "vite",
  }),
  tool({ name: "Nitro", ...NITRO, creates: "nitro/config" }),
  // Its builder reads Vite's config, and only needs one for the plugin.
  tool({
    name: "Storybook",
    ...VITE,
    packages: ["react", "vue3", "svelte", "nextjs"].map((one) => `@storybook/${one}-vite`),
    needsPackage: true,
    brings: ["Vitest"],
    creates: "vite",
  }),
  tool({ name: "Vitest", entry: "vite", isForTests: true, creates: "vitest/config" }),
  tool({
    name: "Playwright's component tests",
    entry: "vite",
    style: "snippet",
    configs: ["playwright-ct.config"],
    packages: ["react", "react17", "vue", "vue2", "svelte", "solid"].map(
      (one) => `@playwright/experimental-ct-${one}`,
    ),
    isForTests: true,
    snippet: PLAYWRIGHT,
  }),
  tool({ name: "Rspack", packages: ["@rspack/core"] }),
  tool({ name: "webpack" }),
  tool({ name: "Farm", packages: ["@farmfe/core"] }),
  tool({ name: "Rolldown" }),
  tool({ name: "Rollup" }),
  tool({ name: "esbuild", style: "esbuild", configs: ["esbuild.config", "esbuild", "build"] }),
  // What runs code or tests without a plugin.
  tool({ name: "Jest", emits: "map", isForTests: true }),
  tool({ name: "Deno", emits: "map", configs: ["deno"], packages: [] }),
  tool({ name: "Wrangler", emits: "map", configs: ["wrangler"] }),
];

/** A tool whose package, config and entry have its name, unless they're given. */
function tool(given: Partial<Tool> & Pick<Tool, "name">): Tool {
  const name = given.name.toLowerCase();
  const named = { configs: [`${name}.config`], packages: [name], ...given };
  if (given.emits !== undefined) return { style: "emit", ...named };
  return { style: "plugins", ...named, entry: `unplugin-scope/${given.entry ?? name}` };
}

/** The keys that a tool's config has its plugin list under. */
export function pluginKeys(style: PluginStyle): readonly string[] {
  return style === "esbuild" ? ["plugins"] : style.split(".");
}

const TOOL_PACKAGES = new Set([
  ...TOOLS.flatMap(({ packages }) => packages),
  ...["@rspack/cli", "webpack-merge", "webpack-cli"],
]);

/** Does a module belong to a bundler or framework? Such a module doesn't bring our plugin. */
export function isToolModule(module: string): boolean {
  const parts = module.split("/").slice(0, module.startsWith("@") ? 2 : 1);
  return TOOL_PACKAGES.has(parts.join("/"));
}
