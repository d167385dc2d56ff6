import { tracingChannel } from "node:diagnostics_channel";
import { oneLine } from "../errors/one-line.ts";
import type { Health, RequestLine } from "./api.ts";

/** The number of requests shown. */
const MAX_KEPT = 20;

interface Traced {
  readonly method: string;
  readonly url: string;
  readonly statusCode?: number;
  readonly error?: unknown;
}

/** What this process requests from the platform, and when that last failed. Listens until it's closed. */
export class RequestLog {
  readonly requests: RequestLine[] = [];
  lastOutage: Health["lastOutage"];
  readonly #channel = tracingChannel<Traced, Traced>("unplugin-scope:request");
  readonly #startedAt = new WeakMap<object, number>();
  readonly #listeners = {
    start: (traced: Traced) => void this.#startedAt.set(traced, performance.now()),
    end: () => {},
    asyncStart: () => {},
    asyncEnd: (traced: Traced) => this.#add(traced),
    error: () => {},
  };

  constructor() {
    this.#channel.subscribe(this.#listeners);
  }

  close(): void {
    this.#channel.unsubscribe(this.#listeners);
  }

  #add(traced: Traced): void {
    const { method, url, statusCode, error } = traced;
    const at = new Date().toISOString();
    const elapsedMs = Math.round(performance.now() - (this.#startedAt.get(traced) ?? performance.now()));
    this.requests.unshift({ at, method, path: new URL(url).pathname, status: statusCode, elapsedMs });
    this.requests.splice(MAX_KEPT);
    if (statusCode === undefined) this.lastOutage = { at, message: messageOf(error) };
    else if (statusCode >= 500 || statusCode === 429)
      this.lastOutage = { at, message: `The platform responded with ${statusCode}.` };
  }
}

function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}
