import { debug } from "../debug.ts";
import { MissingApiKeyError, ValidationError } from "../errors/classes.ts";
import { printableLine } from "../errors/printable.ts";
import type { ChatMessage, Label, PromptRef, Value } from "../prompt.ts";
import { SharedCache } from "./cache/shared-cache.ts";
import { VersionLoader } from "./cache/version-loader.ts";
import {
  Configuration,
  type ConfigurationOptions,
  configuration,
  configurationWith,
} from "./configuration.ts";
import { checked, checkValue, refuseUnknown, show } from "./connection/check-value.ts";
import { CONNECTION_OPTIONS } from "./connection/connection.ts";
import { cancelOf } from "./http/cancel.ts";
import type { AnyPromptVersion } from "./prompt-version.ts";
import { type ClientParts, checkName, clientClosed, Requester, reachable } from "./requester.ts";

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

/** The result of rendering: the text, or the messages of a chat prompt. */
export type RenderedPrompt = string | ChatMessage[];

/**
 * The client of the Scope Platform. Use one for a whole process: it holds connections, token and cache, and is safe for
 * any number of calls at once.
 *
 * @example
 * await using client = new ScopeClient({ credentials: ApiKeyCredentials.fromEnv() });
 * const greeting = await client.getPromptVersion("greeting-template");
 * greeting.render({ name: "Ada" });
 */
export class ScopeClient implements AsyncDisposable {
  /** The options that apply, with environment and defaults. */
  readonly config: Configuration;
  readonly #loader: VersionLoader;
  readonly #requester: Requester;
  readonly #shared: SharedCache | undefined;
  #closed: Promise<void> | undefined;

  /**
   * @param options connection options, which override those of `config` or, without it, those set by `configure()`; or
   * a {@link Configuration} as it is
   * @throws MissingApiKeyError if credentials are missing; ConfigurationError `base_url_missing` without an address, and
   * for an option that can't be used
   */
  constructor(options?: ScopeClientOptions | Configuration, parts: ClientParts = {}) {
    this.config = configurationOf(options);
    const resolved = reachable(Configuration.resolved(this.config));
    const clock = parts.clock ?? (() => performance.now());
    const warn = parts.warn ?? ((message) => console.warn(`unplugin-scope: ${printableLine(message)}`));
    this.#requester = new Requester(resolved, parts);
    const { credentials, cacheStore, cacheEnabled, cacheTtl, cacheMaxStale } = resolved;
    if (cacheStore !== undefined && cacheEnabled) {
      const orgId = credentials?.orgId;
      if (orgId === undefined) throw noOrganisation();
      const keepMs = Math.max(1000, (cacheTtl + cacheMaxStale) * 1000);
      this.#shared = new SharedCache(resolved, cacheStore, orgId, keepMs, clock, warn);
    }
    this.#loader = new VersionLoader({
      options: resolved,
      requester: this.#requester,
      shared: this.#shared,
      clock,
      warn,
      debug,
    });
  }

  /**
   * One version of a prompt: what `label` points at, or one by ID.
   *
   * @param name the prompt's name or ID
   * @throws ValidationError for a name, label or response that can't be used; NotFoundError, NoProductionVersionError,
   * AuthorizationError, InvalidCredentialsError, AuthenticationError, TokenRefreshError, RateLimitError, ServerError,
   * ConnectionError, TimeoutError; the reason of `signal`
   * @example await client.getPromptVersion("greeting", { label: "latest", cacheTtl: 60 })
   */
  getPromptVersion(name: string, options: GetPromptVersionOptions = {}): Promise<AnyPromptVersion> {
    try {
      refuseUnknown(options, CALL_OPTIONS);
      options.signal?.throwIfAborted();
      return this.#get(name, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Fetches a version and renders it.
   *
   * @returns the text, or the messages of a chat prompt
   * @throws as {@link getPromptVersion} and `PromptVersion.render` do
   * @example await client.renderPrompt("greeting", { name: "Ada" })
   */
  async renderPrompt(
    name: string,
    variables: Readonly<Record<string, Value>> = {},
    options?: GetPromptVersionOptions,
  ): Promise<RenderedPrompt> {
    return (await this.getPromptVersion(name, options)).render(variables);
  }

  /**
   * Forgets every cached version: at once in memory, and those of this organisation and environment in `cacheStore` by
   * the time the promise resolves.
   */
  async clearCache(): Promise<void> {
    this.#loader.clear();
    await this.#shared?.clear();
  }

  /** Ends the client: running calls and later ones reject with `client_closed`. */
  close(): Promise<void> {
    if (this.#closed === undefined) this.#shared?.close();
    this.#closed ??= this.#requester.close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  toJSON(): Record<string, unknown> {
    return { config: this.config.toJSON() };
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `ScopeClient ${this.config}`;
  }

  /** Was {@link close} called? */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  #get(name: string, options: GetPromptVersionOptions): Promise<AnyPromptVersion> {
    if (this.#closed !== undefined) throw clientClosed();
    const { version, label = "production", cache = true, cacheTtl } = options;
    const cancel = cancelOf(options.signal);
    const ref: PromptRef = {
      name: checkName(name, "name", name),
      pin:
        version === undefined
          ? { kind: "label", label: checkLabel(label) }
          : { kind: "version", versionId: checkName(version, "version", name) },
    };
    if (!cache || !this.config.cacheEnabled) return this.#loader.loadDirect(ref, cancel);
    if (cacheTtl !== undefined)
      checked((problems) => checkValue(CONNECTION_OPTIONS.cacheTtl, cacheTtl, "cacheTtl", problems));
    return this.#loader.load(ref, cacheTtl, cancel);
  }
}

let shared: { readonly config: Configuration; readonly client: ScopeClient } | undefined;

/**
 * The client of the process, with what `configure()` set. Every call returns the same one, with its connections and
 * cache, until the configuration changes or it's closed. With options, a new client each time.
 *
 * @throws MissingApiKeyError if credentials are missing; ConfigurationError for an option that can't be used
 * @example await client().renderPrompt("greeting", { name: "Ada" })
 */
export function client(options?: ScopeClientOptions): ScopeClient {
  const config = configuration();
  if (options !== undefined) return new ScopeClient({ config, ...options });
  if (shared === undefined || shared.config !== config || shared.client.isClosed) {
    shared = { config, client: new ScopeClient(config) };
  }
  return shared.client;
}

const CALL_OPTIONS = ["label", "version", "cache", "cacheTtl", "signal"];

function configurationOf(options: ScopeClientOptions | Configuration | undefined): Configuration {
  if (options === undefined) return configuration();
  if (options instanceof Configuration) return options;
  const { config, ...overrides } = options;
  return config === undefined ? configurationWith(overrides) : config.merge(overrides);
}

/** Returns the label if the platform serves it, and throws `label_invalid` otherwise. */
function checkLabel(label: unknown): Label {
  if (label === "production" || label === "latest") return label;
  throw new ValidationError(`The label must be "production" or "latest", but is ${show(label)}.`, {
    code: "label_invalid",
    field: "label",
    value: label,
    hint: 'To get one version, use its ID: { version: "version_…" }.',
  });
}

/** Without it, two organisations that share a store would get each other's versions. */
function noOrganisation(): MissingApiKeyError {
  return new MissingApiKeyError("cacheStore needs to know which organisation the credentials belong to.", {
    code: "credentials_missing",
    hint: "Set SCOPE_ORG_ID, or add orgId to the credentials that you pass.",
  });
}
