/** The public entry `unplugin-scope`: the config helper, the types, and the plugin as unplugin gives it. */
import { createUnplugin, type UnpluginInstance } from "unplugin";
import type { Options } from "./config/options.ts";
import { factory } from "./plugin/unplugin.ts";

export type {
  CredentialsFunction,
  CredentialsInput,
  CredentialsSource,
  ProvidedToken,
  TokenProvider,
} from "./config/connection/credentials-source.ts";
export { defineConfig } from "./config/define-config.ts";
export type {
  ContractOptions,
  LiveOptions,
  Options,
  OutputOptions,
  PromptOptions,
} from "./config/options.ts";
export type {
  CacheStore,
  ClientBundlePolicy,
  FetchPolicy,
  MetadataPolicy,
  OnContractChange,
  Target,
  VariableType,
} from "./config/types.ts";
export type { Escape, Label, Syntax } from "./prompt.ts";

/** The plugin for every bundler, as unplugin gives it: for whoever wraps it. */
export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin(factory);
export default unplugin;
