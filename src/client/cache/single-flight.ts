import { Cancel } from "../http/cancel.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly cancel: Cancel;
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
   * @param cancel gives up for this caller alone, with its reason
   */
  join(key: string, cancel: Cancel | undefined, start: (cancel: Cancel) => Promise<T>): Promise<T> {
    if (cancel?.aborted === true) return Promise.reject(cancel.reason);
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.waiters++;
    return cancel === undefined ? flight.promise : this.#wait(key, flight, cancel);
  }

  /** Ends every run with `reason`. */
  abort(reason: unknown): void {
    for (const { cancel } of [...this.#flights.values(), ...this.#forgotten]) cancel.abort(reason);
  }

  /** Lets every run end for those who wait for it; whoever comes now starts a new one. */
  forget(): void {
    for (const [key, flight] of this.#flights) {
      this.#flights.delete(key);
      this.#forgotten.add(flight);
    }
  }

  #start(key: string, start: (cancel: Cancel) => Promise<T>): Flight<T> {
    const cancel = new Cancel();
    const promise = start(cancel).then(
      (value) => {
        this.#remove(key, flight);
        return value;
      },
      (error) => {
        this.#remove(key, flight);
        throw error;
      },
    );
    const flight: Flight<T> = { promise, cancel, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #wait(key: string, flight: Flight<T>, cancel: Cancel): Promise<T> {
    return new Promise((resolve, reject) => {
      const off = cancel.onAbort(() => {
        reject(cancel.reason);
        flight.waiters--;
        if (flight.waiters > 0) return;
        // Whoever comes now must not join a run that is being ended.
        this.#remove(key, flight);
        flight.cancel.abort(cancel.reason);
      });
      flight.promise.then(
        (value) => {
          off();
          resolve(value);
        },
        (error) => {
          off();
          reject(error);
        },
      );
    });
  }

  #remove(key: string, flight: Flight<T>): void {
    this.#forgotten.delete(flight);
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
