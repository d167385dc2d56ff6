import {
  AuthorizationError,
  isOutage,
  NoProductionVersionError,
  NotFoundError,
} from "../../errors/classes.ts";
import { type PromptRef, type PromptVersionData, pinText, type Roles, refText } from "../../prompt.ts";
import type { Fetched } from "../api/fetch-version.ts";
import type { ResolvedConnection } from "../connection/types.ts";
import { Cancel, within } from "../http/cancel.ts";
import { type AnyPromptVersion, PromptVersion, versionWarning } from "../prompt-version.ts";
import type { Requester } from "../requester.ts";
import type { SharedCache } from "./shared-cache.ts";

const MAX_WARNED = 1000;

/** A fetch that any number of callers wait for. It's aborted when all of them have given up. */
interface Flight {
  readonly promise: Promise<AnyPromptVersion>;
  readonly cancel: Cancel;
  /** The number of callers that could still give up. A caller that can't counts until the end. */
  waiters: number;
}

/** What a loader asks, and where it keeps what it got. */
interface LoaderInput {
  readonly options: Pick<
    ResolvedConnection,
    "cacheMaxEntries" | "cacheTtl" | "cacheMaxStale" | "retryMaxDelay" | "roles"
  >;
  readonly requester: Requester;
  readonly shared: SharedCache | undefined;
  readonly clock: () => number;
  readonly warn: (message: string) => void;
  readonly debug: (line: () => string) => void;
}

/**
 * A version from memory, the fleet's store or the platform, with one request at a time per prompt and pin. A stale one
 * is served while a new one is fetched in the background, and in an outage.
 */
export class VersionLoader {
  readonly #input: LoaderInput;
  readonly #memory = new Map<string, CacheEntry>();
  readonly #flights = new Map<string, Flight>();
  /** Keys and version IDs that were warned about. */
  readonly #warned = new Map<string, true>();
  #generation = 0;

  constructor(input: LoaderInput) {
    this.#input = input;
  }

  /** @param ttl seconds, the call's own; default the client's. With 0 the platform is always asked. */
  load(ref: PromptRef, ttl: number | undefined, cancel: Cancel | undefined): Promise<AnyPromptVersion> {
    const key = cacheKey(ref);
    const entry = this.#memory.get(key);
    if (entry === undefined) return this.#join(key, ref, ttl, cancel);
    const age = this.#ageOf(entry, ttl);
    if (age !== "fresh") this.#explain(ref, `in memory is ${age}`, entry);
    // Nobody waits for it. Hooks have seen a failure, and unless it's an outage the next caller gets it.
    if (age === "stale" && this.#input.clock() >= entry.nextRefreshMs)
      this.#join(key, ref, ttl, undefined).catch(() => {});
    return age === "old" ? this.#join(key, ref, ttl, cancel) : entry.promise;
  }

  /** Doesn't read or write a cache, and doesn't share a request. */
  async loadDirect(ref: PromptRef, cancel: Cancel | undefined): Promise<AnyPromptVersion> {
    return this.#entryOf(ref, await this.#input.requester.fetchVersion(ref, { cancel })).version;
  }

  /** Clears the memory. A running request still resolves for its callers, but its version isn't kept. */
  clear(): void {
    this.#generation++;
    this.#memory.clear();
    this.#flights.clear();
  }

  #ageOf(entry: CacheEntry, own: number | undefined): "fresh" | "stale" | "old" {
    const { options, clock } = this.#input;
    const ttl = own ?? entry.ttl ?? options.cacheTtl;
    const age = (clock() - entry.confirmedAtMs) / 1000;
    if (age < ttl) return "fresh";
    // A time of 0 means that nothing stale is wanted at all.
    return ttl === 0 || age >= ttl + options.cacheMaxStale || entry.mustAsk ? "old" : "stale";
  }

  /** The result of the fetch for `key`; starts one if there is none. `cancel` gives up for this caller only. */
  #join(key: string, ref: PromptRef, ttl: number | undefined, cancel: Cancel | undefined) {
    if (cancel?.aborted === true) return Promise.reject(cancel.reason);
    const flight = this.#flights.get(key) ?? this.#start(key, ref, ttl);
    flight.waiters++;
    if (cancel === undefined) return flight.promise;
    const off = cancel.onAbort(() => {
      flight.waiters--;
      if (flight.waiters > 0) return;
      // New callers must not join a fetch that is ending.
      this.#end(key, flight);
      flight.cancel.abort(cancel.reason);
    });
    return within(flight.promise, cancel).finally(off);
  }

  #start(key: string, ref: PromptRef, ttl: number | undefined): Flight {
    const cancel = new Cancel();
    const promise = this.#fetchOne(key, ref, ttl, cancel).finally(() => this.#end(key, flight));
    const flight: Flight = { promise, cancel, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  /**
   * What another process fetched if that is new enough, otherwise the platform's version, or the known one if the
   * platform confirms it or is down.
   */
  async #fetchOne(key: string, ref: PromptRef, ttl: number | undefined, cancel: Cancel) {
    const { options, requester, shared, clock } = this.#input;
    const begun = this.#generation;
    const keep = (entry: CacheEntry) => {
      // A version requested before the cache was cleared isn't kept afterwards.
      if (begun === this.#generation) setBounded(this.#memory, key, entry, options.cacheMaxEntries);
    };
    let known = this.#memory.get(key);
    const found = shared && (await shared.read(ref));
    if (found !== undefined) {
      this.#explain(ref, "is in the shared cache", found);
      const age = this.#ageOf(found, ttl);
      const isUsable = age === "fresh" || (known === undefined && age === "stale");
      if (known === undefined || found.confirmedAtMs > known.confirmedAtMs) {
        known = found;
        keep(found);
      }
      if (isUsable) return found.version;
    }
    try {
      const fetched = await requester.fetchVersion(ref, { etag: known?.etag, cancel });
      const entry = this.#entryOf(ref, fetched, known, ttl);
      keep(entry);
      this.#warned.delete(key);
      this.#explain(ref, fetched === undefined ? "was confirmed" : "was fetched", entry);
      if (shared !== undefined) await shared.write(ref, entry);
      return entry.version;
    } catch (error) {
      if (isGone(error)) {
        this.#memory.delete(key);
        await shared?.delete(ref);
      }
      if (isGone(error) || known === undefined || cancel.aborted) throw error;
      known.nextRefreshMs = clock() + options.retryMaxDelay * 1000;
      known.mustAsk = !isOutage(error);
      if (known.mustAsk) throw error;
      this.#explain(ref, "is served: it couldn't be refreshed", known);
      if (this.#ageOf(known, ttl) === "old") {
        const { name, pin } = ref;
        const minutes = Math.round((clock() - known.confirmedAtMs) / 60_000);
        const text = `Prompt "${name}" (${pinText(pin)}) couldn't be refreshed. Version ${known.version.versionNumber}, confirmed ${minutes} minutes ago, is served.`;
        this.#warnOnce(key, `${text} ${(error as Error).message}`);
      }
      return known.version;
    }
  }

  #entryOf(ref: PromptRef, fetched: Fetched | undefined, known?: CacheEntry, ttl?: number): CacheEntry {
    const { options, clock } = this.#input;
    // Only with an ETag of its own can it be unchanged.
    if (fetched === undefined) return { ...(known as CacheEntry), ...confirmed(clock(), ttl) };
    const entry = createEntry(ref, fetched.data, fetched.etag, clock(), ttl, options.roles);
    if (!this.#warned.has(entry.version.id))
      this.#warnOnce(entry.version.id, versionWarning(ref, entry.version));
    return entry;
  }

  #warnOnce(key: string, warning: string | undefined): void {
    if (warning === undefined || this.#warned.has(key)) return;
    setBounded(this.#warned, key, true, MAX_WARNED);
    this.#input.warn(warning);
  }

  #explain(ref: PromptRef, what: string, { version }: CacheEntry): void {
    this.#input.debug(() => `${refText(ref)}: version ${version.versionNumber} ${what}`);
  }
}

/** The prompt isn't available (any more), so its cached version isn't served either. */
function isGone(error: unknown): boolean {
  return (
    error instanceof NotFoundError ||
    error instanceof AuthorizationError ||
    error instanceof NoProductionVersionError
  );
}

/**
 * Production, the most common pin, has just the name: joining texts costs more than finding one. Every other key starts
 * with a zero character, and so does that of a name that starts with one.
 */
function cacheKey({ name, pin }: PromptRef): string {
  if (pin.kind === "version") return `\0version ${JSON.stringify(pin.versionId)} ${name}`;
  return pin.label === "production" && !name.startsWith("\0") ? name : `\0${pin.label} ${name}`;
}

/** Sets an entry of a map that never holds more than `max`: the one that was set first makes room for a new one. */
function setBounded<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  // Deleted first, so that it moves to the young end.
  map.delete(key);
  if (map.size >= max) map.delete(map.keys().next().value as string);
  map.set(key, value);
}

export interface CacheEntry extends Confirmation {
  readonly version: AnyPromptVersion;
  /** Resolved with `version`, and returned as it is, so that a hit creates no object. */
  readonly promise: Promise<AnyPromptVersion>;
  readonly etag: string | undefined;
}

/**
 * @param confirmedAtMs when the platform last confirmed it, on the monotonic clock; before 0 for one that another
 * process fetched
 * @param ttl the call's own `cacheTtl`, if it had one
 */
export function createEntry(
  ref: PromptRef,
  data: PromptVersionData,
  etag: string | undefined,
  confirmedAtMs: number,
  ttl: number | undefined,
  roles?: Roles,
): CacheEntry {
  const version = new PromptVersion(ref, data, roles) as AnyPromptVersion;
  return { version, promise: Promise.resolve(version), etag, ...confirmed(confirmedAtMs, ttl) };
}

/** The part of an entry that is new each time the platform confirms it. */
interface Confirmation {
  readonly confirmedAtMs: number;
  readonly ttl: number | undefined;
  /** No background refresh before, since the last one failed. */
  nextRefreshMs: number;
  /** The last refresh failed with something other than an outage, so the next caller fetches. */
  mustAsk: boolean;
}

function confirmed(confirmedAtMs: number, ttl: number | undefined): Confirmation {
  return { confirmedAtMs, ttl, nextRefreshMs: 0, mustAsk: false };
}
