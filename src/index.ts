/** The public entry `unplugin-scope`: the config helper, the types, and the plugin as unplugin provides it. */
import type { JsPlugin as FarmPlugin } from "@farmfe/core";
import type { RspackPluginInstance } from "@rspack/core";
import type { Plugin as EsbuildPlugin } from "esbuild";
import type { Plugin as RolldownPlugin } from "rolldown";
import type { Plugin as RollupPlugin } from "rollup";
import { createUnplugin } from "unplugin";
import type { Plugin as VitePlugin } from "vite";
import type { WebpackPluginInstance } from "webpack";
import type { BunPlugin } from "./bundlers/bun/bun-hooks.ts";
import { factory } from "./bundlers/unplugin.ts";
import type { PluginOptions } from "./project/config/options.ts";

export type {
  CacheStore,
  CredentialsFunction,
  CredentialsInput,
  CredentialsSource,
  ProvidedToken,
  TokenProvider,
} from "./client/connection/types.ts";
export type {
  DevOptions,
  LiveOptions,
  Options,
  PluginOptions,
  PromptOptions,
} from "./project/config/options.ts";
export { defineConfig } from "./project/config/options.ts";
export type {
  ClientBundlePolicy,
  FetchPolicy,
  OnContractChange,
  Target,
} from "./project/config/types.ts";
export type { Label, MetadataChoice, MetadataRule, Syntax, VariableType } from "./prompt.ts";

/** What unplugin makes of the plugin: the factory of each bundler, which is what that bundler's entry exports too. */
export interface ScopeUnplugin {
  readonly vite: (options?: PluginOptions) => VitePlugin;
  readonly rollup: (options?: PluginOptions) => RollupPlugin;
  readonly rolldown: (options?: PluginOptions) => RolldownPlugin;
  readonly webpack: (options?: PluginOptions) => WebpackPluginInstance;
  readonly rspack: (options?: PluginOptions) => RspackPluginInstance;
  readonly esbuild: (options?: PluginOptions) => EsbuildPlugin;
  readonly farm: (options?: PluginOptions) => FarmPlugin;
  readonly bun: (options?: PluginOptions) => BunPlugin;
  /** Unplugin's own form of the plugin, to make a plugin of yours from it. */
  readonly raw: (options: PluginOptions | undefined, meta: { readonly framework: string }) => object;
}

/** The plugin for every bundler, as unplugin provides it: use it to wrap the plugin. */
export const unplugin = createUnplugin(factory) as unknown as ScopeUnplugin;
export default unplugin;
