import { setMaxListeners } from "node:events";
import { isOutage, TimeoutError } from "../../errors/classes.ts";
import type { ScopeError } from "../../errors/scope-error.ts";

/** How long in total an `auto` build that could ship its snapshot waits for a platform that shows no sign of life. */
const PATIENCE_MS = 15_000;
/** A pause between two responses that doesn't count as waiting: many prompts can take a while, one after the other. */
const ORDINARY_PAUSE_MS = 1_000;

/**
 * Decides once per run that the platform is down. The first prompt that has used up its attempts is the verdict; it
 * aborts every pending request and refuses every later one. While `mayGiveUp` holds, 15 s without any response, in one
 * stretch or several, are a verdict too, so that a build with a complete snapshot is never held up longer.
 */
export class Outage {
  readonly #abort = new AbortController();
  readonly #mayGiveUp: () => boolean;
  #underWay = 0;
  #patience: NodeJS.Timeout | undefined;
  #patienceMs = PATIENCE_MS;
  #waitingSince = 0;

  constructor(mayGiveUp: () => boolean) {
    this.#mayGiveUp = mayGiveUp;
    // Every pending request listens to this one signal, and Node would report more than ten as a leak.
    setMaxListeners(0, this.#abort.signal);
  }

  /** The error that decided it; undefined while the platform counts as up. */
  get verdict(): unknown {
    return this.#abort.signal.aborted ? this.#abort.signal.reason : undefined;
  }

  /** Runs one request under the verdict: rejects with it if there is one, or if one is reached in the meantime. */
  async watch<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#abort.signal.throwIfAborted();
    this.#underWay += 1;
    this.#patience ??= this.#wait();
    try {
      const response = await request(this.#abort.signal);
      this.#restart();
      return response;
    } catch (error) {
      if (isOutage(error)) this.#abort.abort(error);
      else this.#restart();
      throw error;
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#stop();
    }
  }

  #wait(): NodeJS.Timeout {
    this.#waitingSince = performance.now();
    return setTimeout(() => {
      this.#patience = undefined;
      if (this.#mayGiveUp()) this.#abort.abort(noResponse());
      else this.#patience = this.#wait();
    }, this.#patienceMs);
  }

  #restart(): void {
    this.#stop();
    this.#patience = this.#wait();
  }

  #stop(): void {
    if (this.#patience === undefined) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    const waitedMs = performance.now() - this.#waitingSince;
    if (waitedMs > ORDINARY_PAUSE_MS) this.#patienceMs = Math.max(this.#patienceMs - waitedMs, 0);
  }
}

function noResponse(): ScopeError {
  return new TimeoutError(`The platform sent no response for ${PATIENCE_MS / 1000} seconds.`, {
    code: "request_timeout",
    hint: 'The build uses the committed snapshot. With fetch: "always" it would wait for the full deadline.',
  });
}
