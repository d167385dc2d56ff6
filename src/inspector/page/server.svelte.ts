import type { Overview } from "../inspector.ts";
import { rowsOf } from "./rows.ts";

/** What is known of every prompt. {@link followServer} keeps it up to date. */
class Prompts {
  overview: Overview | undefined = $state.raw();
  rows = $derived(this.overview ? rowsOf(this.overview) : []);
  /** Why the server can't say anything newer. */
  failure = $state.raw("");
  isConnected = $state.raw(true);
}
export const prompts = new Prompts();

/** Listens to the server. Returns what ends that. */
export function followServer() {
  const source = new EventSource("api/updates");
  source.addEventListener("overview", ({ data }) => {
    prompts.overview = JSON.parse(data);
    prompts.failure = "";
  });
  source.addEventListener("failure", ({ data }) => (prompts.failure = JSON.parse(data)));
  source.onopen = () => (prompts.isConnected = true);
  source.onerror = () => (prompts.isConnected = false);
  return () => source.close();
}

/** Requests data from the server. @throws Error with the server's own words */
export async function get<T>(route: string, fields: Readonly<Record<string, string>> = {}): Promise<T> {
  return read(await fetch(`api/${route}?${new URLSearchParams(fields)}`));
}

/** Tells the server to do something. @throws Error with the server's own words */
export async function post<T>(route: string, fields: object): Promise<T> {
  const headers = { "content-type": "application/json" };
  return read(await fetch(`api/${route}`, { method: "POST", headers, body: JSON.stringify(fields) }));
}

async function read<T>(response: Response): Promise<T> {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** An error in words. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a view shows of the server's data, and why there's nothing newer. */
export class Loaded<T> {
  value: T | undefined = $state.raw();
  problem = $state.raw("");
  isLoading = $state.raw(true);
  #round = 0;
  /** Apart from the value, which an effect would depend on. */
  #isEmpty = true;

  /** Replaces the value, unless a later call has begun. `first`: what is there at once, for a view that is empty. */
  async load(request: () => Promise<T>, first?: () => Promise<T>): Promise<void> {
    const mine = ++this.#round;
    const isLast = () => mine === this.#round;
    this.isLoading = true;
    try {
      for (const one of this.#isEmpty && first ? [first, request] : [request]) {
        const value = await one();
        if (!isLast()) return;
        this.value = value;
        this.#isEmpty = false;
      }
      this.problem = "";
    } catch (error) {
      // What is given up is followed by something newer.
      if (isLast() && (error as Error).name !== "AbortError") this.problem = errorText(error);
    }
    if (isLast()) this.isLoading = false;
  }
}
