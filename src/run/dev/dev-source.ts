import { unwatchFile, watchFile } from "node:fs";
import pLimit from "p-limit";
import {
  concernsEveryPrompt,
  isOutage,
  NoProductionVersionError,
  NotFoundError,
  RateLimitError,
} from "../../errors/classes.ts";
import { formatError } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import { loadSnapshot } from "../../project/snapshot/store.ts";
import {
  fetchByNameOrId,
  PolicySource,
  type ResolvedVersion,
  resolvedFromSnapshot,
  type Source,
} from "../../project/versions/source.ts";
import {
  isUnknownForm,
  platformDown,
  renamedWarning,
  unknownFormWarning,
} from "../../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, pinText, refKey, refText } from "../../prompt.ts";
import { Poller, type RateLimiter } from "./poller.ts";

/** How often to check whether a file of the snapshot was replaced. Node itself does it: no system refuses that. */
const INTERVAL_MS = 200;

interface DevSourceOptions {
  readonly options: ResolvedOptions;
  readonly reporter: Reporter;
  readonly rateLimiter: RateLimiter;
  /** One poll: what the platform serves now. It's conditional, so "unchanged" costs little. Undefined: it isn't asked. */
  readonly fetchVersion: ((ref: PromptRef) => Promise<PromptVersionData>) | undefined;
  /** Only prompts in use are polled. */
  readonly isUsed: (ref: PromptRef) => boolean;
  /** {@link DevSource.get} has something else for a prompt that is served. */
  readonly onChange: (ref: PromptRef) => void;
  /** Why no prompt can be fetched, such as refused credentials; undefined when they can again. */
  readonly onSiteProblem: (error: unknown) => void;
}

/**
 * The versions that development serves. It never waits: what is committed is served at once, and the platform is polled
 * in the background. Only a prompt that was never committed has to be fetched first. A pin on a version, and without
 * the platform every prompt, is what is committed: the snapshot is watched, so that a pull shows up at once.
 */
export class DevSource implements Source {
  readonly #given: DevSourceOptions;
  readonly #served = new Map<string, Promise<ResolvedVersion>>();
  /** What is committed for these is served. */
  readonly #watched = new Map<string, PromptRef>();
  /** One check of them after the other: a later one must not be overtaken. */
  #checks: Promise<unknown> = Promise.resolve();
  /** If the platform isn't asked: what is served first, including its errors. */
  readonly #policy: PolicySource;
  readonly #limit;
  readonly #poller: Poller | undefined;
  readonly #warned = new Set<string>();
  /** What was reported of the outage that is under way. */
  readonly #reported = new Set<"down" | "refused">();

  constructor(given: DevSourceOptions) {
    this.#given = given;
    const { options, reporter, rateLimiter, isUsed, fetchVersion } = given;
    this.#policy = new PolicySource({ options, fetchVersion: undefined }, reporter);
    this.#limit = pLimit(options.concurrency);
    const { dev } = options;
    if (dev === false || fetchVersion === undefined) return;
    this.#poller = new Poller({
      ...dev,
      // With a label to preview, a poll is two requests.
      maxRequestsPerSecond: dev.maxRequestsPerSecond / (dev.label === undefined ? 1 : 2),
      rateLimiter,
      isUsed,
      poll: (ref) => this.#poll(ref),
      onOutage: (error) => this.#failed(error),
      onBack: () => this.#isBack(),
      onStretch: (intervalMs) =>
        reporter.info(
          `Many prompts are loaded, so each is polled every ${Math.ceil(intervalMs / 1000)} s to stay within dev.maxRequestsPerSecond.`,
        ),
    });
  }

  get(ref: PromptRef): Promise<ResolvedVersion> {
    const key = refKey(ref);
    let served = this.#served.get(key);
    if (served === undefined) {
      served = this.#first(ref);
      this.#served.set(key, served);
      // The next import asks again: the prompt may exist by then.
      served.catch(() => this.#served.delete(key));
    }
    return served;
  }

  /** Stops looking for other versions. */
  close(): void {
    this.#poller?.close();
    unwatchFile(this.#given.options.snapshotDir, this.#onDisk);
  }

  async #first(ref: PromptRef): Promise<ResolvedVersion> {
    const { fetchVersion, onChange, options } = this.#given;
    if (fetchVersion === undefined || ref.pin.kind === "version") {
      if (this.#watched.size === 0)
        watchFile(options.snapshotDir, { interval: INTERVAL_MS, persistent: false }, this.#onDisk);
      this.#watched.set(refKey(ref), ref);
    }
    if (fetchVersion === undefined)
      return this.#policy.get(ref).catch(async (error) => {
        // The policy resolves a prompt only once. Something may be committed by now.
        const snapshot = await this.#load(ref);
        if (snapshot === undefined) throw error;
        return resolvedFromSnapshot(snapshot, "snapshot");
      });
    let wasJustFetched = true;
    try {
      const snapshot = await this.#load(ref);
      wasJustFetched = snapshot === undefined;
      if (snapshot !== undefined) return resolvedFromSnapshot(snapshot, "snapshot");
      const version = await this.#limit(() => fetchVersion(ref));
      onChange(ref);
      const { environment } = options.connection;
      return { ref, version, source: "platform", environment, snapshot };
    } catch (error) {
      if (!isOutage(error)) throw error;
      throw platformDown(ref, error, `nothing is committed for ${refText(ref)}`);
    } finally {
      // Also after a failure: the prompt may exist at the next poll.
      if (ref.pin.kind === "label") this.#poller?.add(ref, { wasJustFetched });
    }
  }

  #load(ref: PromptRef): Promise<SnapshotEntry | undefined> {
    return loadSnapshot(this.#given.options.snapshotDir, ref);
  }

  /** What is served now; undefined while nothing is. */
  async #servedNow(ref: PromptRef): Promise<ResolvedVersion | undefined> {
    try {
      return await this.#served.get(refKey(ref));
    } catch {
      // The import that asked got the error, and asks again.
      return undefined;
    }
  }

  /** A prompt's current version, which is served from now on. */
  async #found(resolved: ResolvedVersion): Promise<void> {
    const { ref } = resolved;
    const served = await this.#servedNow(ref);
    if (served !== undefined && servedFingerprint(served) === servedFingerprint(resolved)) return;
    this.#served.set(refKey(ref), Promise.resolve(resolved));
    this.#given.onChange(ref);
  }

  /** A prompt's current version can't be used: the last one stays. If there is none, the import itself fails. */
  async #refused(ref: PromptRef, problem: unknown): Promise<void> {
    const served = await this.#servedNow(ref);
    if (served !== undefined) await this.#found({ ...served, problem });
  }

  readonly #onDisk = () => {
    this.#checks = this.#checks.then(() =>
      Promise.all([...this.#watched.values()].map((ref) => this.#checkDisk(ref))),
    );
  };

  async #checkDisk(ref: PromptRef): Promise<void> {
    try {
      const snapshot = await this.#load(ref);
      // If it's gone, as during a branch switch, the last version is served until there is one again.
      if (snapshot !== undefined) await this.#found(resolvedFromSnapshot(snapshot, "snapshot"));
    } catch (error) {
      await this.#refused(ref, error);
    }
  }

  async #poll(ref: PromptRef): Promise<void> {
    const { dev, connection } = this.#given.options;
    const served = await this.#servedNow(ref);
    const label = dev === false ? undefined : dev.label;
    const isEnough = label === undefined || label === pinText(ref.pin);
    const labelled = isEnough
      ? {}
      : await this.#ask({ name: ref.name, pin: { kind: "label", label } }, served);
    const { version, problem } = await this.#ask(ref, served);
    if (problem !== undefined) return this.#refused(ref, problem);
    if (version === undefined) return;
    if (version.renamedTo !== undefined) this.#warnOnce(renamedWarning(ref, version.renamedTo));
    // What was promoted between the two requests is one of the two.
    const isPreview = ![version.id, served?.version.id].includes(labelled.version?.id);
    const preview = isPreview ? labelled.version : undefined;
    // A label that points at nothing has no preview.
    const isEmpty =
      labelled.problem instanceof NotFoundError || labelled.problem instanceof NoProductionVersionError;
    const { environment } = connection;
    const { snapshot } = served ?? {};
    const found = { ref, version, source: "platform", environment, snapshot, preview } as const;
    await this.#found(isEmpty ? found : { ...found, problem: labelled.problem });
  }

  /**
   * @returns neither for an unknown form if a version is served: that goes on
   * @throws an error that concerns every prompt
   */
  async #ask(
    ref: PromptRef,
    served: ResolvedVersion | undefined,
  ): Promise<{ readonly version?: PromptVersionData; readonly problem?: unknown }> {
    const { fetchVersion } = this.#given;
    if (fetchVersion === undefined) return {};
    try {
      return { version: await fetchByNameOrId(ref, fetchVersion, async () => served?.version.promptId) };
    } catch (problem) {
      if (isOutage(problem) || concernsEveryPrompt(problem)) throw problem;
      if (served === undefined || !isUnknownForm(problem)) return { problem };
      this.#warnOnce(unknownFormWarning(problem, served.version));
      return {};
    }
  }

  /** Reports what concerns every prompt; returns how long the platform asks to wait. */
  #failed(error: unknown): number {
    const { onSiteProblem, reporter, options } = this.#given;
    const kind = isOutage(error) ? "down" : "refused";
    const isNew = !this.#reported.has(kind);
    this.#reported.add(kind);
    if (isNew && kind === "refused") onSiteProblem(error);
    if (isNew && kind === "down") {
      reporter.warn(
        `The Scope platform can't be reached (${printableLine((error as Error).message)}). The versions that were loaded last are served until it's back.`,
      );
    }
    const { retryAfter = 0 } = error instanceof RateLimitError ? error : {};
    return Math.min(retryAfter, options.connection.retryMaxDelay) * 1000;
  }

  #isBack(): void {
    if (this.#reported.has("refused")) this.#given.onSiteProblem(undefined);
    if (this.#reported.has("down")) this.#given.reporter.info("The Scope platform is back.");
    this.#reported.clear();
  }

  #warnOnce(text: string): void {
    if (!this.#warned.has(text)) this.#given.reporter.warn(text);
    this.#warned.add(text);
  }
}

/** Times, status and who promoted it can differ between what is committed and what is served. */
function servedFingerprint({ version, preview, problem }: ResolvedVersion): string {
  const versions = [version, preview].map(
    (one) => one && [one.id, one.promptId, one.type, one.content, one.metadata, one.versionNumber],
  );
  return JSON.stringify([versions, problem && formatError(problem)]);
}
