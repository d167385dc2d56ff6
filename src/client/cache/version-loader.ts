import {
  AuthorizationError,
  isOutage,
  NoProductionVersionError,
  NotFoundError,
} from "../../errors/classes.ts";
import { type PromptRef, pinText, refText } from "../../prompt.ts";
import type { Fetched } from "../api/fetch-version.ts";
import type { ResolvedConnection } from "../connection/types.ts";
import { Cancel } from "../http/cancel.ts";
import { within } from "../http/limits.ts";
import { type AnyPromptVersion, versionWarning } from "../prompt-version.ts";
import type { Requester } from "../requester.ts";
import type { SharedCache } from "./shared-cache.ts";
import { confirmed, createEntry, type VersionEntry } from "./version-entry.ts";

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

interface Job {
  readonly key: string;
  readonly ref: PromptRef;
  readonly ttlMs: number | undefined;
  readonly cancel: Cancel;
  readonly generation: number;
  /** The newest known version, which is used in an outage. */
  known: VersionEntry | undefined;
}

/**
 * Decides whether a version comes from memory, from the fleet's store or from the platform. There's one request at a
 * time per prompt and pin. A stale version is served while a new one is fetched in the background, and in an outage.
 */
export class VersionLoader {
  readonly #options: VersionLoaderOptions;
  readonly #memory: MemoryCache<VersionEntry>;
  readonly #flights = new Flights<AnyPromptVersion>();
  readonly #warned = new MemoryCache<true>(1000);
  #generation = 0;

  constructor(options: VersionLoaderOptions) {
    this.#options = options;
    this.#memory = new MemoryCache(options.cacheMaxEntries);
  }

  /** @param ttlMs the call's own; default the client's. With 0 the platform is always asked. */
  load(ref: PromptRef, ttlMs: number | undefined, cancel: Cancel | undefined): Promise<AnyPromptVersion> {
    const key = keyOf(ref);
    const entry = this.#memory.get(key);
    if (entry !== undefined) {
      const age = this.#ageOf(entry, ttlMs);
      if (age !== "fresh") this.#debug(ref, `in memory is ${age}`, entry);
      if (age === "stale") this.#refreshBehind(key, ref, entry, ttlMs);
      if (age !== "old") return entry.promise;
    }
    return this.#flights.join(key, cancel, (flight) => this.#fetch(key, ref, ttlMs, flight));
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
    this.#flights.forget();
  }

  #ageOf(entry: VersionEntry, ttlMs: number | undefined): "fresh" | "stale" | "old" {
    const { clock, cacheTtlMs, cacheMaxStaleMs } = this.#options;
    const ttl = ttlMs ?? entry.ttlMs ?? cacheTtlMs;
    const age = clock() - entry.confirmedAtMs;
    if (age < ttl) return "fresh";
    // A time of 0 means that nothing stale is wanted at all.
    return ttl === 0 || age >= ttl + cacheMaxStaleMs || entry.mustAsk ? "old" : "stale";
  }

  #refreshBehind(key: string, ref: PromptRef, entry: VersionEntry, ttlMs: number | undefined): void {
    if (this.#options.clock() < entry.nextRefreshMs) return;
    this.#flights
      .join(key, undefined, (flight) => this.#fetch(key, ref, ttlMs, flight))
      // Nobody waits for it. Hooks have seen the failure, and unless it's an outage the next caller gets it.
      .catch(() => {});
  }

  #fetch(key: string, ref: PromptRef, ttlMs: number | undefined, cancel: Cancel): Promise<AnyPromptVersion> {
    const { shared } = this.#options;
    const known = this.#memory.get(key);
    const job: Job = { key, ref, ttlMs, cancel, generation: this.#generation, known };
    return shared === undefined ? this.#fetchFromPlatform(job) : this.#fetchShared(job, shared);
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
      if (job.known !== before) await shared.write(ref, job.known as VersionEntry);
      return version;
    } catch (error) {
      if (isGone(error)) await shared.delete(ref);
      throw error;
    }
  }

  #keep(job: Job, entry: VersionEntry): void {
    job.known = entry;
    // A version requested before the cache was cleared isn't kept afterwards.
    if (job.generation === this.#generation) this.#memory.set(job.key, entry);
  }

  #entryOf(
    ref: PromptRef,
    fetched: Fetched,
    known: VersionEntry | undefined,
    ttlMs: number | undefined,
  ): VersionEntry {
    const { clock, roles } = this.#options;
    if (fetched.kind === "version") {
      const entry = createEntry(ref, fetched.data, fetched.etag, clock(), ttlMs, roles);
      this.#warnOnce(ref, entry.version);
      return entry;
    }
    // Only with an ETag of its own can it be unchanged.
    return { ...(known as VersionEntry), ...confirmed(clock(), ttlMs) };
  }

  #warnStale(key: string, ref: PromptRef, entry: VersionEntry, error: unknown): void {
    if (this.#warned.get(key) === true) return;
    this.#warned.set(key, true);
    const minutes = Math.round((this.#options.clock() - entry.confirmedAtMs) / 60_000);
    this.#options.warn(
      `Prompt "${ref.name}" (${pinText(ref.pin)}) couldn't be refreshed. Version ${entry.version.versionNumber}, confirmed ${minutes} minutes ago, is served. ${(error as Error).message}`,
    );
  }

  #debug(ref: PromptRef, what: string, { version }: VersionEntry): void {
    this.#options.debug(() => `${refText(ref)}: version ${version.versionNumber} ${what}`);
  }

  #warnOnce(ref: PromptRef, version: AnyPromptVersion): void {
    if (this.#warned.get(version.id) === true) return;
    const warning = versionWarning(ref, version);
    if (warning === undefined) return;
    this.#warned.set(version.id, true);
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

/** A map that never holds more than `maxEntries`: the entry that was set first makes room for a new one. */
class MemoryCache<T> extends Map<string, T> {
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

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly cancel: Cancel;
  /** The number of callers that could still give up. A caller that can't counts until the end. */
  waiters: number;
}

/** One run per key for any number of callers. It's aborted when all of them have given up. */
class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * The result of the run for `key`; starts the run if there is none.
   *
   * @param cancel gives up for this caller only, with its reason
   */
  join(key: string, cancel: Cancel | undefined, start: (cancel: Cancel) => Promise<T>): Promise<T> {
    if (cancel?.aborted === true) return Promise.reject(cancel.reason);
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.waiters++;
    if (cancel === undefined) return flight.promise;
    const off = cancel.onAbort(() => this.#leave(key, flight, cancel.reason));
    return within(flight.promise, cancel).finally(off);
  }

  /** Lets every run finish for its callers; new callers start a new run. */
  forget(): void {
    this.#flights.clear();
  }

  #start(key: string, start: (cancel: Cancel) => Promise<T>): Flight<T> {
    const cancel = new Cancel();
    const promise = start(cancel).finally(() => this.#remove(key, flight));
    const flight: Flight<T> = { promise, cancel, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  /** One caller gives up. The run is aborted if it was the last one. */
  #leave(key: string, flight: Flight<T>, reason: unknown): void {
    flight.waiters--;
    if (flight.waiters > 0) return;
    // New callers must not join a run that is ending.
    this.#remove(key, flight);
    flight.cancel.abort(reason);
  }

  #remove(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
