import { isTooDeep, type PromptRef, pinText, type Roles } from "../../prompt.ts";
import { decodeVersion } from "../api/decode-version.ts";
import type { CacheStore, ResolvedConnection } from "../connection/types.ts";
import { within } from "../http/cancel.ts";
import { versionData } from "../prompt-version.ts";
import { type CacheEntry, createEntry } from "./version-loader.ts";

/** First part of every key. The number changes with the format of the entries. */
const FORMAT = "unplugin-scope:1";
/** A store that takes longer is of no use. */
const OPERATION_TIMEOUT_MS = 2000;
/** How long the store is left alone after a failure. */
const PAUSE_MS = 30_000;
/** The clocks of a fleet's machines can differ by this much. */
const MAX_SKEW_MS = 60_000;

interface StoreExtras {
  on?(event: "error", listener: (error: unknown) => void): unknown;
  off?(event: "error", listener: (error: unknown) => void): unknown;
  iterator?: ((namespace?: string) => AsyncIterable<readonly [string, unknown]>) | undefined;
}

/** Versions, without secrets, in a store that several processes share. Without it the client works too, and says so once. */
export class SharedCache {
  readonly #store: CacheStore & StoreExtras;
  readonly #prefix: string;
  readonly #roles: Roles;
  readonly #keepMs: number;
  readonly #clock: () => number;
  readonly #warn: (message: string) => void;
  /** The keys that this process wrote, for a store that can't list its keys. */
  readonly #written = new Set<string>();
  #pausedUntilMs = 0;
  #hasWarned = false;

  /** @param keepMs how long the store keeps a version */
  constructor(
    { baseUrl, apiVersion, environment, roles }: ResolvedConnection,
    store: CacheStore,
    orgId: string,
    keepMs: number,
    clock: () => number,
    warn: (message: string) => void,
  ) {
    const scope = [baseUrl ?? "", apiVersion, orgId, environment].map(encodeURIComponent);
    this.#store = store;
    this.#prefix = `${FORMAT}:${scope.join(":")}:`;
    this.#roles = roles;
    this.#keepMs = keepMs;
    this.#clock = clock;
    this.#warn = warn;
    // An error event without a listener would end the process.
    this.#store.on?.("error", this.#fail);
  }

  /** The store's entry for `ref`; undefined if there is nothing usable. */
  async read(ref: PromptRef): Promise<CacheEntry | undefined> {
    const key = this.#keyOf(ref);
    const stored = await this.#run(async () => this.#store.get(key));
    if (stored === undefined || stored === null) return undefined;
    try {
      return decodeEntry(stored, key, ref, this.#clock(), this.#roles);
    } catch (error) {
      this.#warnOnce("has entries that aren't ours", error);
      return undefined;
    }
  }

  async write(ref: PromptRef, entry: CacheEntry): Promise<void> {
    const key = this.#keyOf(ref);
    if (this.#store.iterator === undefined) this.#written.add(key);
    const text = encodeEntry(key, entry);
    await this.#run(async () => this.#store.set(key, text, this.#keepMs));
  }

  async delete(ref: PromptRef): Promise<void> {
    await this.#run(async () => this.#store.delete(this.#keyOf(ref)));
  }

  /** Deletes this organisation's and environment's entries; without a list of keys, what this process wrote. */
  async clear(): Promise<void> {
    await this.#run(async () => {
      const found = [...this.#written];
      for await (const [key] of this.#store.iterator?.() ?? []) found.push(String(key));
      for (const key of found) if (key.startsWith(this.#prefix)) await this.#store.delete(key);
      this.#written.clear();
    }, 10 * OPERATION_TIMEOUT_MS);
  }

  close(): void {
    this.#store.off?.("error", this.#fail);
  }

  async #run<T>(operation: () => Promise<T>, timeoutMs = OPERATION_TIMEOUT_MS): Promise<T | undefined> {
    if (this.#clock() < this.#pausedUntilMs) return undefined;
    try {
      const late = () => new Error(`no response within ${timeoutMs} ms`);
      return await within(operation(), undefined, timeoutMs, late);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  readonly #fail = (error: unknown): void => {
    this.#pausedUntilMs = this.#clock() + PAUSE_MS;
    this.#warnOnce("doesn't work", error);
  };

  #warnOnce(what: string, error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#warn(`The cacheStore ${what}, so it isn't used: ${reason}`);
  }

  #keyOf({ name, pin }: PromptRef): string {
    return `${this.#prefix}${encodeURIComponent(name)}:${pin.kind}:${encodeURIComponent(pinText(pin))}`;
  }
}

/** In the form of a response from the platform. The key shows an entry that was moved; the time is the wall clock's. */
function encodeEntry(key: string, { version }: CacheEntry): string {
  const { type, declaredVariables, ...data } = versionData(version);
  const fields = Object.entries({ ...data, promptType: type, variables: declaredVariables });
  const named = fields.map(([name, value]) => [name.replace(/[A-Z]/g, "_$&").toLowerCase(), value]);
  return JSON.stringify({ key, confirmedAt: Date.now(), version: Object.fromEntries(named) });
}

/** The entry in `stored`, checked as strictly as a response from the platform. Throws if it isn't one of this key. */
function decodeEntry(stored: unknown, key: string, ref: PromptRef, nowMs: number, roles: Roles): CacheEntry {
  if (typeof stored !== "string") throw new TypeError(`an entry is of type ${typeof stored}`);
  if (isTooDeep(stored)) throw new RangeError("an entry is nested too deep");
  const entry = Object(JSON.parse(stored));
  if (entry.key !== key) throw new TypeError("an entry belongs to another key");
  const { confirmedAt } = entry;
  if (!Number.isFinite(confirmedAt)) throw new TypeError("an entry has no time");
  // Clocks differ: an entry from slightly in the future counts as new, one from far away would do so forever.
  const age = Date.now() - confirmedAt;
  if (age < -MAX_SKEW_MS) throw new RangeError("an entry has a time ahead of this machine's clock");
  const data = decodeVersion(entry.version, ref);
  // Without an ETag: nothing proves that it belongs to this content, and a 304 would confirm the pair forever.
  return createEntry(ref, data, undefined, nowMs - Math.max(0, age), undefined, roles);
}
