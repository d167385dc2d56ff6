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

interface VersionLoaderOptions
  extends Pick<
    ResolvedConnection,
    "cacheMaxEntries" | "cacheTtlMs" | "cacheMaxStaleMs" | "retryMaxDelayMs" | "roles"
  > {
  readonly requester: Requester;
  readonly shared: SharedCache | undefined;
  readonly clock: () => number;
  readonly warn: (message: string) => void;
  /** Receives a line on where a version came from and why. */
  readonly debug: (line: () => string) => void;
}

/** A fetch that any number of callers wait for. It's aborted when all of them have given up. */
interface Flight {
  readonly promise: Promise<AnyPromptVersion>;
  readonly cancel: Cancel;
  /** The number of callers that could still give up. A caller that can't counts until the end. */
  waiters: number;
}

interface Job {
  readonly key: string;
  readonly ref: PromptRef;
  readonly ttlMs: number | undefined;
  readonly cancel: Cancel;
  readonly generation: number;
  /** The newest known version, which is used in an outage. */
  known: CacheEntry | undefined;
}

/**
 * Decides whether a version comes from memory, from the fleet's store or from the platform. There's one request at a
 * time per prompt and pin. A stale version is served while a new one is fetched in the background, and in an outage.
 */
export class VersionLoader {
  readonly #options: VersionLoaderOptions;
  readonly #memory = new Map<string, CacheEntry>();
  readonly #flights = new Map<string, Flight>();
  /** Keys and version IDs that were warned about. */
  readonly #warned = new Map<string, true>();
  #generation = 0;

  constructor(options: VersionLoaderOptions) {
    this.#options = options;
  }

  /** @param ttlMs the call's own; default the client's. With 0 the platform is always asked. */
  load(ref: PromptRef, ttlMs: number | undefined, cancel: Cancel | undefined): Promise<AnyPromptVersion> {
    const key = keyOf(ref);
    const entry = this.#memory.get(key);
    if (entry !== undefined) {
      const age = this.#ageOf(entry, ttlMs);
      if (age !== "fresh") this.#debug(ref, `in memory is ${age}`, entry);
      // Nobody waits for it. Hooks have seen a failure, and unless it's an outage the next caller gets it.
      if (age === "stale" && this.#options.clock() >= entry.nextRefreshMs)
        this.#join(key, ref, ttlMs, undefined).catch(() => {});
      if (age !== "old") return entry.promise;
    }
    return this.#join(key, ref, ttlMs, cancel);
  }

  /** Doesn't read or write a cache, and doesn't share a request. */
  async loadDirect(ref: PromptRef, cancel: Cancel | undefined): Promise<AnyPromptVersion> {
    const fetched = await this.#options.requester.fetchVersion(ref, { cancel });
    return this.#entryOf(ref, fetched, undefined, undefined).version;
  }

  /** Clears the memory. A running request still resolves for its callers, but its version isn't kept. */
  clear(): void {
    this.#generation++;
    this.#memory.clear();
    this.#flights.clear();
  }

  #ageOf(entry: CacheEntry, ttlMs: number | undefined): "fresh" | "stale" | "old" {
    const { clock, cacheTtlMs, cacheMaxStaleMs } = this.#options;
    const ttl = ttlMs ?? entry.ttlMs ?? cacheTtlMs;
    const age = clock() - entry.confirmedAtMs;
    if (age < ttl) return "fresh";
    // A time of 0 means that nothing stale is wanted at all.
    return ttl === 0 || age >= ttl + cacheMaxStaleMs || entry.mustAsk ? "old" : "stale";
  }

  /**
   * The result of the fetch for `key`; starts one if there is none.
   *
   * @param cancel gives up for this caller only, with its reason
   */
  #join(
    key: string,
    ref: PromptRef,
    ttlMs: number | undefined,
    cancel: Cancel | undefined,
  ): Promise<AnyPromptVersion> {
    if (cancel?.aborted === true) return Promise.reject(cancel.reason);
    const flight = this.#flights.get(key) ?? this.#start(key, ref, ttlMs);
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

  #start(key: string, ref: PromptRef, ttlMs: number | undefined): Flight {
    const { shared } = this.#options;
    const cancel = new Cancel();
    const job = { key, ref, ttlMs, cancel, generation: this.#generation, known: this.#memory.get(key) };
    const fetched = shared === undefined ? this.#fetchFromPlatform(job) : this.#fetchShared(job, shared);
    const promise = fetched.finally(() => this.#end(key, flight));
    const flight: Flight = { promise, cancel, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  /** The version from the platform, or the known one if the platform confirms it or is down. */
  async #fetchFromPlatform(job: Job): Promise<AnyPromptVersion> {
    const { clock, requester, retryMaxDelayMs } = this.#options;
    const { key, ref, ttlMs, cancel, known } = job;
    try {
      const fetched = await requester.fetchVersion(ref, { etag: known?.etag, cancel });
      const entry = this.#entryOf(ref, fetched, known, ttlMs);
      this.#keep(job, entry);
      this.#warned.delete(key);
      this.#debug(ref, fetched.kind === "version" ? "was fetched" : "was confirmed", entry);
      return entry.version;
    } catch (error) {
      if (isGone(error)) {
        this.#memory.delete(key);
        throw error;
      }
      if (known === undefined || cancel.aborted) throw error;
      known.nextRefreshMs = clock() + retryMaxDelayMs;
      known.mustAsk = !isOutage(error);
      if (known.mustAsk) throw error;
      this.#debug(ref, "is served: it couldn't be refreshed", known);
      if (this.#ageOf(known, ttlMs) === "old") this.#warnStale(key, ref, known, error);
      return known.version;
    }
  }

  /**
   * The same with a fleet's store: what another process fetched if that is new enough, otherwise the platform's
   * version.
   */
  async #fetchShared(job: Job, shared: SharedCache): Promise<AnyPromptVersion> {
    const { ref, ttlMs, known } = job;
    const found = await shared.read(ref);
    if (found !== undefined) {
      this.#debug(ref, "is in the shared cache", found);
      if (known === undefined || found.confirmedAtMs > known.confirmedAtMs) this.#keep(job, found);
      const age = this.#ageOf(found, ttlMs);
      if (age === "fresh" || (known === undefined && age === "stale")) return found.version;
    }
    const before = job.known;
    try {
      const version = await this.#fetchFromPlatform(job);
      if (job.known !== before) await shared.write(ref, job.known as CacheEntry);
      return version;
    } catch (error) {
      if (isGone(error)) await shared.delete(ref);
      throw error;
    }
  }

  #keep(job: Job, entry: CacheEntry): void {
    job.known = entry;
    // A version requested before the cache was cleared isn't kept afterwards.
    if (job.generation === this.#generation)
      setBounded(this.#memory, job.key, entry, this.#options.cacheMaxEntries);
  }

  #entryOf(
    ref: PromptRef,
    fetched: Fetched,
    known: CacheEntry | undefined,
    ttlMs: number | undefined,
  ): CacheEntry {
    const { clock, roles } = this.#options;
    if (fetched.kind === "version") {
      const entry = createEntry(ref, fetched.data, fetched.etag, clock(), ttlMs, roles);
      this.#warnOnce(ref, entry.version);
      return entry;
    }
    // Only with an ETag of its own can it be unchanged.
    return { ...(known as CacheEntry), ...confirmed(clock(), ttlMs) };
  }

  #warnStale(key: string, ref: PromptRef, entry: CacheEntry, error: unknown): void {
    if (this.#warned.has(key)) return;
    setBounded(this.#warned, key, true, MAX_WARNED);
    const minutes = Math.round((this.#options.clock() - entry.confirmedAtMs) / 60_000);
    this.#options.warn(
      `Prompt "${ref.name}" (${pinText(ref.pin)}) couldn't be refreshed. Version ${entry.version.versionNumber}, confirmed ${minutes} minutes ago, is served. ${(error as Error).message}`,
    );
  }

  #debug(ref: PromptRef, what: string, { version }: CacheEntry): void {
    this.#options.debug(() => `${refText(ref)}: version ${version.versionNumber} ${what}`);
  }

  #warnOnce(ref: PromptRef, version: AnyPromptVersion): void {
    if (this.#warned.has(version.id)) return;
    const warning = versionWarning(ref, version);
    if (warning === undefined) return;
    setBounded(this.#warned, version.id, true, MAX_WARNED);
    this.#options.warn(warning);
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
 * One text per prompt and pin. The most common one, production, has just the name, since joining texts costs more than
 * finding one. Every other key starts with a zero character, and so does the key of a name that itself starts with one.
 */
function keyOf({ name, pin }: PromptRef): string {
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

export interface CacheEntry {
  readonly version: AnyPromptVersion;
  /** Resolved with `version`, and returned as it is, so that a hit creates no object. */
  readonly promise: Promise<AnyPromptVersion>;
  readonly etag: string | undefined;
  /** When the platform last confirmed it, on the monotonic clock; before 0 for one that another process fetched. */
  readonly confirmedAtMs: number;
  /** The call's own `cacheTtl`, if it had one. */
  readonly ttlMs: number | undefined;
  /** No background refresh before this time: the last one failed. */
  nextRefreshMs: number;
  /** The last refresh failed with something other than an outage: the next caller fetches, and gets the error. */
  mustAsk: boolean;
}

export function createEntry(
  ref: PromptRef,
  data: PromptVersionData,
  etag: string | undefined,
  confirmedAtMs: number,
  ttlMs: number | undefined,
  roles?: Roles,
): CacheEntry {
  const version = new PromptVersion(ref, data, roles) as AnyPromptVersion;
  return {
    version,
    promise: Promise.resolve(version),
    etag,
    ...confirmed(confirmedAtMs, ttlMs),
  };
}

/** The part of an entry that is new each time the platform confirms it. */
function confirmed(confirmedAtMs: number, ttlMs: number | undefined) {
  return { confirmedAtMs, ttlMs, nextRefreshMs: 0, mustAsk: false };
}
