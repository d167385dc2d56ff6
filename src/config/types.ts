import type { Escape, Label, Pin, Roles, Syntax } from "../prompt.ts";
import type { CredentialsFunction, TokenProvider } from "./connection/credentials-source.ts";

/** What decides between the platform and the committed snapshot. */
export type FetchPolicy = "auto" | "always" | "never";
export type OnContractChange = "error" | "warn" | "keep";
/** What a build does where a new version lost metadata that the code reads. */
export type MetadataPolicy = "error" | "warn";
export type ClientBundlePolicy = "allow" | "warn" | "error";
export type Target = "server" | "browser";

/** Organisation, key and secret, as plain data. */
export interface CredentialValues {
  readonly orgId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What logs in, after the environment: all three values, or what gives them, or tokens, at run time. */
export type ResolvedCredentials = CredentialValues | CredentialsFunction | TokenProvider;

/** A variable's type, narrower than any value: one of these strings, or one of these kinds. */
export type VariableType = readonly string[] | "string" | "number" | "boolean" | "bigint";

/** Connection options after defaults and environment; times in milliseconds. */
export interface ResolvedConnection {
  /** Without a slash or `/api/{apiVersion}` at its end. */
  readonly baseUrl: string;
  readonly authApiUrl: string;
  readonly apiVersion: string;
  readonly timeoutMs: number;
  readonly openTimeoutMs: number;
  readonly deadlineMs: number;
  readonly cacheEnabled: boolean;
  readonly cacheTtlMs: number;
  readonly cacheMaxStaleMs: number;
  readonly cacheMaxEntries: number;
  readonly maxRetries: number;
  readonly retryBaseDelayMs: number;
  readonly retryMaxDelayMs: number;
  readonly telemetryEnabled: boolean;
  readonly environment: string;
  readonly tokenRefreshBufferMs: number;
  readonly maxBodyBytes: number;
  readonly allowInsecure: boolean;
  readonly roles: Roles;
  /** A Keyv store; typed by shape so that keyv stays out of the install. */
  readonly cacheStore: CacheStore | undefined;
  /** Undefined: nothing is set anywhere. */
  readonly credentials: ResolvedCredentials | undefined;
}

/** The part of a Keyv store that the client's shared cache uses. */
export interface CacheStore {
  get(key: string): Promise<unknown>;
  /** @param ttl milliseconds */
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

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
  readonly clientBundle: ClientBundlePolicy;
}

export interface ResolvedLive {
  readonly intervalMs: number;
  readonly productionIntervalMs: number;
  readonly maxRequestsPerSecond: number;
  readonly write: boolean;
}

/** What options come from, to know later whether they would be the same. */
export interface OptionsOrigin {
  /** Absolute paths that a config was looked for at, in order, and what it imports. */
  readonly places: readonly string[];
  /** Of what was there, in `.env` files and in the environment. */
  readonly digest: string;
}

/** What the code runs on: every option of `Options` with its default, paths absolute, times in ms. */
export interface ResolvedOptions {
  /** Folder of the config file, else the folder the search began in. Paths in the config are relative to it. */
  readonly root: string;
  readonly configFile: string | undefined;
  /** The config file and the `.env` files that were read, absolute: what a change of the options can come from. */
  readonly sourceFiles: readonly string[];
  /** Undefined where the config is code that was run: that may rest on anything. */
  readonly restsOn: OptionsOrigin | undefined;
  readonly mode: string;
  /** A test run (vitest, or `NODE_ENV=test`): nothing is polled and nothing is written. */
  readonly isTestRun: boolean;
  /** By key, in the order of the config. */
  readonly prompts: ReadonlyMap<string, ResolvedPromptEntry>;
  readonly label: Label;
  readonly include: readonly string[];
  readonly syntax: Syntax;
  readonly escape: Escape;
  readonly roles: Roles;
  readonly snapshotDir: string;
  readonly dts: string | false;
  /** Of builds and commands. */
  readonly fetch: FetchPolicy;
  readonly fetchInDev: FetchPolicy;
  /** Undefined: `error` in a build, `warn` in development. */
  readonly onContractChange: OnContractChange | undefined;
  readonly contract: { readonly metadata: MetadataPolicy };
  /** The key of the metadata that holds the schema of the answers; `false`: none does. */
  readonly output: { readonly metadataKey: string } | false;
  readonly concurrency: number;
  readonly manifest: boolean;
  readonly clientBundle: ClientBundlePolicy;
  readonly target: Target | undefined;
  readonly live: ResolvedLive | false;
  readonly connection: ResolvedConnection;
}
