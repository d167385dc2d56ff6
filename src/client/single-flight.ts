import { onAbort } from "./on-abort.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  /** Callers that could still give up; one that cannot counts for good. */
  waiters: number;
}

/** One run per key for any number of callers. It is aborted when all of them have given up. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #forgotten = new Set<Flight<T>>();

  /**
   * What the run of `key` brings; starts it when there is none.
   *
   * @param signal gives up for this caller alone, with the signal's reason
   */
  join(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.waiters++;
    return signal === undefined ? flight.promise : this.#wait(key, flight, signal);
  }

  /** Ends every run with `reason`. */
  abort(reason: unknown): void {
    for (const { controller } of [...this.#flights.values(), ...this.#forgotten]) controller.abort(reason);
  }

  /** Lets every run end for those who wait for it; whoever comes now starts a new one. */
  forget(): void {
    for (const [key, flight] of this.#flights) {
      this.#flights.delete(key);
      this.#forgotten.add(flight);
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const promise = start(controller.signal).finally(() => this.#remove(key, flight));
    const flight: Flight<T> = { promise, controller, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #wait(key: string, flight: Flight<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const off = onAbort(signal, () => {
        reject(signal.reason);
        flight.waiters--;
        if (flight.waiters > 0) return;
        // Whoever comes now must not join a run that is being ended.
        this.#remove(key, flight);
        flight.controller.abort(signal.reason);
      });
      flight.promise.then(resolve, reject).finally(off);
    });
  }

  #remove(key: string, flight: Flight<T>): void {
    this.#forgotten.delete(flight);
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
