import type { ResolvedConnection } from "../../client/connection/types.ts";
import type { Label, MetadataRule, Pin, Roles, Syntax, VariableType } from "../../prompt.ts";
import type { CheckedOptions } from "./validate-options.ts";

/** What decides between the platform and the committed snapshot. */
export type FetchPolicy = "auto" | "always" | "never";
export type OnContractChange = "error" | "warn" | "keep";
/** What a build does if a new version has lost metadata that the code reads. */
export type ClientBundlePolicy = "allow" | "warn" | "error";
export type Target = "server" | "browser";

/** One entry of `prompts`, resolved: what an alias (or name) of the config asks for. */
export interface ResolvedPromptEntry {
  /** The key under `prompts`: an alias, or the prompt's own name. */
  readonly key: string;
  /** The platform name or ID. */
  readonly name: string;
  readonly pin: Pin;
  readonly syntax: Syntax;
  readonly live: boolean;
  /** Narrowed variable types, by variable name. */
  readonly variables: Readonly<Record<string, VariableType>>;
  /** Variables that every call sends, whether or not a version uses them. */
  readonly provides: readonly string[];
  readonly clientBundle: ClientBundlePolicy;
  readonly budget: number | undefined;
  /** What an editor may choose: its own, or the config's. */
  readonly metadata: MetadataRule | undefined;
}

interface ResolvedLive {
  readonly intervalMs: number;
  readonly maxRequestsPerSecond: number;
}

interface ResolvedDev extends ResolvedLive {
  /** Previewed; undefined: nothing is. */
  readonly label: Label | undefined;
}

/** What the code runs on: every option of `Options` with its default, paths absolute, times in ms. */
export interface ResolvedOptions extends Omit<CheckedOptions, "prompts" | "dts" | "fetch" | "dev" | "live"> {
  /** Folder of the config file, otherwise the folder where the search began. Paths in the config are relative to it. */
  readonly root: string;
  readonly configFile: string | undefined;
  /** The config file and the `.env` files that were read, absolute: changing one can change the options. */
  readonly sourceFiles: readonly string[];
  readonly mode: string;
  /** A test run (vitest, or `NODE_ENV=test`): nothing is polled and nothing is written. */
  readonly isTestRun: boolean;
  /** By key, in the order of the config. */
  readonly prompts: ReadonlyMap<string, ResolvedPromptEntry>;
  /** Somebody wrote `prompts`, if only an empty list. */
  readonly writesPrompts: boolean;
  readonly roles: Roles;
  readonly dts: string | false;
  /** For builds and commands. */
  readonly fetch: FetchPolicy;
  readonly fetchInDev: FetchPolicy;
  /** What builds do by the options alone: without flag, variable and test run. Default `"auto"`; `"never"` for `/register`. */
  readonly buildFetch: FetchPolicy | undefined;
  /** `false`: nothing is polled. */
  readonly dev: ResolvedDev | false;
  readonly live: ResolvedLive;
  readonly connection: ResolvedConnection;
}
