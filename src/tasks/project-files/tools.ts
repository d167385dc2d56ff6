/** What a project may be built or tested with, how to see that it is, and how it takes the plugin. */

/** How a tool takes the plugin. A path of keys means: `scope()` in the list under these keys of its config. */
export type PluginStyle =
  | "plugins"
  /** A framework over Vite. */
  | "vite.plugins"
  /** Rsbuild and Rslib: what they hand on to Rspack. */
  | "tools.rspack.plugins"
  /** tsup: what it hands on to esbuild. */
  | "esbuildPlugins"
  /** Nuxt: the entry itself as a string in the list, without an import. */
  | "modules"
  /** unbuild: in a hook of its config. */
  | "rollup:options"
  /** `withScope(config)`. */
  | "next"
  /** `plugins: [scope()]` in a call of `build` or `context`. */
  | "esbuild"
  /** No plugin: it takes the files of `scope-gen emit`, as its settings say. */
  | "emit";

/** The keys under which a tool's config has its list of plugins. */
export function pluginKeys(style: PluginStyle): readonly string[] {
  return style === "esbuild" ? ["plugins"] : style.split(".");
}

export interface Tool {
  readonly name: string;
  /** The entry of this package that it takes; undefined where there is no plugin for it. */
  readonly entry?: string | undefined;
  readonly style: PluginStyle;
  /** Names of its config file, without extension, the usual one first. */
  readonly configs: readonly string[];
  /** The packages of which a project that uses it depends on one. */
  readonly packages: readonly string[];
  /** A config of that name is not enough to know that it is used. */
  readonly needsPackage?: boolean;
  /** Tools that it brings along, and that are then not set up by themselves. */
  readonly brings?: readonly string[];
  /** The function around a new config and where it comes from, for a tool that can do without a config. */
  readonly creates?: { readonly call: string; readonly from: string } | undefined;
}

const VITE = { entry: "unplugin-scope/vite", style: "plugins" } as const;
/** A framework that has Vite's config for its own. */
const OVER_VITE = {
  ...VITE,
  configs: ["vite.config"],
  needsPackage: true,
  brings: ["Vite", "Vitest", "Wrangler", "Storybook"],
} as const;
const RSPACK = { entry: "unplugin-scope/rspack", style: "tools.rspack.plugins" } as const;

/** A tool stands above those that it brings. */
export const TOOLS: readonly Tool[] = [
  {
    name: "Next",
    entry: "unplugin-scope/next",
    style: "next",
    configs: ["next.config"],
    packages: ["next"],
    brings: ["webpack", "Vite", "Wrangler"],
  },
  {
    name: "Nuxt",
    entry: "unplugin-scope/nuxt",
    style: "modules",
    configs: ["nuxt.config"],
    packages: ["nuxt"],
    brings: ["Vite", "webpack", "Rollup", "Wrangler"],
  },
  {
    name: "Astro",
    entry: "unplugin-scope/vite",
    style: "vite.plugins",
    configs: ["astro.config"],
    packages: ["astro"],
    brings: ["Vite", "Wrangler"],
  },
  { name: "SvelteKit", ...OVER_VITE, packages: ["@sveltejs/kit"] },
  { name: "React Router", ...OVER_VITE, packages: ["@react-router/dev"] },
  { name: "TanStack Start", ...OVER_VITE, packages: ["@tanstack/react-start", "@tanstack/solid-start"] },
  {
    name: "tsup",
    entry: "unplugin-scope/esbuild",
    style: "esbuildPlugins",
    configs: ["tsup.config"],
    packages: ["tsup"],
    brings: ["esbuild", "Rollup"],
    creates: { call: "defineConfig", from: "tsup" },
  },
  {
    name: "tsdown",
    entry: "unplugin-scope/rolldown",
    style: "plugins",
    configs: ["tsdown.config"],
    packages: ["tsdown"],
    brings: ["Rolldown"],
    creates: { call: "defineConfig", from: "tsdown" },
  },
  {
    name: "unbuild",
    entry: "unplugin-scope/rollup",
    style: "rollup:options",
    configs: ["build.config"],
    packages: ["unbuild"],
    needsPackage: true,
    brings: ["Rollup", "esbuild"],
  },
  {
    name: "Rslib",
    ...RSPACK,
    configs: ["rslib.config"],
    packages: ["@rslib/core"],
    brings: ["Rsbuild", "Rspack"],
  },
  {
    name: "Rsbuild",
    ...RSPACK,
    configs: ["rsbuild.config"],
    packages: ["@rsbuild/core"],
    brings: ["Rspack"],
    creates: { call: "defineConfig", from: "@rsbuild/core" },
  },
  {
    name: "Vite",
    ...VITE,
    configs: ["vite.config"],
    packages: ["vite"],
    brings: ["esbuild", "Rollup", "Rolldown", "Vitest", "Wrangler", "Storybook"],
    creates: { call: "defineConfig", from: "vite" },
  },
  {
    // Its builder takes Vite's config, and needs one for the plugin alone.
    name: "Storybook",
    ...VITE,
    configs: ["vite.config"],
    packages: [
      "@storybook/react-vite",
      "@storybook/vue3-vite",
      "@storybook/svelte-vite",
      "@storybook/nextjs-vite",
    ],
    needsPackage: true,
    brings: ["Vitest"],
    creates: { call: "defineConfig", from: "vite" },
  },
  {
    name: "Vitest",
    ...VITE,
    configs: ["vitest.config"],
    packages: ["vitest"],
    creates: { call: "defineConfig", from: "vitest/config" },
  },
  {
    name: "Rspack",
    entry: "unplugin-scope/rspack",
    style: "plugins",
    configs: ["rspack.config"],
    packages: ["@rspack/core"],
  },
  {
    name: "webpack",
    entry: "unplugin-scope/webpack",
    style: "plugins",
    configs: ["webpack.config"],
    packages: ["webpack"],
  },
  {
    name: "Farm",
    entry: "unplugin-scope/farm",
    style: "plugins",
    configs: ["farm.config"],
    packages: ["@farmfe/core"],
  },
  {
    name: "Rolldown",
    entry: "unplugin-scope/rolldown",
    style: "plugins",
    configs: ["rolldown.config"],
    packages: ["rolldown"],
  },
  {
    name: "Rollup",
    entry: "unplugin-scope/rollup",
    style: "plugins",
    configs: ["rollup.config"],
    packages: ["rollup"],
  },
  {
    name: "esbuild",
    entry: "unplugin-scope/esbuild",
    style: "esbuild",
    configs: ["esbuild.config", "esbuild", "build"],
    packages: ["esbuild"],
  },
  {
    name: "Jest",
    style: "emit",
    configs: ["jest.config"],
    packages: ["jest"],
  },
  {
    name: "Deno",
    style: "emit",
    configs: ["deno"],
    packages: [],
  },
  {
    name: "Wrangler",
    style: "emit",
    configs: ["wrangler"],
    packages: ["wrangler"],
  },
];
