import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { oneLine } from "../errors/printable.ts";
import type { Requests } from "./api.ts";

/** The number of requests shown. */
const MAX_KEPT = 20;
const START = "tracing:unplugin-scope:request:start";
const END = "tracing:unplugin-scope:request:asyncEnd";

/** What the client publishes about a request: the same object when it starts and when it ends. */
interface Traced {
  readonly method: string;
  readonly url: string;
  readonly statusCode?: number;
  readonly error?: unknown;
}

/** What this process requests from the platform, and when that last failed. Listens until it's closed. */
export class RequestLog implements Requests {
  readonly requests: Requests["requests"][number][] = [];
  lastOutage: Requests["lastOutage"];
  readonly #startedAt = new WeakMap<object, number>();
  readonly #onStart = (traced: unknown) => void this.#startedAt.set(traced as Traced, performance.now());
  readonly #onEnd = (traced: unknown) => this.#add(traced as Traced);

  constructor() {
    subscribe(START, this.#onStart);
    subscribe(END, this.#onEnd);
  }

  close(): void {
    unsubscribe(START, this.#onStart);
    unsubscribe(END, this.#onEnd);
  }

  #add(traced: Traced): void {
    const { method, url, statusCode, error } = traced;
    const at = new Date().toISOString();
    const elapsedMs = Math.round(performance.now() - (this.#startedAt.get(traced) ?? performance.now()));
    this.requests.unshift({ at, method, path: new URL(url).pathname, status: statusCode, elapsedMs });
    this.requests.splice(MAX_KEPT);
    if (statusCode === undefined)
      this.lastOutage = { at, message: oneLine(error instanceof Error ? error.message : String(error)) };
    else if (statusCode >= 500 || statusCode === 429)
      this.lastOutage = { at, message: `The platform responded with ${statusCode}.` };
  }
}
