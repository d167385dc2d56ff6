import pLimit from "p-limit";
import { AuthenticationError, RateLimitError } from "../errors/classes.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { refKey, refText } from "../prompt.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { stableJson } from "../snapshot/stable-json.ts";
import { type Answer, type AnswerProvider, answerFrom, platformDown } from "./answers.ts";
import type { Pace } from "./dev-pace.ts";
import { Poller } from "./poller.ts";
import type { Reporter } from "./run-report.ts";

/** Waits between the tries of a prompt that is needed and was never committed. */
const RETRY_DELAYS_MS = [300, 900];

export interface DevAnswersOptions {
  readonly environment: string;
  readonly concurrency: number;
  /** One look: the version the platform serves now, asked with a condition so that "unchanged" costs little. */
  readonly lookAt: (ref: PromptRef) => Promise<PromptVersionData>;
  readonly isOutage: (error: unknown) => boolean;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** How often to look; false: prompts that are committed are never looked at. */
  readonly live: { readonly intervalMs: number; readonly maxRequestsPerSecond: number } | false;
  readonly pace?: Pace | undefined;
  /** The longest pause that a `Retry-After` can ask for. */
  readonly retryMaxDelayMs: number;
  /** Only what is used is looked at. */
  readonly isUsed: (ref: PromptRef) => boolean;
  readonly reporter: Reporter;
  /** A prompt has a version to serve that it had not before, or its first one and nothing committed. */
  readonly onChange: (ref: PromptRef) => void;
  /** The platform refuses a prompt that is served; undefined when it no longer does. */
  readonly onFault: (ref: PromptRef, error: unknown) => void;
  /** The platform refuses the credentials, and so every prompt; undefined when it no longer does. */
  readonly onSiteFault: (error: unknown) => void;
}

/**
 * Development never waits: the snapshot is served at once, and the platform is looked at behind it, again and
 * again. Only a prompt that was never committed has to be fetched before it can be served.
 */
export class DevAnswers implements AnswerProvider {
  readonly stale: readonly Answer[] = [];
  readonly outage = undefined;
  readonly #options: DevAnswersOptions;
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #faulty = new Set<string>();
  readonly #limit;
  readonly #poller: Poller | undefined;

  constructor(options: DevAnswersOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
    const { reporter, live, pace, isUsed, isOutage, onSiteFault, retryMaxDelayMs } = options;
    if (live === false) return;
    this.#poller = new Poller({
      ...live,
      pace,
      isUsed,
      look: (ref) => this.#look(ref),
      pauseOf: (error) =>
        error instanceof RateLimitError && error.retryAfter !== undefined
          ? Math.min(error.retryAfter * 1000, retryMaxDelayMs)
          : undefined,
      kindOf: (error) => (isOutage(error) ? "down" : "refused"),
      onOutage: (error) => {
        if (!isOutage(error)) return onSiteFault(error);
        reporter.warn(
          `The Scope platform cannot be reached (${(error as Error).message}). What was loaded last is served until it is back.`,
        );
      },
      onBack: (kinds) => {
        if (kinds.has("refused")) onSiteFault(undefined);
        if (kinds.has("down")) reporter.info("The Scope platform is back.");
      },
      onStretch: (intervalMs) =>
        reporter.info(
          `So many prompts are loaded that each is looked at every ${Math.ceil(intervalMs / 1000)} s, to stay within live.maxRequestsPerSecond.`,
        ),
    });
  }

  answer(ref: PromptRef): Promise<Answer> {
    const key = refKey(ref);
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#first(ref);
      this.#answers.set(key, answer);
      // The next import of it asks again, and so does the poller: it may be there by then.
      answer.catch(() => {
        this.#answers.delete(key);
        this.#poller?.add(ref, { wasJustFetched: true });
      });
    }
    return answer;
  }

  close(): void {
    this.#poller?.close();
  }

  async #first(ref: PromptRef): Promise<Answer> {
    const snapshot = await this.#options.loadSnapshot(ref);
    if (snapshot !== undefined) {
      this.#poller?.add(ref);
      return answerFrom(snapshot, "snapshot");
    }
    const answer = this.#fromPlatform(ref, await this.#limit(() => this.#fetchFirst(ref)), undefined);
    this.#poller?.add(ref, { wasJustFetched: true });
    this.#options.onChange(ref);
    return answer;
  }

  async #fetchFirst(ref: PromptRef): Promise<PromptVersionData> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#options.lookAt(ref);
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

  async #look(ref: PromptRef): Promise<void> {
    const key = refKey(ref);
    let version: PromptVersionData;
    try {
      version = await this.#options.lookAt(ref);
    } catch (error) {
      if (this.#options.isOutage(error) || error instanceof AuthenticationError) throw error;
      this.#refused(ref, error);
      return;
    }
    if (this.#faulty.delete(key)) this.#options.onFault(ref, undefined);
    const present = await this.#present(key);
    if (present !== undefined && isSame(present.version, version)) return;
    this.#answers.set(key, Promise.resolve(this.#fromPlatform(ref, version, present?.snapshot)));
    this.#options.onChange(ref);
  }

  /** What is served now; undefined while nothing is. */
  async #present(key: string): Promise<Answer | undefined> {
    try {
      return await this.#answers.get(key);
    } catch {
      // The import that asked was told, and asks again.
      return undefined;
    }
  }

  #refused(ref: PromptRef, error: unknown): void {
    const key = refKey(ref);
    // A prompt that was never served has no last good version: the import that needs it fails, and says so.
    if (!this.#answers.has(key)) return;
    this.#faulty.add(key);
    this.#options.onFault(ref, error);
  }

  #fromPlatform(ref: PromptRef, version: PromptVersionData, snapshot: SnapshotEntry | undefined): Answer {
    return { ref, version, source: "platform", environment: this.#options.environment, snapshot };
  }
}

/** Times, status and who is production may differ between what is committed and what is served. */
function isSame(a: PromptVersionData, b: PromptVersionData): boolean {
  const essence = ({ id, promptId, type, content, metadata, versionNumber }: PromptVersionData) =>
    stableJson({ id, promptId, type, content, metadata, versionNumber });
  return a === b || essence(a) === essence(b);
}
