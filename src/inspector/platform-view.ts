import { within } from "../client/http/cancel.ts";
import { concernsEveryPrompt, isOutage, TimeoutError } from "../errors/classes.ts";
import { isScopeError, type ScopeError } from "../errors/scope-error.ts";
import type { Project } from "../project/project.ts";
import { loadIfSound } from "../project/snapshot/store.ts";
import { isMissing, snapshotMissing } from "../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { RateLimiter } from "../run/dev/poller.ts";
import { PollingClient } from "../run/dev/polling-client.ts";

/** If the config doesn't say: `dev` is off. */
const DEFAULT_DEV = { intervalMs: 5000, maxRequestsPerSecond: 10 };
/** How long somebody who looks at a page waits for the platform. */
const PATIENCE_MS = 2000;

/** Why a prompt couldn't be asked about, and whether an earlier response is compared instead. */
interface Failure {
  readonly error: ScopeError;
  readonly isKnown: boolean;
}

/**
 * The platform for people who look at a page, within `dev.maxRequestsPerSecond`. What a dev server in this process,
 * whose client is `shared`, has just polled isn't asked again. Nobody waits longer than two seconds for a request: it
 * continues, and the next one to ask shares it.
 */
export class PlatformView {
  /** For one view: what was known last if the platform can't be reached. */
  readonly project: Project;
  /** How often open pages look at every prompt. */
  readonly intervalMs: number;
  readonly gapMs: number;
  /** A line of their own, and a little slower: a view doesn't wait behind them. */
  readonly polls = new RateLimiter();
  /** Every look at all prompts asks about them again. */
  readonly polled = new Set<string>();
  /** When the last request for each prompt began, if there was no response in time. */
  readonly lateSince = new Map<string, number>();
  readonly #own: PollingClient;
  readonly #shared: () => PollingClient | undefined;

  constructor(project: Project, shared: () => PollingClient | undefined) {
    const { connection, dev } = project.options;
    const { intervalMs, maxRequestsPerSecond } = dev === false ? DEFAULT_DEV : dev;
    this.intervalMs = intervalMs;
    this.gapMs = 1000 / maxRequestsPerSecond;
    this.#own = new PollingClient(connection, this.gapMs);
    this.#shared = shared;
    this.project = askingBy(project, (ref) => this.#fetchForView(ref));
  }

  get client(): PollingClient {
    return this.#shared() ?? this.#own;
  }

  ask(ref: PromptRef, maxAgeMs?: number): Promise<PromptVersionData> {
    const { baseUrl } = this.project.options.connection;
    const said = `${baseUrl} sent no response for ${PATIENCE_MS / 1000} seconds.`;
    const late = () => new TimeoutError(said, { code: "request_timeout" });
    return within(this.client.fetch(ref, maxAgeMs), undefined, PATIENCE_MS, late);
  }

  /** What the platform said last, or what is committed. @throws ResourceError `snapshot_missing` */
  async lastKnown(ref: PromptRef): Promise<PromptVersionData> {
    const { snapshotDir } = this.project.options;
    const version = this.client.known(ref) ?? (await loadIfSound(snapshotDir, ref))?.version;
    if (version === undefined) throw snapshotMissing(ref);
    return version;
  }

  close(): Promise<void> {
    return this.#own.close();
  }

  async #fetchForView(ref: PromptRef): Promise<PromptVersionData> {
    try {
      // While a page is open, what is polled is newer than this.
      return await this.ask(ref, this.polled.has(refKey(ref)) ? 2 * this.intervalMs : 0);
    } catch (error) {
      const known = isOutage(error) ? this.client.known(ref) : undefined;
      if (known === undefined) throw error;
      return known;
    }
  }
}

/** One look at every prompt. The first sign that the platform can't be reached ends all its requests. */
export class Round {
  /** Its requests fail for one prompt alone: then what was known last is compared, or what is committed. */
  readonly project: Project;
  /** By `refKey`. */
  readonly failures = new Map<string, Failure>();
  /** Why the platform can't be asked at all; undefined while it can. */
  outage: ScopeError | undefined;
  readonly #view: PlatformView;

  constructor(view: PlatformView) {
    this.#view = view;
    this.project = askingBy(view.project, (ref) => this.#fetch(ref));
  }

  async #fetch(ref: PromptRef): Promise<PromptVersionData> {
    const { client, gapMs, intervalMs, lateSince, polled, polls } = this.#view;
    const key = refKey(ref);
    polled.add(key);
    // Half an interval: then a dev server and this one take turns, and each prompt is polled once in an interval.
    const recent = client.known(ref, intervalMs / 2);
    if (recent !== undefined) return recent;
    const since = lateSince.get(key);
    try {
      if (this.outage === undefined) await polls.slot(gapMs * 1.05);
      if (this.outage !== undefined) throw this.outage;
      lateSince.set(key, performance.now());
      const version = await this.#view.ask(ref);
      lateSince.delete(key);
      return version;
    } catch (error) {
      if (isMissing(error) || !isScopeError(error)) throw error;
      // A platform that is always late, but has responded since the last look, is there.
      const isLate = error instanceof TimeoutError && since !== undefined;
      const late = isLate ? client.known(ref, performance.now() - since) : undefined;
      if (late !== undefined) return late;
      if (isOutage(error) || concernsEveryPrompt(error)) this.outage ??= error;
      this.failures.set(key, { error, isKnown: client.known(ref) !== undefined });
      return this.#view.lastKnown(ref);
    }
  }
}

function askingBy(project: Project, fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>): Project {
  return project.fetchVersion === undefined ? project : { ...project, fetchVersion };
}
