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
  /** electron-vite: in the list of each of `main`, `preload` and `renderer` that is there. */
  | "electron"
  /** Nitro: what it hands on to Rollup, and to Rolldown as well. */
  | "rollupConfig.plugins"
  /** Playwright's component tests: in a list that is there, since one of ours would replace the framework's plugin. */
  | "use.ctViteConfig.plugins"
  /** `plugins: [scope()]` in a call of `build` or `context`. */
  | "esbuild"
  /** Bun: in a file that `preload` of bunfig.toml names, and in a call of `Bun.build`. */
  | "bun"
  /** No plugin: it takes the files of `scope-gen emit`, as its settings say. */
  | "emit";

/** The keys under which a tool's config has its list of plugins. */
export function pluginKeys(style: PluginStyle): readonly string[] {
  return style === "esbuild" || style === "electron" ? ["plugins"] : style.split(".");
}

export interface Tool {
  readonly name: string;
  /** The entry of this package that it takes; undefined where there is no plugin for it. */
  readonly entry?: string | undefined;
  /** Another entry that does as well, where it is there. */
  readonly otherEntry?: string;
  readonly style: PluginStyle;
  /** Names of its config file, without extension, the usual one first. */
  readonly configs: readonly string[];
  /** The packages of which a project that uses it depends on one. */
  readonly packages: readonly string[];
  /** A config of that name is not enough to know that it is used. */
  readonly needsPackage?: boolean;
  /** A script of package.json that matches is enough to know that it is used. */
  readonly script?: RegExp;
  /** How a tool without a plugin finds the files of `scope-gen emit`. */
  readonly emits?: "map" | "paths" | "relative";
  /** Tools that it brings along, and that are then not set up by themselves. */
  readonly brings?: readonly string[];
  /** What brings it sets it up, even where it has a config of its own. */
  readonly yields?: boolean;
  /** The function around a new config and where it comes from, for a tool that can do without a config. */
  readonly creates?: { readonly call: string; readonly from: string } | undefined;
}

/** What is Vite's in the table of tools. */
export const VITE = { entry: "unplugin-scope/vite", style: "plugins" } as const;

/** A framework over Vite takes it into its own build. */
export const NITRO = {
  entry: "unplugin-scope/rollup",
  otherEntry: "unplugin-scope/rolldown",
  style: "rollupConfig.plugins",
  configs: ["nitro.config"],
  brings: ["Rollup", "Rolldown", "esbuild"],
  yields: true,
} as const;
