import type { ConnectionOptions } from "../../client/connection/connection.ts";
import type { Label, MetadataRule, Syntax, VariableType } from "../../prompt.ts";
import type { ClientBundlePolicy, FetchPolicy, OnContractChange, Target } from "./types.ts";

/** One entry of `prompts`: what a key of the config means. */
export interface PromptOptions {
  /** Name or ID on the platform, spelled exactly as it is there. Default: the key. */
  readonly prompt?: string | undefined;
  /** Which version: what this label points at. Default: the config's `label`. Not together with `version`. */
  readonly label?: Label | undefined;
  /** One fixed version, by its version ID. Default none. */
  readonly version?: string | undefined;
  /** Template syntax of this prompt. Default: the config's `syntax`. */
  readonly syntax?: Syntax | undefined;
  /** Refresh this prompt in a running production server. Default false. Not with `version` or mustache. */
  readonly live?: boolean | undefined;
  /** Narrower types for variables: the texts it may be, or the kind of value. Default: any value. */
  readonly variables?: Readonly<Record<string, VariableType>> | undefined;
  /**
   * Variables that every call sends, whether or not a version uses them: they're required, and a version that starts or
   * stops using one keeps the contract. Default none.
   *
   * @example ["tone", "plan"]
   */
  readonly provides?: readonly string[] | undefined;
  /** What to do when its text enters a browser bundle. Default: the config's `clientBundle`. */
  readonly clientBundle?: ClientBundlePolicy | undefined;
  /** The most tokens that its text may have, as estimated. Default: the config's `budget`. */
  readonly budget?: number | undefined;
  /** What an editor may choose for this prompt, instead of the config's `metadata`. Default: that. */
  readonly metadata?: MetadataRule | undefined;
}

/** The fetch policy of each phase. If you leave one out, it has its default. */
interface FetchByPhase {
  /** For development servers and watch mode. */
  readonly dev?: FetchPolicy | undefined;
  /** For builds, and for the commands that follow `fetch`. */
  readonly build?: FetchPolicy | undefined;
}

/** How often development polls the platform, with how many requests, and what it previews. */
export interface DevOptions {
  /** Seconds between polls. Default 5, at most 3600. */
  readonly interval?: number | undefined;
  /** Limit on requests per second; the interval gets longer instead. Default 10, at most 1000. */
  readonly maxRequestsPerSecond?: number | undefined;
  /**
   * Preview what this label points at if it's not what a prompt's own label points at: it's served as long as it keeps
   * the contract, and isn't written to disk. `"latest"` shows drafts. Default: no preview.
   */
  readonly label?: Label | undefined;
}

/** How often `?live` prompts poll the platform in production, and with how many requests. */
export interface LiveOptions {
  /** Seconds between polls. Default 60, at most 86400. */
  readonly interval?: number | undefined;
  /** Limit on requests per second. Default 10, at most 1000. */
  readonly maxRequestsPerSecond?: number | undefined;
}

/**
 * Everything you can set in `scope.config.ts`. Paths and patterns are relative to the file.
 *
 * @example
 * const options: Options = { prompts: ["welcome", "support_triage"], label: "latest" };
 */
export interface Options extends ConnectionOptions {
  /**
   * Names, or a record from alias to entry. Adds to the imports found in the code for `pull`, `check` and the
   * inspector, and doesn't restrict them; a build only asks for what it imports. Names are literal here: `a%2Fb` is a
   * name of five characters. Default none.
   */
  readonly prompts?: readonly string[] | Readonly<Record<string, PromptOptions>> | undefined;
  /** Label of every prompt that doesn't choose its own. Default `"production"`. */
  readonly label?: Label | undefined;
  /**
   * Where to look for `scope:` imports, also outside the config's folder: `"../shared/**"`. Default
   * `["**\/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"]`, always without `node_modules` and
   * outputs.
   */
  readonly include?: readonly string[] | undefined;
  /** Template syntax of every prompt that doesn't choose its own. Default `"scope"`. */
  readonly syntax?: Syntax | undefined;
  /** Folder of the committed snapshot. Default `"scope"`. */
  readonly snapshotDir?: string | undefined;
  /**
   * The folder of the generated types, with one file for each prompt, so that branches merge. Default: where types
   * already are; else `src/scope-types` if `src/` exists, otherwise `scope-types`. `false` for none.
   */
  readonly dts?: string | false | undefined;
  /**
   * Platform or snapshot, for both phases or for each: `{ dev: "auto", build: "never" }`. Default `"auto"`; `"never"`
   * in test runs. `SCOPE_FETCH` overrides this.
   */
  readonly fetch?: FetchPolicy | FetchByPhase | undefined;
  /**
   * A fetched version that changes the committed contract: fail, warn and ship it, or keep the committed one. Default
   * `"error"` in a build, `"warn"` in development.
   */
  readonly onContractChange?: OnContractChange | undefined;
  /** A build also writes `scope-manifest.json`, what the output contains, next to the bundle. Default false. */
  readonly manifest?: boolean | undefined;
  /**
   * What an editor may choose on the platform, by key of the metadata: a kind of value or the allowed values, with `?` after
   * a key that may be absent. Other keys are free. A version that it refuses breaks the contract. Default: anything.
   *
   * @example { model: ["model-a", "model-b"], temperature: "number", "top_p?": "number" }
   */
  readonly metadata?: MetadataRule | undefined;
  /** The most tokens that each prompt's text may have, as estimated: over it `check` fails and builds warn. Default none. */
  readonly budget?: number | undefined;
  /** Maximum number of concurrent requests. Default 16, at most 256. */
  readonly concurrency?: number | undefined;
  /** What to do when the text of a prompt that doesn't choose its own policy enters a browser bundle. Default `"warn"`. */
  readonly clientBundle?: ClientBundlePolicy | undefined;
  /** What a bundle is for, if the bundler's settings suggest the wrong one. Default: detected. */
  readonly target?: Target | undefined;
  /** How development follows the platform; `false`: no polling. */
  readonly dev?: DevOptions | false | undefined;
  /** How `?live` prompts are kept fresh in production. */
  readonly live?: LiveOptions | undefined;
}

/**
 * What the plugin takes. Everything else belongs in the config file, which `scope-gen` reads too.
 *
 * @example
 * scope({ clientBundle: "allow" });
 */
export interface PluginOptions {
  /** The config file, relative to the bundler's root. Default: searched there and upwards. */
  readonly config?: string | undefined;
  /** Instead of the config's, for this bundle. */
  readonly clientBundle?: ClientBundlePolicy | undefined;
  /** Instead of the config's, for this bundle. */
  readonly target?: Target | undefined;
}

/**
 * Gives a config file its types; returns its argument unchanged.
 *
 * @example
 * export default defineConfig({ prompts: ["welcome"], label: "production" });
 */
export function defineConfig(options: Options): Options {
  return options;
}
