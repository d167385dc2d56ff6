/** What can build or test a project, how to detect it, and how it takes the plugin. */

/** How a tool takes the plugin. A path of keys means: `scope()` in the list under these keys of its config. */
export type PluginStyle =
  | "plugins"
  /** A framework on top of Vite. */
  | "vite.plugins"
  /** Rsbuild and Rslib: what they pass on to Rspack. */
  | "tools.rspack.plugins"
  /** tsup: what it passes on to esbuild. */
  | "esbuildPlugins"
  /** Nuxt: the entry itself as a string in the list, without an import. */
  | "modules"
  /** unbuild: in a hook of its config. */
  | "rollup:options"
  /** `withScope(config)`. */
  | "next"
  /** electron-vite: in the list of each of `main`, `preload` and `renderer` that exists. */
  | "electron"
  /** Nitro: what it passes on to Rollup, and to Rolldown as well. */
  | "rollupConfig.plugins"
  /** Playwright's component tests: in an existing list, since one of ours would replace the framework's plugin. */
  | "use.ctViteConfig.plugins"
  /** `plugins: [scope()]` in a call of `build` or `context`. */
  | "esbuild"
  /** Bun: in a file that `preload` of bunfig.toml names, and in a call of `Bun.build`. */
  | "bun"
  /** No plugin: it uses the files of `scope-gen emit`, as its settings say. */
  | "emit";

/** The keys that a tool's config has its plugin list under. */
export function pluginKeys(style: PluginStyle): readonly string[] {
  return style === "esbuild" || style === "electron" ? ["plugins"] : style.split(".");
}

export interface Tool {
  readonly name: string;
  /** The entry of this package that it takes; undefined if there's no plugin for it. */
  readonly entry?: string | undefined;
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
  /** How a tool without a plugin finds the files of `scope-gen emit`. */
  readonly emits?: "map" | "paths" | "relative";
  /** Tools that it includes, which then aren't set up separately. */
  readonly brings?: readonly string[];
  /** The tool that includes it sets it up, even if it has its own config. */
  readonly yields?: boolean;
  /** The function that wraps a new config and where it comes from, for a tool that works without a config. */
  readonly creates?: { readonly call: string; readonly from: string } | undefined;
}

/** What belongs to Vite in the table of tools. */
export const VITE = { entry: "unplugin-scope/vite", style: "plugins" } as const;

/** A framework on top of Vite includes it in its own build. */
export const NITRO = {
  entry: "unplugin-scope/rollup",
  otherEntry: "unplugin-scope/rolldown",
  style: "rollupConfig.plugins",
  configs: ["nitro.config"],
  brings: ["Rollup", "Rolldown", "esbuild"],
  yields: true,
} as const;
