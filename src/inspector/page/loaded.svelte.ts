import { textOf } from "./server.ts";

/** What a view shows of the server's data, and why there's nothing newer. */
export class Loaded<T> {
  value: T | undefined = $state.raw();
  problem = $state.raw("");
  isLoading = $state.raw(true);
  #round = 0;
  /** Apart from the value, which an effect would depend on. */
  #isEmpty = true;

  /**
   * Replaces the value, unless a later call has begun.
   *
   * @param first what is available at once, for a view that shows nothing yet
   */
  async load(request: () => Promise<T>, first?: () => Promise<T>): Promise<void> {
    const mine = ++this.#round;
    this.isLoading = true;
    try {
      for (const one of this.#isEmpty && first ? [first, request] : [request]) {
        const value = await one();
        if (mine !== this.#round) return;
        this.value = value;
        this.#isEmpty = false;
      }
      this.problem = "";
    } catch (error) {
      // What is given up is followed by something newer.
      if (mine === this.#round && (error as Error).name !== "AbortError") this.problem = textOf(error);
    }
    if (mine === this.#round) this.isLoading = false;
  }
}
