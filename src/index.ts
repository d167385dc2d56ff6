/** The public entry `unplugin-scope`: the config helper, the types, and the plugin as unplugin provides it. */
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { factory } from "./bundlers/unplugin.ts";
import type { Options } from "./project/config/options.ts";

export type {
  CacheStore,
  CredentialsFunction,
  CredentialsInput,
  CredentialsSource,
  ProvidedToken,
  TokenProvider,
} from "./client/connection/types.ts";
export type {
  ContractOptions,
  EvaluationsOptions,
  LiveOptions,
  Options,
  OutputOptions,
  PromptOptions,
  TokensOptions,
} from "./project/config/options.ts";
export { defineConfig } from "./project/config/options.ts";
export type {
  ClientBundlePolicy,
  FetchPolicy,
  MetadataPolicy,
  OnContractChange,
  Target,
} from "./project/config/types.ts";
export type { Escape, Label, Syntax, VariableType } from "./prompt.ts";
export type { Budget, BudgetSeverity } from "./review/cost/prompt-cost.ts";
export type { Encoding } from "./review/cost/tokenizer.ts";

/** The plugin for every bundler, as unplugin provides it: use it to wrap the plugin. */
export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin(factory);
export default unplugin;
