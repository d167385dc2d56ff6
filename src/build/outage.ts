import { setMaxListeners } from "node:events";
import { TimeoutError } from "../errors/classes.ts";
import type { ScopeError } from "../errors/scope-error.ts";

/** How long an `auto` build that could ship its snapshot waits for the platform without a sign of life. */
const PATIENCE_MS = 15_000;

/**
 * Decides once per run that the platform is down. The first prompt whose attempts are used up is the verdict;
 * it aborts every request under way and refuses every later one. While {@link mayGiveUp} holds, 15 s in which
 * nothing is answered are a verdict too, so that a build with a complete snapshot is never held up longer.
 */
export class Outage {
  readonly #abort = new AbortController();
  readonly #mayGiveUp: () => boolean;
  #underWay = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(mayGiveUp: () => boolean) {
    this.#mayGiveUp = mayGiveUp;
    // Every request under way listens to this one signal, and Node would take more than ten for a leak.
    setMaxListeners(0, this.#abort.signal);
  }

  /** The error that decided it; undefined while the platform counts as up. */
  get verdict(): unknown {
    return this.#abort.signal.aborted ? this.#abort.signal.reason : undefined;
  }

  /** Runs one request under the verdict: rejects with it when there is one, or when one is reached meanwhile. */
  async watch<T>(
    request: (signal: AbortSignal) => Promise<T>,
    isOutage: (error: unknown) => boolean,
  ): Promise<T> {
    this.#abort.signal.throwIfAborted();
    this.#underWay += 1;
    this.#patience ??= this.#wait();
    try {
      const answer = await request(this.#abort.signal);
      this.#restart();
      return answer;
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
    return setTimeout(() => {
      this.#patience = undefined;
      if (this.#mayGiveUp()) this.#abort.abort(noAnswer());
      else this.#patience = this.#wait();
    }, PATIENCE_MS);
  }

  #restart(): void {
    this.#stop();
    this.#patience = this.#wait();
  }

  #stop(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }
}

function noAnswer(): ScopeError {
  return new TimeoutError(`The platform answered nothing for ${PATIENCE_MS / 1000} seconds.`, {
    code: "request_timeout",
    hint: 'The committed snapshot is used. With fetch: "always" the build would wait for the full deadline.',
  });
}
