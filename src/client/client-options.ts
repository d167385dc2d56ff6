import type { ChatMessage, Label } from "../prompt.ts";
import type { Configuration, ConfigurationOptions } from "./configuration.ts";
import type { Cancel } from "./http/cancel.ts";
import type { Transport } from "./http/transport.ts";

/** Connection options. They override those of `config` or, without it, those set by `configure()`. */
export interface ScopeClientOptions extends ConfigurationOptions {
  readonly config?: Configuration | undefined;
}

export interface GetPromptVersionOptions {
  /** `production` (default) or `latest`. */
  readonly label?: Label | undefined;
  /** One version by ID; overrides `label`. */
  readonly version?: string | undefined;
  /** `false`: don't read or write a cache. Default: the client's `cacheEnabled`. */
  readonly cache?: boolean | undefined;
  /** Seconds, for this call and what it caches. Default: the client's; 0 always asks the platform. */
  readonly cacheTtl?: number | undefined;
  /** Gives up, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a client needs apart from its options. Each has a default for Node. */
export interface ClientParts {
  /** Default: undici, with the proxies from the environment. */
  readonly transport?: Transport | undefined;
  /** Where warnings go. Default: `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Monotonic, in milliseconds. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
  /** In [0, 1). Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** The wait before a retry. Default: a timer. */
  readonly sleep?: ((ms: number, cancel: Cancel | undefined) => Promise<void>) | undefined;
}

/** The result of rendering: the text, or the messages of a chat prompt. */
export type RenderedPrompt = string | ChatMessage[];
