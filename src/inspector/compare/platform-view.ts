import { setMaxListeners } from "node:events";
import { PollingClient } from "../../build/dev/polling-client.ts";
import { RateLimiter, rateLimiterOf } from "../../build/dev/rate-limiter.ts";
import { concernsEveryPrompt, isOutage } from "../../client/api/is-outage.ts";
import { isMissing } from "../../commands/fetch-versions.ts";
import { TimeoutError } from "../../errors/classes.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { Project } from "../../project/project.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { snapshotMissing } from "../../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";

/** If the config doesn't say: `live` is off. */
const REQUESTS_PER_SECOND = 10;
/** How long somebody who looks at a page waits for the platform. */
const PATIENCE_MS = 2000;
/** How long a version counts that arrived too late for its request: the next look finds it. */
const LATE_MS = 15_000;

/** What the platform said last about one prompt and pin. */
interface Known {
  readonly version: PromptVersionData;
  /** On the monotonic clock, in ms. */
  readonly at: number;
  /** Nobody has waited long enough for it: the next look finds it. */
  isLate: boolean;
}

/** One look at every prompt. */
export interface Round {
  /** Its requests fail for one prompt alone: then what was known last is compared, or what is committed. */
  readonly project: Project;
  /** Why a prompt couldn't be asked about, by `refKey`. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** Why the platform can't be asked at all; undefined while it can. */
  readonly outage: ScopeError | undefined;
}

interface Failure {
  readonly error: ScopeError;
  /** What is compared is what the platform said earlier. */
  readonly isKnown: boolean;
}

/**
 * The platform for people who look at a page. All requests, together with those of a dev server in this process, stay
 * within `live.maxRequestsPerSecond`, and nobody waits longer than two seconds for one. A request that takes longer
 * continues, and anybody who asks again shares it.
 */
export class PlatformView {
  /** For one view: what was known last if the platform can't be reached. */
  readonly project: Project;
  readonly #client: PollingClient | undefined;
  readonly #gapMs: number;
  /** While a page is open, what is polled is newer than this. */
  readonly #recentMs: number;
  readonly #underWay = new Map<string, Promise<PromptVersionData>>();
  readonly #known = new Map<string, Known>();
  /** Every look at all prompts asks about them again. */
  readonly #polled = new Set<string>();
  /** A line of their own, and a little slower: a view doesn't wait behind them. */
  readonly #polls = new RateLimiter();

  constructor(project: Project) {
    const { connection, live } = project.options;
    this.#gapMs = 1000 / (live === false ? REQUESTS_PER_SECOND : live.maxRequestsPerSecond);
    this.#recentMs = live === false ? 0 : 2 * live.intervalMs;
    this.#client =
      project.fetchVersion && new PollingClient(connection, rateLimiterOf(connection), this.#gapMs);
    this.project = this.#client ? { ...project, fetchVersion: (ref) => this.#fetchForView(ref) } : project;
  }

  /** Begins to look at every prompt. The first sign that the platform can't be reached ends all requests. */
  round(): Round {
    const { project } = this;
    const failures = new Map<string, Failure>();
    const ended = new AbortController();
    setMaxListeners(0, ended.signal);
    let underWay = 0;
    const noResponse = () => void (underWay > 0 && ended.abort(this.#noResponse()));
    // From one response to the next.
    const silence = setTimeout(noResponse, PATIENCE_MS + this.#gapMs).unref();
    const fetchVersion = async (ref: PromptRef) => {
      this.#polled.add(refKey(ref));
      try {
        await within(ended.signal, () => this.#polls.slot(this.#gapMs * 1.05));
        if (underWay++ === 0) silence.refresh();
        try {
          return await within(ended.signal, () => this.#ask(ref, ended.signal));
        } finally {
          underWay -= 1;
          silence.refresh();
        }
      } catch (error) {
        if (isMissing(error) || !isScopeError(error)) throw error;
        if (isOutage(error) || concernsEveryPrompt(error)) ended.abort(error);
        const known = this.#known.get(refKey(ref))?.version;
        failures.set(refKey(ref), { error, isKnown: known !== undefined });
        const version = known ?? (await loadIfSound(project.options.snapshotDir, ref))?.version;
        if (version === undefined) throw snapshotMissing(ref);
        return version;
      }
    };
    return {
      project: this.#client ? { ...project, fetchVersion } : project,
      failures,
      get outage() {
        return ended.signal.reason as ScopeError | undefined;
      },
    };
  }

  /** What the platform said last, however long ago. */
  known(ref: PromptRef): PromptVersionData | undefined {
    return this.#known.get(refKey(ref))?.version;
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }

  async #fetchForView(ref: PromptRef): Promise<PromptVersionData> {
    const tooLong = new AbortController();
    const last = this.#polled.has(refKey(ref)) ? this.#known.get(refKey(ref)) : undefined;
    if (last && performance.now() - last.at < this.#recentMs) return last.version;
    const timer = setTimeout(() => tooLong.abort(this.#noResponse()), PATIENCE_MS);
    try {
      return await within(tooLong.signal, () => this.#ask(ref, tooLong.signal));
    } catch (error) {
      const known = isOutage(error) ? this.known(ref) : undefined;
      if (known === undefined) throw error;
      return known;
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(ref: PromptRef, signal: AbortSignal): Promise<PromptVersionData> {
    const key = refKey(ref);
    const late = this.#known.get(key);
    const version =
      late?.isLate && performance.now() - late.at < LATE_MS ? late.version : await this.#share(ref);
    const known = this.#known.get(key);
    if (known !== undefined && !signal.aborted) known.isLate = false;
    return version;
  }

  #share(ref: PromptRef): Promise<PromptVersionData> {
    const key = refKey(ref);
    const fetched = this.#underWay.get(key) ?? this.#fetch(ref).finally(() => this.#underWay.delete(key));
    // The caller may have given up.
    fetched.catch(() => {});
    this.#underWay.set(key, fetched);
    return fetched;
  }

  async #fetch(ref: PromptRef): Promise<PromptVersionData> {
    try {
      const version = await (this.#client as PollingClient).fetch(ref);
      this.#known.set(refKey(ref), { version, at: performance.now(), isLate: true });
      return version;
    } catch (error) {
      if (isMissing(error)) this.#known.delete(refKey(ref));
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
