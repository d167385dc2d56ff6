import type { CredentialsSource } from "../client/connection/credentials-source.ts";
import type { ScopeError } from "../errors/scope-error.ts";
import type { JsonObject, Label, PromptContent, Roles } from "../prompt.ts";

/** What is served of a live prompt at one moment: `current()` of its module. Frozen through and through. */
export interface LiveVersion {
  readonly render: (variables?: Readonly<Record<string, unknown>>) => unknown;
  readonly content: PromptContent;
  readonly metadata: JsonObject;
  /** For a span or a log line. */
  readonly attributes: JsonObject;
  readonly versionId: string;
  readonly versionNumber: number;
}

/** A version by its two names. */
export interface VersionName {
  readonly versionId: string;
  readonly versionNumber: number;
}

/** A live prompt: the name or ID that is sent to the platform, and the label. */
export interface LivePromptName {
  readonly name: string;
  readonly label: Label;
}

/** Another version is served from now on. */
export interface LiveRefresh extends LivePromptName {
  readonly from: VersionName;
  readonly to: VersionName;
}

/** The label points at a version that does not keep the compiled contract; the last good one stays. */
export interface LiveIncompatible extends LivePromptName, VersionName {
  /** What does not keep the contract, in words: `new variable "plan"`. The first ten, and then how many more. */
  readonly changes: readonly string[];
  /** The version that stays. */
  readonly kept: VersionName;
}

/** How a live prompt stands. Where bundles of several builds have it, once for each version that was compiled. */
export interface LiveStatus extends LivePromptName, VersionName {
  /**
   * `compiled`: the version of the build is served. `refreshed`: a newer (or older) one of the platform's.
   * `stale`: either, and it is not known to be what the label points at, because the last poll failed or found a
   * version that does not keep the contract.
   */
  readonly status: "compiled" | "refreshed" | "stale";
  /** When the platform last confirmed that the label points at the version that is served. */
  readonly lastConfirmed: Date | undefined;
}

/**
 * Organisation, key and secret, each missing one from the environment; or an async function that returns all three, or an
 * object with `getToken()`. Hand over the same function or object each time: another one logs in again.
 */
export type LiveCredentials = CredentialsSource;

/** The connection options that a live client works with: those of the build, times in seconds. */
export interface LiveConnection {
  readonly baseUrl: string;
  readonly authApiUrl: string;
  readonly apiVersion: string;
  readonly environment: string;
  readonly timeout: number;
  readonly tokenRefreshBuffer: number;
  readonly retryMaxDelay: number;
  readonly maxBodyBytes: number;
  readonly allowInsecure: boolean;
}

/** What a build leaves for its live prompts. No secret is among it. */
export interface LiveBuild extends LiveConnection {
  /** Seconds between two polls of a prompt. */
  readonly interval: number;
  readonly maxRequestsPerSecond: number;
  /** The role that rendering gives a message, by the stored one; `false`: as it is stored. */
  readonly roles: Roles;
}

type Settable = { readonly [K in keyof Omit<LiveBuild, "roles">]?: LiveBuild[K] | undefined };

/** Options of `configureLive`; each wins over the environment and over what the build left. */
export interface LiveConfiguration extends Settable {
  /** Default: `SCOPE_ORG_ID`, `SCOPE_API_KEY` or `SCOPE_CLIENT_ID`, `SCOPE_API_SECRET` or `SCOPE_CLIENT_SECRET`. */
  readonly credentials?: LiveCredentials | undefined;
  /** Carries the requests. Default: the runtime's own `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Given the promise of each poll that a render starts, which never rejects: on edge runtimes a request's work ends
   * with its response unless it is handed over. Call `configureLive` again with each request's own.
   */
  readonly waitUntil?: ((poll: Promise<unknown>) => void) | undefined;
  /** Another version is served from now on. */
  readonly onRefresh?: ((refresh: LiveRefresh) => void) | undefined;
  /** Once per version that the label points at and that does not keep the contract. Default: `console.warn`. */
  readonly onIncompatible?: ((incompatible: LiveIncompatible) => void) | undefined;
  /** Once per problem, until a poll succeeds again. Default: `console.warn`. */
  readonly onError?: ((error: ScopeError, prompt: LivePromptName) => void) | undefined;
}
