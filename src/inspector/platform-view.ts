import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setMaxListeners } from "node:events";
import { isMissing } from "../commands/fetch-versions.ts";
import { concernsEveryPrompt, isOutage, TimeoutError } from "../errors/classes.ts";
import { oneLine } from "../errors/printable.ts";
import { isScopeError, type ScopeError } from "../errors/scope-error.ts";
import type { Project } from "../project/project.ts";
import { loadIfSound } from "../project/snapshot/store.ts";
import { snapshotMissing } from "../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { RateLimiter, rateLimiterOf } from "../run/dev/poller.ts";
import { PollingClient } from "../run/dev/polling-client.ts";

/** If the config doesn't say: `live` is off. */
const DEFAULT_LIVE = { intervalMs: 5000, maxRequestsPerSecond: 10 };
/** How long somebody who looks at a page waits for the platform. */
const PATIENCE_MS = 2000;

/** One look at every prompt. */
export interface Round {
  /** Its requests fail for one prompt alone: then what was known last is compared, or what is committed. */
  readonly project: Project;
  /** Why a prompt couldn't be asked about, by `refKey`. */
  readonly failures: ReadonlyMap<string, RoundFailure>;
  /** Why the platform can't be asked at all; undefined while it can. */
  readonly outage: ScopeError | undefined;
}

interface RoundFailure {
  readonly error: ScopeError;
  /** What is compared is what the platform said earlier. */
  readonly isKnown: boolean;
}

/**
 * The platform for people who look at a page. What a dev server in this process has just polled isn't asked again. All
 * requests together stay within `live.maxRequestsPerSecond`, and nobody waits longer than two seconds for one. A request
 * that takes longer continues, and the next one to ask shares it.
 */
export class PlatformView {
  /** For one view: what was known last if the platform can't be reached. */
  readonly project: Project;
  readonly #log = logRequests();
  /** How often open pages look at every prompt. */
  readonly intervalMs: number;
  readonly #own: PollingClient;
  readonly #shared: () => PollingClient | undefined;
  readonly #gapMs: number;
  /** Every look at all prompts asks about them again. */
  readonly #polled = new Set<string>();
  /** When somebody gave up waiting, by `refKey`. */
  readonly #gaveUpAt = new Map<string, number>();
  /** A line of their own, and a little slower: a view doesn't wait behind them. */
  readonly #polls = new RateLimiter();

  /** @param shared the client of a dev server in this process */
  constructor(project: Project, shared: () => PollingClient | undefined) {
    const { connection, live } = project.options;
    const { intervalMs, maxRequestsPerSecond } = live === false ? DEFAULT_LIVE : live;
    this.intervalMs = intervalMs;
    this.#gapMs = 1000 / maxRequestsPerSecond;
    this.#shared = shared;
    this.#own = new PollingClient(connection, rateLimiterOf(connection), this.#gapMs);
    this.project = this.#with(project, (ref) => this.#fetchForView(ref));
  }

  /** Begins to look at every prompt. The first sign that the platform can't be reached ends all requests. */
  round(): Round {
    const failures = new Map<string, RoundFailure>();
    const ended = new AbortController();
    setMaxListeners(0, ended.signal);
    let underWay = 0;
    const noResponse = () => void (underWay > 0 && ended.abort(this.#noResponse()));
    // From one response to the next.
    const silence = setTimeout(noResponse, PATIENCE_MS + this.#gapMs).unref();
    const fetchVersion = async (ref: PromptRef) => {
      this.#polled.add(refKey(ref));
      // Half an interval: then a dev server and this one take turns, and each prompt is polled once in an interval.
      const recent = this.#recent(ref, this.intervalMs / 2);
      if (recent !== undefined) return recent;
      try {
        await within(ended.signal, () => this.#polls.slot(this.#gapMs * 1.05));
        if (underWay++ === 0) silence.refresh();
        try {
          return await this.#ask(ref, ended.signal);
        } finally {
          underWay -= 1;
          silence.refresh();
        }
      } catch (error) {
        if (isMissing(error) || !isScopeError(error)) throw error;
        if (isOutage(error) || concernsEveryPrompt(error)) ended.abort(error);
        failures.set(refKey(ref), { error, isKnown: this.#client.known(ref) !== undefined });
        return this.lastKnown(ref);
      }
    };
    return {
      project: this.#with(this.project, fetchVersion),
      failures,
      get outage() {
        return ended.signal.reason as ScopeError | undefined;
      },
    };
  }

  /**
   * What the platform said last, however long ago; otherwise what is committed.
   *
   * @throws ResourceError `snapshot_missing`
   */
  async lastKnown(ref: PromptRef): Promise<PromptVersionData> {
    const version =
      this.#client.known(ref) ?? (await loadIfSound(this.project.options.snapshotDir, ref))?.version;
    if (version === undefined) throw snapshotMissing(ref);
    return version;
  }

  /** What this process asked the platform so far. */
  get requests() {
    const { requests, lastOutage } = this.#log;
    return { requests, lastOutage };
  }

  async close(): Promise<void> {
    this.#log.close();
    await this.#own.close();
  }

  get #client(): PollingClient {
    return this.#shared() ?? this.#own;
  }

  #with(project: Project, fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>): Project {
    return project.fetchVersion === undefined ? project : { ...project, fetchVersion };
  }

  async #fetchForView(ref: PromptRef): Promise<PromptVersionData> {
    // While a page is open, what is polled is newer than this.
    const recent = this.#recent(ref, this.#polled.has(refKey(ref)) ? 2 * this.intervalMs : 0);
    if (recent !== undefined) return recent;
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(this.#noResponse()), PATIENCE_MS);
    try {
      return await this.#ask(ref, tooLong.signal);
    } catch (error) {
      const known = isOutage(error) ? this.#client.known(ref) : undefined;
      if (known === undefined) throw error;
      return known;
    } finally {
      clearTimeout(timer);
    }
  }

  #recent(ref: PromptRef, maxAgeMs: number): PromptVersionData | undefined {
    const key = refKey(ref);
    // What has come since somebody gave up waiting is what they asked for.
    const gaveUpMs = performance.now() - (this.#gaveUpAt.get(key) ?? Number.POSITIVE_INFINITY);
    this.#gaveUpAt.delete(key);
    return this.#client.known(ref, Math.max(maxAgeMs, gaveUpMs));
  }

  async #ask(ref: PromptRef, signal: AbortSignal): Promise<PromptVersionData> {
    try {
      return await within(signal, () => this.#client.fetch(ref));
    } catch (error) {
      if (signal.aborted) this.#gaveUpAt.set(refKey(ref), performance.now());
      throw error;
    }
  }

  #noResponse(): TimeoutError {
    const { baseUrl } = this.project.options.connection;
    return new TimeoutError(`${baseUrl} sent no response for ${PATIENCE_MS / 1000} seconds.`, {
      code: "request_timeout",
    });
  }
}

/** The work, unless the signal comes first; then its reason. */
async function within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return new Promise((done, fail) => {
    signal.addEventListener("abort", () => fail(signal.reason));
    work().then(done, fail);
  });
}

/** The number of requests shown. */
const MAX_KEPT = 20;
const START = "tracing:unplugin-scope:request:start";
const END = "tracing:unplugin-scope:request:asyncEnd";

/** What the client publishes about a request: the same object when it starts and when it ends. */
interface Traced {
  readonly method: string;
  readonly url: string;
  readonly statusCode?: number;
  readonly error?: unknown;
}

/** What this process requests from the platform, newest first, and when that last failed. Listens until it's closed. */
function logRequests() {
  const startedAt = new WeakMap<object, number>();
  const log = {
    requests: [] as {
      /** ISO 8601. */
      readonly at: string;
      readonly method: string;
      readonly path: string;
      /** Undefined if no whole response came. */
      readonly status: number | undefined;
      readonly elapsedMs: number;
    }[],
    lastOutage: undefined as { readonly at: string; readonly message: string } | undefined,
    close() {
      unsubscribe(START, onStart);
      unsubscribe(END, onEnd);
    },
  };
  const onStart = (traced: unknown) => void startedAt.set(traced as Traced, performance.now());
  const onEnd = (traced: unknown) => {
    const { method, url, statusCode: status, error } = traced as Traced;
    const at = new Date().toISOString();
    const elapsedMs = Math.round(performance.now() - (startedAt.get(traced as Traced) ?? performance.now()));
    log.requests.unshift({ at, method, path: new URL(url).pathname, status, elapsedMs });
    log.requests.splice(MAX_KEPT);
    if (status === undefined)
      log.lastOutage = { at, message: oneLine(error instanceof Error ? error.message : String(error)) };
    else if (status >= 500 || status === 429)
      log.lastOutage = { at, message: `The platform responded with ${status}.` };
  };
  subscribe(START, onStart);
  subscribe(END, onEnd);
  return log;
}
