import { ValidationError } from "../errors/classes.ts";
import { type ChatMessage, canBeName, type Label } from "../prompt.ts";
import type { Configuration, ConfigurationOptions } from "./configuration.ts";
import { show } from "./connection/check-value.ts";
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

/**
 * Returns the text itself if it {@link canBeName}.
 *
 * @throws ValidationError `name_invalid`
 */
export function checkName(value: unknown, field: "name" | "version", prompt: unknown): string {
  if (typeof value === "string" && canBeName(value)) return value;
  throw new ValidationError(`${show(value)} can't be a prompt ${field}.`, {
    code: "name_invalid",
    field,
    value,
    where: typeof prompt === "string" ? { prompt } : undefined,
    hint: "It can be any text that isn't empty, . or ..",
  });
}

/**
 * Returns the label if the platform serves it.
 *
 * @throws ValidationError `label_invalid` for any label except production and latest
 */
export function checkLabel(label: unknown): Label {
  if (label === "production" || label === "latest") return label;
  throw new ValidationError(`The label must be "production" or "latest", but is ${show(label)}.`, {
    code: "label_invalid",
    field: "label",
    value: label,
    hint: 'To get one version, use its ID: { version: "version_…" }.',
  });
}
