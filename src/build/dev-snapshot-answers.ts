import type { PromptRef } from "../prompt.ts";
import { refKey } from "../prompt.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { stableJson } from "../snapshot/stable-json.ts";
import { type Answer, type AnswerProvider, answerFrom } from "./answers.ts";
import { watchFolder } from "./dev-watch-folder.ts";

export interface SnapshotAnswersOptions {
  readonly snapshotDir: string;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** What a run without the platform answers, its errors included. */
  readonly policy: AnswerProvider;
  /** What is committed for a prompt that was asked for changed. */
  readonly onChange: (ref: PromptRef) => void;
  /** What is committed can no longer be used; undefined when it can again. */
  readonly onFault: (ref: PromptRef, error: unknown) => void;
}

/** Development without the platform: what is committed is served, and watched, so that a pull shows at once. */
export class SnapshotAnswers implements AnswerProvider {
  readonly stale: readonly Answer[] = [];
  readonly outage = undefined;
  readonly #options: SnapshotAnswersOptions;
  readonly #refs = new Map<string, PromptRef>();
  readonly #served = new Map<string, Answer>();
  readonly #faulty = new Set<string>();
  readonly #unwatch: () => void;
  /** One look after the other: the later one must not be overtaken. */
  #looks: Promise<void> = Promise.resolve();

  constructor(options: SnapshotAnswersOptions) {
    this.#options = options;
    this.#unwatch = watchFolder(options.snapshotDir, () => {
      this.#looks = this.#looks.then(() => this.#lookAtAll());
    });
  }

  async answer(ref: PromptRef): Promise<Answer> {
    const key = refKey(ref);
    const served = this.#served.get(key);
    if (served !== undefined) return served;
    const { policy, loadSnapshot } = this.#options;
    // The policy answers a prompt once and for all. Where that was a no, something may be committed by now.
    const snapshot = this.#refs.has(key) ? await loadSnapshot(ref) : undefined;
    this.#refs.set(key, ref);
    const answer = snapshot ? answerFrom(snapshot, "snapshot") : await policy.answer(ref);
    this.#served.set(key, answer);
    return answer;
  }

  close(): void {
    this.#unwatch();
  }

  async #lookAtAll(): Promise<void> {
    await Promise.all([...this.#refs.values()].map((ref) => this.#look(ref)));
  }

  async #look(ref: PromptRef): Promise<void> {
    const key = refKey(ref);
    const served = this.#served.get(key);
    let snapshot: SnapshotEntry | undefined;
    try {
      snapshot = await this.#options.loadSnapshot(ref);
    } catch (error) {
      // Where nothing is served the import itself fails, and says so.
      if (served === undefined) return;
      this.#faulty.add(key);
      this.#options.onFault(ref, error);
      return;
    }
    if (this.#faulty.delete(key)) this.#options.onFault(ref, undefined);
    // Gone, as in the middle of a change of branches: what was there is served until there is something again.
    if (snapshot === undefined) return;
    if (served !== undefined && stableJson(served.version) === stableJson(snapshot.version)) return;
    this.#served.set(key, answerFrom(snapshot, "snapshot"));
    this.#options.onChange(ref);
  }
}
