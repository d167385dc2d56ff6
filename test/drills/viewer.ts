/** Someone who sees prompts change: nothing may go back, and no edit stay unseen that no later one supersedes. */
export class Viewer {
  /** By prompt: the version seen last. */
  readonly latest: Record<string, number> = {};
  /** How many versions were seen. */
  seen = 0;
  /** The longest that what was seen was behind, in ms. */
  worstMs = 0;
  readonly #saved: ReadonlyMap<string, readonly number[]>;
  readonly #lostMs: number;
  readonly #beganAt = performance.now();

  /** @param saved by prompt, when each version was saved, on the monotonic clock in ms */
  constructor(saved: ReadonlyMap<string, readonly number[]>, lostMs: number) {
    this.#saved = saved;
    this.#lostMs = lostMs;
  }

  /**
   * A text with prompts in it, each as `prompt-3 v17.`
   *
   * @throws Error when a version is older than the one before it, or an edit is lost
   */
  saw(text: string, askedAt: number): void {
    for (const [, name = "", version] of text.matchAll(/(prompt-\d+) v(\d+)\./g)) {
      const before = this.latest[name] ?? 0;
      if (Number(version) < before)
        throw new Error(`${name} went back from version ${before} to ${version}.`);
      if (Number(version) > before) this.seen += 1;
      this.latest[name] = Number(version);
    }
    this.check(askedAt);
  }

  /** @throws Error when an edit is lost */
  check(at: number): void {
    for (const [name, times] of this.#saved) {
      // The first version that has not been seen, nor one after it.
      const savedAt = times[this.latest[name] ?? 0];
      if (savedAt === undefined) continue;
      const nextAt = Math.max(savedAt, this.#beganAt);
      this.worstMs = Math.max(this.worstMs, at - nextAt);
      if (at - nextAt > this.#lostMs)
        throw new Error(
          `${name}: version ${(this.latest[name] ?? 0) + 1} of ${times.length} is unseen after ${this.#lostMs} ms. Seen: ${JSON.stringify(this.latest)}`,
        );
    }
  }

  /** Whether the last version of every prompt has been seen. */
  hasLast(): boolean {
    return [...this.#saved].every(([name, times]) => this.latest[name] === times.length);
  }
}
