/** A map that never holds more than `maxEntries`, whatever is put into it. */
export class MemoryCache<T> {
  readonly #maxEntries: number;
  readonly #entries = new Map<string, { readonly value: T; isUsed: boolean }>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.isUsed = true;
    return entry.value;
  }

  set(key: string, value: T): void {
    // Deleted first, so that it moves to the young end.
    this.#entries.delete(key);
    if (this.#entries.size >= this.#maxEntries) this.#evict();
    this.#entries.set(key, { value, isUsed: false });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /**
   * The second-chance rule: the oldest is removed, unless it was read since it was last considered. This way reading
   * only sets a flag; moving the entry on each read would cost several times as much.
   */
  #evict(): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      if (!entry.isUsed) return;
      entry.isUsed = false;
      this.#entries.set(key, entry);
    }
  }
}
