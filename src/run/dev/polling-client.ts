import type { Fetched } from "../../client/api/fetch-version.ts";
import type { ResolvedConnection } from "../../client/connection/types.ts";
import { Requester, type RequesterParts } from "../../client/requester.ts";
import { watchRequests } from "../../client/telemetry.ts";
import {
  ConnectionError,
  InvalidCredentialsError,
  NoProductionVersionError,
  NotFoundError,
} from "../../errors/classes.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import { rateLimiterOf } from "./poller.ts";

/** A refused login isn't tried again within this time, however many prompts need it. */
const REFUSED_MS = 1000;

/** `at`: when the platform said so, on the monotonic clock. */
type Known = Fetched & { readonly at: number };

/**
 * Polls the platform: each request is conditional, so that an unchanged version costs no body. It doesn't retry (its
 * caller polls again), and returns nothing old in an outage. Those who ask for the same at once share a request.
 */
export class PollingClient {
  readonly #connection: ResolvedConnection;
  readonly #watch: RequesterParts["watch"];
  /** Made for the first poll: without an address that one fails, while development serves what is committed. */
  #requester: Requester | undefined;
  readonly #known = new Map<string, Known>();
  readonly #underWay = new Map<string, Promise<PromptVersionData>>();
  #refusal: { readonly error: InvalidCredentialsError; readonly at: number } | undefined;

  /** @param gapMs between two requests, logins among them */
  constructor(connection: ResolvedConnection, gapMs: number) {
    const rateLimiter = rateLimiterOf(connection);
    // The application's hooks only see its own requests.
    const watch = watchRequests(false, () => performance.now());
    // The debug log has the time of the request, without that in line.
    this.#watch = async (attempt, run) => {
      await rateLimiter.slot(gapMs);
      return watch(attempt, run);
    };
    this.#connection = { ...connection, maxRetries: 0 };
  }

  /**
   * What the platform serves now; the very same object while the platform says that nothing changed.
   *
   * @param maxAgeMs what it said within this time is not asked again. Default: it's asked
   * @throws the client's errors; ConfigurationError `base_url_missing` without an address
   */
  async fetch(ref: PromptRef, maxAgeMs = 0): Promise<PromptVersionData> {
    const key = refKey(ref);
    const recent = this.known(ref, maxAgeMs);
    if (recent !== undefined) return recent;
    const fetched = this.#underWay.get(key) ?? this.#poll(ref).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, fetched);
    return fetched;
  }

  /** What the platform said last, if it said so within this time. */
  known(ref: PromptRef, maxAgeMs = Number.POSITIVE_INFINITY): PromptVersionData | undefined {
    const known = this.#known.get(refKey(ref));
    return known && performance.now() - known.at < maxAgeMs ? known.data : undefined;
  }

  async #poll(ref: PromptRef): Promise<PromptVersionData> {
    const key = refKey(ref);
    const known = this.#known.get(key);
    if (this.#refusal !== undefined && performance.now() - this.#refusal.at < REFUSED_MS)
      throw this.#refusal.error;
    try {
      this.#requester ??= new Requester(this.#connection, { watch: this.#watch });
      const fetched = await this.#requester.fetchVersion(ref, { etag: known?.etag });
      const now = { ...(fetched ?? (known as Known)), at: performance.now() };
      this.#known.set(key, now);
      return now.data;
    } catch (error) {
      if (error instanceof InvalidCredentialsError) this.#refusal = { error, at: performance.now() };
      if (error instanceof NotFoundError || error instanceof NoProductionVersionError)
        this.#known.delete(key);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#requester?.close(
      new ConnectionError("The development server was closed.", { code: "client_closed" }),
    );
  }
}
