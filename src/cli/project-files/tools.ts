/** The bundlers and frameworks that have an entry, and how to tell that a project uses them. */

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

export interface Tool {
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

export const TOOLS: readonly Tool[] = [
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
