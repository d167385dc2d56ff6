import type { CredentialsSource } from "../client/connection/types.ts";
import type { ScopeError } from "../errors/scope-error.ts";
import type { JsonObject, Label, PromptContent, Roles } from "../prompt.ts";
import type { CachePrefix } from "../template/cache-prefix.ts";

/** What is served of a live prompt at one moment: `current()` of its module. Deeply frozen. */
export interface LiveVersion {
  readonly render: (variables?: Readonly<Record<string, unknown>>) => unknown;
  readonly content: PromptContent;
  readonly cachePrefix: CachePrefix | undefined;
  readonly metadata: JsonObject;
  /** For a span or a log line. */
  readonly attributes: JsonObject;
  readonly versionId: string;
  readonly versionNumber: number;
}

/** A version, by number and ID. */
export interface VersionName {
  readonly versionId: string;
  readonly versionNumber: number;
}

/** A live prompt: the name or ID sent to the platform, and the label. */
export interface LivePromptName {
  readonly name: string;
  readonly label: Label;
}

/** Another version is served from now on. */
export interface LiveRefresh extends LivePromptName {
  readonly from: VersionName;
  readonly to: VersionName;
}

/** The label points at a version that breaks the compiled contract; the last good one stays. */
export interface LiveIncompatible extends LivePromptName, VersionName {
  /** What changes the contract, in words: `new variable "plan"`. The first ten, and then how many more. */
  readonly changes: readonly string[];
  /** The version that stays. */
  readonly kept: VersionName;
}

/** The state of a live prompt. If bundles of several builds have it, once for each compiled version. */
export interface LiveStatus extends LivePromptName, VersionName {
  /**
   * `compiled`: the build's version is served. `refreshed`: a newer (or older) one from the platform. `stale`: either,
   * but it may not be what the label points at, because the last poll failed or found a version that breaks the
   * contract.
   */
  readonly status: "compiled" | "refreshed" | "stale";
  /** When the platform last confirmed that the label points at the version being served. */
  readonly lastConfirmed: Date | undefined;
}

/**
 * Organisation, key and secret, with missing ones taken from the environment; or an async function that returns all
 * three, or an object with `getToken()`. Pass the same function or object each time: another one logs in again.
 */
export type LiveCredentials = CredentialsSource;

/** What a build leaves for its live prompts, times in seconds. Contains no secret. */
export interface LiveBuild {
  /** Default none: then it comes from `SCOPE_API_URL` at run time. */
  readonly baseUrl?: string | undefined;
  /** Default: `baseUrl`. */
  readonly authApiUrl?: string | undefined;
  readonly apiVersion: string;
  readonly environment: string;
  readonly timeout: number;
  readonly tokenRefreshBuffer: number;
  readonly retryMaxDelay: number;
  readonly maxBodyBytes: number;
  readonly allowInsecure: boolean;
  /** Seconds between two polls of a prompt. */
  readonly interval: number;
  readonly maxRequestsPerSecond: number;
  /** The role that rendering gives a message, by stored role; `false`: as stored. */
  readonly roles: Roles;
}

type Settable = { readonly [K in keyof Omit<LiveBuild, "roles">]?: LiveBuild[K] | undefined };

/** Options of `configureLive`; each overrides the environment and what the build left. */
export interface LiveConfiguration extends Settable {
  /** Default: `SCOPE_ORG_ID`, `SCOPE_API_KEY` or `SCOPE_CLIENT_ID`, `SCOPE_API_SECRET` or `SCOPE_CLIENT_SECRET`. */
  readonly credentials?: LiveCredentials | undefined;
  /** Sends the requests. Default: the runtime's own `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Gets the promise of each poll that a render starts, which never rejects: on edge runtimes, a request's work ends
   * with its response unless you pass it on. Call `configureLive` again with each request's own.
   */
  readonly waitUntil?: ((poll: Promise<unknown>) => void) | undefined;
  /** Another version is served from now on. */
  readonly onRefresh?: ((refresh: LiveRefresh) => void) | undefined;
  /** Once per version that the label points at and that changes the contract. Default: `console.warn`. */
  readonly onIncompatible?: ((incompatible: LiveIncompatible) => void) | undefined;
  /** Once per problem, until a poll succeeds again. Default: `console.warn`. */
  readonly onError?: ((error: ScopeError, prompt: LivePromptName) => void) | undefined;
}

/** What the live client provides to the functions of `/runtime`. */
export interface LiveEngine {
  configured(): void;
  refresh(name: string | undefined): Promise<readonly LiveStatus[]>;
  status(): readonly LiveStatus[];
}

/** What every copy of the live client and of `/runtime` in a process shares. */
export interface LiveRegistry {
  /** As passed to `configureLive`, each call merged over the one before. None is `undefined`. */
  options: LiveConfiguration;
  /** The first copy of the live client that loads works for all. */
  engine: LiveEngine | undefined;
}

// The live client is bundled with the prompts, and an application's own import of `/runtime` may be another file.
const KEY: unique symbol = Symbol.for("unplugin-scope.live") as never;

export function liveRegistry(): LiveRegistry {
  const shared = globalThis as { [KEY]?: LiveRegistry };
  shared[KEY] ??= { options: {}, engine: undefined };
  return shared[KEY];
}
