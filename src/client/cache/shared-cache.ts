import { type PromptRef, pinText, type Roles } from "../../prompt.ts";
import type { CacheStore } from "../connection/types.ts";
import { within } from "../http/limits.ts";
import { decodeShared, encodeShared } from "./shared-entry.ts";
import type { VersionEntry } from "./version-entry.ts";

export interface SharedCacheOptions {
  readonly store: CacheStore;
  readonly baseUrl: string;
  readonly apiVersion: string;
  readonly orgId: string;
  readonly environment: string;
  /** How long the store keeps a version, in milliseconds. */
  readonly keepMs: number;
  /** The roles in rendered messages. Default: the ones that model SDKs know. */
  readonly roles?: Roles | undefined;
  readonly clock: () => number;
  readonly warn: (message: string) => void;
}

/** First part of every key. The number changes with the format of the entries. */
const FORMAT = "unplugin-scope:1";
/** A store that takes longer is of no use. */
const OPERATION_TIMEOUT_MS = 2000;
/** How long the store is left alone after a failure. */
const PAUSE_MS = 30_000;

/** Optional parts of a Keyv store. */
interface StoreExtras {
  on?(event: "error", listener: (error: unknown) => void): unknown;
  off?(event: "error", listener: (error: unknown) => void): unknown;
  iterator?: ((namespace?: string) => AsyncIterable<readonly [string, unknown]>) | undefined;
}

/**
 * Versions in a store that several processes share. If anything is wrong with the store, the client works without it,
 * and says so once. Entries don't contain secrets.
 */
export class SharedCache {
  readonly #options: SharedCacheOptions;
  readonly #store: CacheStore & StoreExtras;
  readonly #prefix: string;
  /** The keys that this process wrote, for a store that can't list its keys. */
  readonly #keys = new Set<string>();
  readonly #onError = (error: unknown) => this.#fail(error);
  #pausedUntilMs = 0;
  #hasWarned = false;

  constructor(options: SharedCacheOptions) {
    this.#options = options;
    this.#store = options.store;
    const { baseUrl, apiVersion, orgId, environment } = options;
    const scope = [baseUrl, apiVersion, orgId, environment].map(encodeURIComponent);
    this.#prefix = `${FORMAT}:${scope.join(":")}:`;
    // An error event without a listener would end the process.
    this.#store.on?.("error", this.#onError);
  }

  /** The store's entry for `ref`; undefined if there is nothing usable. */
  async read(ref: PromptRef): Promise<VersionEntry | undefined> {
    const key = this.#key(ref);
    const stored = await this.#run(async () => this.#store.get(key));
    if (stored === undefined || stored === null) return undefined;
    try {
      return decodeShared(stored, key, ref, this.#options.clock(), this.#options.roles);
    } catch (error) {
      this.#warnOnce("has entries that aren't ours", error);
      return undefined;
    }
  }

  async write(ref: PromptRef, entry: VersionEntry): Promise<void> {
    const key = this.#key(ref);
    if (this.#store.iterator === undefined) this.#keys.add(key);
    const text = encodeShared(key, entry);
    await this.#run(async () => this.#store.set(key, text, this.#options.keepMs));
  }

  async delete(ref: PromptRef): Promise<void> {
    await this.#run(async () => this.#store.delete(this.#key(ref)));
  }

  /**
   * Deletes this organisation's and environment's entries from the store. If the store can't list its keys, deletes
   * only what this process wrote.
   */
  async clear(): Promise<void> {
    await this.#run(async () => {
      const found = [...this.#keys];
      for await (const [key] of this.#store.iterator?.() ?? []) found.push(String(key));
      for (const key of found) if (key.startsWith(this.#prefix)) await this.#store.delete(key);
      this.#keys.clear();
    }, 10 * OPERATION_TIMEOUT_MS);
  }

  close(): void {
    this.#store.off?.("error", this.#onError);
  }

  #key({ name, pin }: PromptRef): string {
    return `${this.#prefix}${encodeURIComponent(name)}:${pin.kind}:${encodeURIComponent(pinText(pin))}`;
  }

  async #run<T>(operation: () => Promise<T>, timeoutMs = OPERATION_TIMEOUT_MS): Promise<T | undefined> {
    if (this.#options.clock() < this.#pausedUntilMs) return undefined;
    try {
      const late = () => new Error(`no response within ${timeoutMs} ms`);
      return await within(operation(), undefined, timeoutMs, late);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #fail(error: unknown): void {
    this.#pausedUntilMs = this.#options.clock() + PAUSE_MS;
    this.#warnOnce("doesn't work", error);
  }

  #warnOnce(what: string, error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.warn(`The cacheStore ${what}, so it isn't used: ${reason}`);
  }
}
