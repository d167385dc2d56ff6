import { Cancel } from "../http/cancel.ts";
import { within } from "../http/limits.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly cancel: Cancel;
  /** The number of callers that could still give up. A caller that can't counts until the end. */
  waiters: number;
}

/** One run per key for any number of callers. It's aborted when all of them have given up. */
export class Flights<T> {
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
