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

/** One look at every prompt. The first sign that the platform can't be reached ends all its requests. */
export interface Look {
  /** Its requests fail for one prompt alone: then what was known last is compared, or what is committed. */
  readonly project: Project;
  /** By `refKey`: why a prompt couldn't be asked about, and whether an earlier response is compared instead. */
  readonly failures: Map<string, { readonly error: ScopeError; readonly isKnown: boolean }>;
  /** Why the platform can't be asked at all; undefined while it can. */
  outage: ScopeError | undefined;
}

/**
 * The platform for people who look at a page, within `dev.maxRequestsPerSecond`. What a dev server in this process,
 * whose client is `shared`, has just polled isn't asked again. Nobody waits longer than two seconds for a request: it
 * continues, and the next one to ask shares it.
 */
export class PlatformView {
  /** Takes what the last look has seen, and asks for anything else. */
  readonly project: Project;
  /** How often open pages look at every prompt. */
  readonly intervalMs: number;
  readonly #gapMs: number;
  readonly #polls = new RateLimiter();
  readonly #own: PollingClient;
  readonly #shared: () => PollingClient | undefined;
  /** When the last look began, if a response was late. */
  #lateSince: number | undefined;

  constructor(project: Project, shared: () => PollingClient | undefined) {
    const { connection, dev } = project.options;
    const { intervalMs, maxRequestsPerSecond } = dev === false ? DEFAULT_DEV : dev;
    this.intervalMs = intervalMs;
    this.#gapMs = 1000 / maxRequestsPerSecond;
    this.#own = new PollingClient(connection, this.#gapMs);
    this.#shared = shared;
    this.project = askingBy(project, async (ref) => this.#client.known(ref) ?? this.#ask(ref));
  }

  look(): Look {
    const [began, since] = [performance.now(), this.#lateSince];
    this.#lateSince = undefined;
    const fetchVersion = async (ref: PromptRef) => {
      const client = this.#client;
      // Half an interval: then a dev server and a page take turns, and each prompt is polled once in an interval. A
      // platform that is always late, but has responded since the last look, is there.
      const age = Math.max(this.intervalMs / 2, since === undefined ? 0 : performance.now() - since);
      const recent = client.known(ref, age);
      if (recent !== undefined) return recent;
      try {
        // A little slower than the client itself: then a person's own request doesn't wait behind these.
        if (look.outage === undefined) await this.#polls.slot(this.#gapMs * 1.05);
        if (look.outage !== undefined) throw look.outage;
        return await this.#ask(ref);
      } catch (error) {
        if (isMissing(error) || !isScopeError(error)) throw error;
        if (error instanceof TimeoutError) this.#lateSince = began;
        if (isOutage(error) || concernsEveryPrompt(error)) look.outage ??= error;
        look.failures.set(refKey(ref), { error, isKnown: client.known(ref) !== undefined });
        return this.lastKnown(ref);
      }
    };
    const project = askingBy(this.project, fetchVersion);
    const look: Look = { project, failures: new Map(), outage: undefined };
    return look;
  }

  /** What the platform said last, or what is committed. @throws ResourceError `snapshot_missing` */
  async lastKnown(ref: PromptRef): Promise<PromptVersionData> {
    const { snapshotDir } = this.project.options;
    const version = this.#client.known(ref) ?? (await loadIfSound(snapshotDir, ref))?.version;
    if (version === undefined) throw snapshotMissing(ref);
    return version;
  }

  close(): Promise<void> {
    return this.#own.close();
  }

  get #client(): PollingClient {
    return this.#shared() ?? this.#own;
  }

  #ask(ref: PromptRef): Promise<PromptVersionData> {
    const { baseUrl } = this.project.options.connection;
    const said = `${baseUrl} sent no response for ${PATIENCE_MS / 1000} seconds.`;
    const late = () => new TimeoutError(said, { code: "request_timeout" });
    return within(this.#client.fetch(ref), undefined, PATIENCE_MS, late);
  }
}

function askingBy(project: Project, fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>): Project {
  return project.fetchVersion === undefined ? project : { ...project, fetchVersion };
}
