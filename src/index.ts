/** The public entry `unplugin-scope`: the config helper, the types, and the plugin as unplugin gives it. */
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
export { unplugin, unplugin as default } from "./plugin/unplugin.ts";
export type { Escape, Label, Syntax } from "./prompt.ts";
