/** The public entry `unplugin-scope`: the config helper, the types, and the plugin as unplugin gives it. */
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { factory } from "./bundlers/unplugin.ts";
import type { Options } from "./project/config/options.ts";

export type {
  CredentialsFunction,
  CredentialsInput,
  CredentialsSource,
  ProvidedToken,
  TokenProvider,
} from "./client/connection/credentials-source.ts";
export type { CacheStore } from "./client/connection/types.ts";
export { defineConfig } from "./project/config/define-config.ts";
export type {
  ContractOptions,
  LiveOptions,
  Options,
  OutputOptions,
  PromptOptions,
} from "./project/config/options.ts";
export type {
  ClientBundlePolicy,
  FetchPolicy,
  MetadataPolicy,
  OnContractChange,
  Target,
} from "./project/config/types.ts";
export type { Escape, Label, Syntax, VariableType } from "./prompt.ts";

/** The plugin for every bundler, as unplugin gives it: for whoever wraps it. */
export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin(factory);
export default unplugin;
