import { within } from "../client/http/cancel.ts";
import { concernsEveryPrompt, isOutage, TimeoutError } from "../errors/classes.ts";
import { isScopeError, type ScopeError } from "../errors/scope-error.ts";
import type { Project } from "../project/project.ts";
import { loadIfSound } from "../project/snapshot/store.ts";
import { isMissing, snapshotMissing } from "../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { RateLimiter } from "../run/dev/poller.ts";
import { PollingClient } from "../run/dev/polling-client.ts";

/** If the config doesn't say: `live` is off. */
const DEFAULT_LIVE = { intervalMs: 5000, maxRequestsPerSecond: 10 };
/** How long somebody who looks at a page waits for the platform. */
const PATIENCE_MS = 2000;

/** One look at every prompt. */
export type Round = ReturnType<ReturnType<typeof viewPlatform>["round"]>;

/**
 * The platform for people who look at a page, within `live.maxRequestsPerSecond`. What a dev server in this process,
 * whose client is `shared`, has just polled isn't asked again. Nobody waits longer than two seconds for a request: it
 * continues, and the next one to ask shares it.
 */
export function viewPlatform(project: Project, shared: () => PollingClient | undefined) {
  const { connection, live, snapshotDir } = project.options;
  const { intervalMs, maxRequestsPerSecond } = live === false ? DEFAULT_LIVE : live;
  const gapMs = 1000 / maxRequestsPerSecond;
  const own = new PollingClient(connection, gapMs);
  const client = () => shared() ?? own;
  /** Every look at all prompts asks about them again. */
  const polled = new Set<string>();
  /** When the last request for each prompt began, if there was no response in time. */
  const lateSince = new Map<string, number>();
  /** A line of their own, and a little slower: a view doesn't wait behind them. */
  const polls = new RateLimiter();
  const withFetch = (fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>): Project =>
    project.fetchVersion === undefined ? project : { ...project, fetchVersion };

  function ask(ref: PromptRef, maxAgeMs?: number): Promise<PromptVersionData> {
    const said = `${connection.baseUrl} sent no response for ${PATIENCE_MS / 1000} seconds.`;
    const late = () => new TimeoutError(said, { code: "request_timeout" });
    return within(client().fetch(ref, maxAgeMs), undefined, PATIENCE_MS, late);
  }

  async function fetchForView(ref: PromptRef): Promise<PromptVersionData> {
    try {
      // While a page is open, what is polled is newer than this.
      return await ask(ref, polled.has(refKey(ref)) ? 2 * intervalMs : 0);
    } catch (error) {
      const known = isOutage(error) ? client().known(ref) : undefined;
      if (known === undefined) throw error;
      return known;
    }
  }

  /** What the platform said last, or what is committed. @throws ResourceError `snapshot_missing` */
  async function lastKnown(ref: PromptRef): Promise<PromptVersionData> {
    const version = client().known(ref) ?? (await loadIfSound(snapshotDir, ref))?.version;
    if (version === undefined) throw snapshotMissing(ref);
    return version;
  }

  return {
    /** For one view: what was known last if the platform can't be reached. */
    project: withFetch(fetchForView),
    /** How often open pages look at every prompt. */
    intervalMs,
    lastKnown,
    /** Begins to look at every prompt. The first sign that the platform can't be reached ends all requests. */
    round() {
      const failures = new Map<string, { readonly error: ScopeError; readonly isKnown: boolean }>();
      let outage: ScopeError | undefined;
      const fetchVersion = async (ref: PromptRef) => {
        const key = refKey(ref);
        polled.add(key);
        // Half an interval: then a dev server and this one take turns, and each prompt is polled once in an interval.
        const recent = client().known(ref, intervalMs / 2);
        if (recent !== undefined) return recent;
        const since = lateSince.get(key);
        try {
          if (outage === undefined) await polls.slot(gapMs * 1.05);
          if (outage !== undefined) throw outage;
          lateSince.set(key, performance.now());
          const version = await ask(ref);
          lateSince.delete(key);
          return version;
        } catch (error) {
          if (isMissing(error) || !isScopeError(error)) throw error;
          // A platform that is always late, but has responded since the last look, is there.
          const isLate = error instanceof TimeoutError && since !== undefined;
          const late = isLate ? client().known(ref, performance.now() - since) : undefined;
          if (late !== undefined) return late;
          if (isOutage(error) || concernsEveryPrompt(error)) outage ??= error;
          failures.set(key, { error, isKnown: client().known(ref) !== undefined });
          return lastKnown(ref);
        }
      };
      return {
        /** Its requests fail for one prompt alone: then what was known last is compared, or what is committed. */
        project: withFetch(fetchVersion),
        /** Why a prompt couldn't be asked about, by `refKey`, and whether an earlier response is compared instead. */
        failures,
        /** Why the platform can't be asked at all; undefined while it can. */
        outage: () => outage,
      };
    },
    close: () => own.close(),
  };
}
