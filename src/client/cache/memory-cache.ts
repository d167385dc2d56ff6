/** A map that never holds more than `maxEntries`: the entry that was set first makes room for a new one. */
export class MemoryCache<T> extends Map<string, T> {
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    super();
    this.#maxEntries = maxEntries;
  }

  override set(key: string, value: T): this {
    // Deleted first, so that it moves to the young end.
    this.delete(key);
    if (this.size >= this.#maxEntries) this.delete(this.keys().next().value as string);
    return super.set(key, value);
  }
}
