import type { ConnectionOptions } from "../../client/connection/connection.ts";
import type { Escape, Label, Syntax, VariableType } from "../../prompt.ts";
import type { ClientBundlePolicy, FetchPolicy, MetadataPolicy, OnContractChange, Target } from "./types.ts";

/** One entry of `prompts`: what a key of the config stands for. */
export interface PromptOptions {
  /** Name or ID on the platform, written as it is there. Default: the key. */
  readonly prompt?: string | undefined;
  /** Which version: what this label points at. Default: the config's `label`. Not together with `version`. */
  readonly label?: Label | undefined;
  /** One version for good, by its version ID. Default none. */
  readonly version?: string | undefined;
  /** Template syntax of this prompt. Default: the config's `syntax`. */
  readonly syntax?: Syntax | undefined;
  /** Refresh this prompt in a running production server. Default false. Not with `version` or mustache. */
  readonly live?: boolean | undefined;
  /** Narrower types for variables: the texts it may be, or the kind of value. Default: any value. */
  readonly variables?: Readonly<Record<string, VariableType>> | undefined;
  /** When its text, or that of a prompt it includes, enters a browser bundle. Default: the config's `clientBundle`. */
  readonly clientBundle?: ClientBundlePolicy | undefined;
}

/** The fetch policy of each phase. One that is left out has its default. */
export interface FetchByPhase {
  /** Of development servers and watch mode. */
  readonly dev?: FetchPolicy | undefined;
  /** Of builds, and of the commands that follow `fetch`. */
  readonly build?: FetchPolicy | undefined;
}

/** What counts as a broken contract. */
export interface ContractOptions {
  /**
   * A fetched version whose metadata alone breaks the contract, while code takes the prompt's metadata: `"error"` lets
   * `onContractChange` decide, `"warn"` ships it with a warning. Default `"error"`.
   */
  readonly metadata?: MetadataPolicy | undefined;
}

/** Where a version's schema for the answers of a model is. */
export interface OutputOptions {
  /** Key of the metadata that holds a JSON Schema. Default `"output_schema"`. */
  readonly metadataKey?: string | undefined;
}

/** How often the platform is polled, and with how many requests. */
export interface LiveOptions {
  /** Seconds between polls in development. Default 5, at most 3600. */
  readonly interval?: number | undefined;
  /** Seconds between polls of a `?live` prompt in production. Default 60, at most 86400. */
  readonly productionInterval?: number | undefined;
  /** Requests a second that are never passed; the interval stretches instead. Default 10, at most 1000. */
  readonly maxRequestsPerSecond?: number | undefined;
  /** In development, write snapshot and types when a prompt's contract changed. Default true. */
  readonly write?: boolean | undefined;
}

/**
 * Everything a user may set, in `scope.config.ts` or as the plugin's options (which win, option by option).
 * Paths and patterns in a config file are relative to it, in plugin options to the bundler's root.
 *
 * @example
 * const options: Options = { prompts: ["welcome", "support/triage"], label: "latest" };
 */
export interface Options extends ConnectionOptions {
  /**
   * Names, or a record from alias to entry. Adds to the imports found in the code for `pull`, `check` and the inspector,
   * does not restrict them; a build asks for what it imports alone.
   * Names are literal here: `a%2Fb` is a name of five characters. Default none.
   */
  readonly prompts?: readonly string[] | Readonly<Record<string, PromptOptions>> | undefined;
  /** Label of every prompt that does not choose its own. Default `"production"`. */
  readonly label?: Label | undefined;
  /**
   * Where `scope:` imports are looked for. Default
   * `["**\/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"]`, always less `node_modules` and outputs.
   */
  readonly include?: readonly string[] | undefined;
  /** Template syntax of every prompt that does not choose its own. Default `"scope"`. */
  readonly syntax?: Syntax | undefined;
  /** What mustache's `{{x}}` does to a value. Default `"none"`. */
  readonly escape?: Escape | undefined;
  /** Folder of the committed snapshot. Default `"scope"`. */
  readonly snapshotDir?: string | undefined;
  /**
   * The generated types. A folder, which gets one file for each prompt, so that branches merge; or a path that ends in
   * `.d.ts`, which gets all of them. Default `src/scope-types` where `src/` exists, else `scope-types`; `false` for none.
   */
  readonly dts?: string | false | undefined;
  /**
   * Platform or snapshot, for both phases or for each: `{ dev: "auto", build: "never" }`. Default `"auto"`; `"never"` in test
   * runs. `SCOPE_FETCH` wins over this.
   */
  readonly fetch?: FetchPolicy | FetchByPhase | undefined;
  /**
   * A fetched version that breaks the committed contract: fail, warn and ship it, or keep the committed one.
   * Default `"error"` in a build, `"warn"` in development.
   */
  readonly onContractChange?: OnContractChange | undefined;
  /** A build puts `scope-manifest.json`, what the output holds, beside the bundle too. Default false. */
  readonly manifest?: boolean | undefined;
  /** What counts as a broken contract. */
  readonly contract?: ContractOptions | undefined;
  /** Where a version's schema for the answers of a model is; `false`: no metadata is taken for one. */
  readonly output?: OutputOptions | false | undefined;
  /** Requests under way at once. Default 16, at most 256. */
  readonly concurrency?: number | undefined;
  /** When the text of a prompt that does not choose its own policy enters a browser bundle. Default `"warn"`. */
  readonly clientBundle?: ClientBundlePolicy | undefined;
  /** What a bundle is for, where the bundler's settings suggest the wrong one. Default: detected. */
  readonly target?: Target | undefined;
  /** How prompts are kept fresh; `false`: no polling in development. */
  readonly live?: LiveOptions | false | undefined;
}
