import { RateLimitError } from "../errors/classes.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { refKey, refText } from "../prompt.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { stableJson } from "../snapshot/stable-json.ts";
import { type Answer, type AnswerProvider, answerFrom, platformDown } from "./answers.ts";
import { Poller } from "./poller.ts";
import type { Reporter } from "./run-report.ts";

export interface DevAnswersOptions {
  readonly environment: string;
  /** One look: the version the platform serves now, asked with a condition so that "unchanged" costs little. */
  readonly lookAt: (ref: PromptRef) => Promise<PromptVersionData>;
  readonly isOutage: (error: unknown) => boolean;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** How often to look; false: prompts that are committed are never looked at. */
  readonly live: { readonly intervalMs: number; readonly maxRequestsPerSecond: number } | false;
  readonly reporter: Reporter;
  /** The version of a prompt that is loaded changed. */
  readonly onChange: (ref: PromptRef) => void;
  /** The platform refuses a prompt that is loaded; undefined when it no longer does. */
  readonly onFault: (ref: PromptRef, error: unknown) => void;
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
  readonly #poller: Poller | undefined;

  constructor(options: DevAnswersOptions) {
    this.#options = options;
    const { reporter, live } = options;
    if (live === false) return;
    this.#poller = new Poller({
      intervalMs: live.intervalMs,
      maxRequestsPerSecond: live.maxRequestsPerSecond,
      look: (ref) => this.#look(ref),
      pauseOf: (error) =>
        error instanceof RateLimitError && error.retryAfter !== undefined
          ? error.retryAfter * 1000
          : undefined,
      onOutage: (error) =>
        reporter.warn(
          `The Scope platform cannot be reached (${(error as Error).message}). What was loaded last is served until it is back.`,
        ),
      onBack: () => reporter.info("The Scope platform is back."),
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
      // The next import of it asks again: the prompt may have been made in the meantime.
      answer.catch(() => this.#answers.delete(key));
    }
    return answer;
  }

  close(): void {
    this.#poller?.close();
  }

  async #first(ref: PromptRef): Promise<Answer> {
    const snapshot = await this.#options.loadSnapshot(ref);
    const answer = snapshot ? answerFrom(snapshot, "snapshot") : await this.#fetchFirst(ref);
    this.#poller?.add(ref);
    return answer;
  }

  async #fetchFirst(ref: PromptRef): Promise<Answer> {
    try {
      return this.#fromPlatform(ref, await this.#options.lookAt(ref), undefined);
    } catch (error) {
      throw this.#options.isOutage(error)
        ? platformDown(ref, error, `nothing is committed for ${refText(ref)}`)
        : error;
    }
  }

  async #look(ref: PromptRef): Promise<void> {
    const key = refKey(ref);
    const present = await this.#answers.get(key);
    if (present === undefined) return;
    let version: PromptVersionData;
    try {
      version = await this.#options.lookAt(ref);
    } catch (error) {
      if (this.#options.isOutage(error)) throw error;
      if (!this.#faulty.has(key)) this.#options.onFault(ref, error);
      this.#faulty.add(key);
      return;
    }
    if (this.#faulty.delete(key)) this.#options.onFault(ref, undefined);
    if (isSame(present.version, version)) return;
    this.#answers.set(key, Promise.resolve(this.#fromPlatform(ref, version, present.snapshot)));
    this.#options.onChange(ref);
  }

  #fromPlatform(ref: PromptRef, version: PromptVersionData, snapshot: SnapshotEntry | undefined): Answer {
    return { ref, version, source: "platform", environment: this.#options.environment, snapshot };
  }
}

/** Times and who is production may differ between what is committed and what is served. */
function isSame(a: PromptVersionData, b: PromptVersionData): boolean {
  const essence = ({ id, content, metadata, status, versionNumber }: PromptVersionData) =>
    stableJson({ id, content, metadata, status, versionNumber });
  return essence(a) === essence(b);
}
