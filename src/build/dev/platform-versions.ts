import pLimit from "p-limit";
import { AuthenticationError, RateLimitError } from "../../errors/classes.ts";
import { printableLine } from "../../errors/printable.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import { isUnservedPin, platformDown, UNSERVED } from "../../project/versions/version-errors.ts";
import {
  type ResolvedVersion,
  resolvedFromSnapshot,
  type VersionProvider,
} from "../../project/versions/version-resolver.ts";
import type { PromptRef, PromptVersionData } from "../../prompt.ts";
import { refKey, refText } from "../../prompt.ts";
import { Poller } from "./poller.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** Waits between tries for a prompt that is needed but was never committed. */
const RETRY_DELAYS_MS = [300, 900];

export interface PlatformVersionsOptions {
  readonly environment: string;
  readonly concurrency: number;
  /** One poll: the version that the platform serves now. The request is conditional, so "unchanged" costs little. */
  readonly fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>;
  readonly isOutage: (error: unknown) => boolean;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** How often to poll; false: committed prompts are never polled. */
  readonly live: { readonly intervalMs: number; readonly maxRequestsPerSecond: number } | false;
  readonly rateLimiter?: RateLimiter | undefined;
  /** The longest pause that a `Retry-After` can ask for. */
  readonly retryMaxDelayMs: number;
  /** Only prompts in use are polled. */
  readonly isUsed: (ref: PromptRef) => boolean;
  readonly reporter: Reporter;
  /** A prompt has a new version to serve, or its first one without anything committed. */
  readonly onChange: (ref: PromptRef) => void;
  /** The platform refuses a prompt that is served; undefined when it no longer does. */
  readonly onProblem: (ref: PromptRef, error: unknown) => void;
  /** The platform refuses the credentials, and so every prompt; undefined when it no longer does. */
  readonly onSiteProblem: (error: unknown) => void;
}

/**
 * Development never waits: the snapshot is served at once, and the platform is polled in the background. Only a prompt
 * that was never committed has to be fetched before it can be served.
 */
export class PlatformVersions implements VersionProvider {
  readonly stale: readonly ResolvedVersion[] = [];
  readonly outage = undefined;
  readonly #options: PlatformVersionsOptions;
  readonly #resolved = new Map<string, Promise<ResolvedVersion>>();
  readonly #failing = new Set<string>();
  readonly #unserved = new Set<string>();
  readonly #limit;
  readonly #poller: Poller | undefined;

  constructor(options: PlatformVersionsOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
    const { reporter, live, rateLimiter, isUsed, isOutage, onSiteProblem, retryMaxDelayMs } = options;
    if (live === false) return;
    this.#poller = new Poller({
      ...live,
      rateLimiter,
      isUsed,
      poll: (ref) => this.#poll(ref),
      pauseOf: (error) =>
        error instanceof RateLimitError && error.retryAfter !== undefined
          ? Math.min(error.retryAfter * 1000, retryMaxDelayMs)
          : undefined,
      kindOf: (error) => (isOutage(error) ? "down" : "refused"),
      onOutage: (error) => {
        if (!isOutage(error)) return onSiteProblem(error);
        reporter.warn(
          `The Scope platform can't be reached (${printableLine((error as Error).message)}). The versions that were loaded last are served until it's back.`,
        );
      },
      onBack: (kinds) => {
        if (kinds.has("refused")) onSiteProblem(undefined);
        if (kinds.has("down")) reporter.info("The Scope platform is back.");
      },
      onStretch: (intervalMs) =>
        reporter.info(
          `Many prompts are loaded, so each is polled every ${Math.ceil(intervalMs / 1000)} s to stay within live.maxRequestsPerSecond.`,
        ),
    });
  }

  resolve(ref: PromptRef): Promise<ResolvedVersion> {
    const key = refKey(ref);
    let resolved = this.#resolved.get(key);
    if (resolved === undefined) {
      resolved = this.#first(ref);
      this.#resolved.set(key, resolved);
      // The next import asks again, and so does the poller: the prompt may exist by then.
      resolved.catch(() => {
        this.#resolved.delete(key);
        this.#poller?.add(ref, { wasJustFetched: true });
      });
    }
    return resolved;
  }

  close(): void {
    this.#poller?.close();
  }

  async #first(ref: PromptRef): Promise<ResolvedVersion> {
    const snapshot = await this.#options.loadSnapshot(ref);
    if (snapshot !== undefined) {
      this.#poller?.add(ref);
      return resolvedFromSnapshot(snapshot, "snapshot");
    }
    const resolved = this.#fromPlatform(ref, await this.#limit(() => this.#fetchFirst(ref)), undefined);
    this.#poller?.add(ref, { wasJustFetched: true });
    this.#options.onChange(ref);
    return resolved;
  }

  async #fetchFirst(ref: PromptRef): Promise<PromptVersionData> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#options.fetchVersion(ref);
      } catch (error) {
        if (!this.#options.isOutage(error)) throw error;
        const delayMs = RETRY_DELAYS_MS[tries];
        if (delayMs === undefined || error instanceof RateLimitError) {
          throw platformDown(ref, error, `nothing is committed for ${refText(ref)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
  }

  async #poll(ref: PromptRef): Promise<void> {
    const key = refKey(ref);
    let version: PromptVersionData;
    try {
      version = await this.#options.fetchVersion(ref);
    } catch (error) {
      if (this.#options.isOutage(error) || error instanceof AuthenticationError) throw error;
      if (isUnservedPin(ref, error) && (await this.#present(key))?.snapshot !== undefined) {
        this.#reportUnserved(ref);
        return;
      }
      this.#refused(ref, error);
      return;
    }
    if (this.#failing.delete(key)) this.#options.onProblem(ref, undefined);
    const present = await this.#present(key);
    if (present !== undefined && isSame(present.version, version)) return;
    this.#resolved.set(key, Promise.resolve(this.#fromPlatform(ref, version, present?.snapshot)));
    this.#options.onChange(ref);
  }

  /** Reported once: the pin means its committed version, whether or not the platform serves that. */
  #reportUnserved(ref: PromptRef): void {
    const key = refKey(ref);
    if (this.#unserved.has(key)) return;
    this.#unserved.add(key);
    this.#options.reporter.info(printableLine(`${refText(ref)}: ${UNSERVED}.`));
  }

  /** What is served now; undefined while nothing is. */
  async #present(key: string): Promise<ResolvedVersion | undefined> {
    try {
      return await this.#resolved.get(key);
    } catch {
      // The import that asked got the error, and asks again.
      return undefined;
    }
  }

  #refused(ref: PromptRef, error: unknown): void {
    const key = refKey(ref);
    // A prompt that was never served has no last good version: the import that needs it fails and reports that.
    if (!this.#resolved.has(key)) return;
    this.#failing.add(key);
    this.#options.onProblem(ref, error);
  }

  #fromPlatform(
    ref: PromptRef,
    version: PromptVersionData,
    snapshot: SnapshotEntry | undefined,
  ): ResolvedVersion {
    return { ref, version, source: "platform", environment: this.#options.environment, snapshot };
  }
}

/** Times, status and who promoted it can differ between what is committed and what is served. */
function isSame(a: PromptVersionData, b: PromptVersionData): boolean {
  const fingerprint = ({ id, promptId, type, content, metadata, versionNumber }: PromptVersionData) =>
    JSON.stringify({ id, promptId, type, content, metadata, versionNumber });
  return a === b || fingerprint(a) === fingerprint(b);
}
