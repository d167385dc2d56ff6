import pLimit from "p-limit";
import {
  concernsEveryPrompt,
  isOutage,
  NoProductionVersionError,
  NotFoundError,
  RateLimitError,
} from "../../errors/classes.ts";
import { printableLine } from "../../errors/printable.ts";
import type { ResolvedLive } from "../../project/config/types.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import {
  fetchByNameOrId,
  type ResolvedVersion,
  resolvedFromSnapshot,
} from "../../project/versions/source.ts";
import {
  isUnknownForm,
  platformDown,
  renamedWarning,
  unknownFormWarning,
} from "../../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, pinText, refText } from "../../prompt.ts";
import { DevVersions, type DevVersionsOptions } from "./dev-versions.ts";
import { Poller } from "./poller.ts";
import type { RateLimiter } from "./rate-limiter.ts";

interface PlatformVersionsOptions extends DevVersionsOptions {
  readonly environment: string;
  readonly concurrency: number;
  /** One poll: the version that the platform serves now. The request is conditional, so "unchanged" costs little. */
  readonly fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** How often to poll; false: committed prompts are never polled. */
  readonly live: Pick<ResolvedLive, "intervalMs" | "maxRequestsPerSecond" | "label"> | false;
  readonly rateLimiter: RateLimiter;
  /** The longest pause that a `Retry-After` can ask for. */
  readonly retryMaxDelayMs: number;
  /** Only prompts in use are polled. */
  readonly isUsed: (ref: PromptRef) => boolean;
  readonly reporter: Reporter;
  /** Why no prompt can be fetched, such as refused credentials; undefined when they can again. */
  readonly onSiteProblem: (error: unknown) => void;
}

/**
 * Development never waits: the snapshot is served at once, and the platform is polled in the background, except for
 * pins on a version. Only a prompt that was never committed has to be fetched before it can be served.
 */
export class PlatformVersions extends DevVersions {
  readonly #options: PlatformVersionsOptions;
  readonly #warned = new Set<string>();
  readonly #limit;
  readonly #poller: Poller | undefined;
  /** What was reported of the outage that is under way. */
  readonly #reported = new Set<"down" | "refused">();

  constructor(options: PlatformVersionsOptions) {
    super(options);
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
    const { reporter, live, rateLimiter, isUsed } = options;
    if (live === false) return;
    this.#poller = new Poller({
      ...live,
      // With a label to preview, a poll is two requests.
      maxRequestsPerSecond: live.maxRequestsPerSecond / (live.label === undefined ? 1 : 2),
      rateLimiter,
      isUsed,
      poll: (ref) => this.#poll(ref),
      onOutage: (error) => this.#failed(error),
      onBack: () => this.#isBack(),
      onStretch: (intervalMs) =>
        reporter.info(
          `Many prompts are loaded, so each is polled every ${Math.ceil(intervalMs / 1000)} s to stay within live.maxRequestsPerSecond.`,
        ),
    });
  }

  close(): void {
    this.#poller?.close();
  }

  protected async first(ref: PromptRef): Promise<ResolvedVersion> {
    let wasJustFetched = true;
    try {
      const snapshot = await this.#options.loadSnapshot(ref);
      wasJustFetched = snapshot === undefined;
      if (snapshot !== undefined) return resolvedFromSnapshot(snapshot, "snapshot");
      const version = await this.#limit(() => this.#options.fetchVersion(ref));
      this.#options.onChange(ref);
      return { ref, version, source: "platform", environment: this.#options.environment, snapshot };
    } catch (error) {
      if (!isOutage(error)) throw error;
      throw platformDown(ref, error, `nothing is committed for ${refText(ref)}`);
    } finally {
      // Also after a failure: the prompt may exist at the next poll.
      if (ref.pin.kind === "label") this.#poller?.add(ref, { wasJustFetched });
    }
  }

  async #poll(ref: PromptRef): Promise<void> {
    const { live, environment } = this.#options;
    const served = await this.served(ref);
    const label = live === false ? undefined : live.label;
    const isEnough = label === undefined || label === pinText(ref.pin);
    const labelled = isEnough
      ? {}
      : await this.#ask({ name: ref.name, pin: { kind: "label", label } }, served);
    const { version, problem } = await this.#ask(ref, served);
    if (problem !== undefined) return this.refused(ref, problem);
    if (version === undefined) return;
    if (version.renamedTo !== undefined) this.#warnOnce(renamedWarning(ref, version.renamedTo));
    // What was promoted between the two requests is one of the two.
    const isPreview = ![version.id, served?.version.id].includes(labelled.version?.id);
    const preview = isPreview ? labelled.version : undefined;
    // A label that points at nothing has no preview.
    const isEmpty =
      labelled.problem instanceof NotFoundError || labelled.problem instanceof NoProductionVersionError;
    const { snapshot } = served ?? {};
    const found = { ref, version, source: "platform", environment, snapshot, preview } as const;
    await this.found(isEmpty ? found : { ...found, problem: labelled.problem });
  }

  /**
   * @returns neither for an unknown form if a version is served: that goes on
   * @throws an error that concerns every prompt
   */
  async #ask(
    ref: PromptRef,
    served: ResolvedVersion | undefined,
  ): Promise<{ readonly version?: PromptVersionData; readonly problem?: unknown }> {
    try {
      const promptIdOf = async () => served?.version.promptId;
      return { version: await fetchByNameOrId(ref, this.#options.fetchVersion, promptIdOf) };
    } catch (problem) {
      if (isOutage(problem) || concernsEveryPrompt(problem)) throw problem;
      if (served === undefined || !isUnknownForm(problem)) return { problem };
      this.#warnOnce(unknownFormWarning(problem, served.version));
      return {};
    }
  }

  /** Reports what concerns every prompt; returns how long the platform asks to wait. */
  #failed(error: unknown): number {
    const { onSiteProblem, reporter, retryMaxDelayMs } = this.#options;
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
    return Math.min(retryAfter * 1000, retryMaxDelayMs);
  }

  #isBack(): void {
    if (this.#reported.has("refused")) this.#options.onSiteProblem(undefined);
    if (this.#reported.has("down")) this.#options.reporter.info("The Scope platform is back.");
    this.#reported.clear();
  }

  #warnOnce(text: string): void {
    if (!this.#warned.has(text)) this.#options.reporter.warn(text);
    this.#warned.add(text);
  }
}
