import { AuthorizationError, NoProductionVersionError, NotFoundError } from "../../errors/classes.ts";
import { type PromptRef, pinText, type Roles, refText } from "../../prompt.ts";
import type { Fetched } from "../api/fetch-version.ts";
import { isOutage } from "../api/is-outage.ts";
import type { Cancel } from "../http/cancel.ts";
import { type AnyPromptVersion, versionWarning } from "../prompt-version.ts";
import type { Requester } from "../requester.ts";
import { MemoryCache } from "./memory-cache.ts";
import type { SharedCache } from "./shared-cache.ts";
import { Flights } from "./single-flight.ts";
import { confirmed, createEntry, type VersionEntry } from "./version-entry.ts";

export interface VersionLoaderOptions {
  readonly requester: Requester;
  readonly memory: MemoryCache<VersionEntry>;
  readonly shared: SharedCache | undefined;
  readonly cacheTtlMs: number;
  readonly cacheMaxStaleMs: number;
  readonly retryMaxDelayMs: number;
  /** The roles in rendered messages. Default: the ones that model SDKs know. */
  readonly roles?: Roles | undefined;
  readonly clock: () => number;
  readonly warn: (message: string) => void;
  /** Receives a line on where a version came from and why. Default: none. */
  readonly debug?: ((line: () => string) => void) | undefined;
}

/** One running fetch. */
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
  readonly #flights = new Flights<AnyPromptVersion>();
  readonly #warned = new MemoryCache<true>(1000);
  #generation = 0;

  constructor(options: VersionLoaderOptions) {
    this.#options = options;
  }

  /** @param ttlMs the call's own; default the client's. With 0 the platform is always asked. */
  load(ref: PromptRef, ttlMs: number | undefined, cancel: Cancel | undefined): Promise<AnyPromptVersion> {
    const key = keyOf(ref);
    const entry = this.#options.memory.get(key);
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
    this.#options.memory.clear();
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
    const { memory, shared } = this.#options;
    const job: Job = { key, ref, ttlMs, cancel, generation: this.#generation, known: memory.get(key) };
    return shared === undefined ? this.#fetchFromPlatform(job) : this.#fetchShared(job, shared);
  }

  /** The version from the platform, or the known one if the platform confirms it or is down. */
  async #fetchFromPlatform(job: Job): Promise<AnyPromptVersion> {
    const { memory, clock, requester, retryMaxDelayMs } = this.#options;
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
        memory.delete(key);
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
    if (job.generation === this.#generation) this.#options.memory.set(job.key, entry);
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
    this.#options.debug?.(() => `${refText(ref)}: version ${version.versionNumber} ${what}`);
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
