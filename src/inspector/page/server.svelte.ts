import type { Overview } from "../inspector.ts";

/** What is known of every prompt. {@link followServer} keeps it up to date. */
class Prompts {
  overview: Overview | undefined = $state.raw();
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

/** What a view shows of the server's data, and why there's nothing newer. */
export class Loaded<T> {
  value: T | undefined = $state.raw();
  problem = $state.raw("");
  isLoading = $state.raw(true);
  #round = 0;

  /** Replaces the value, unless a later call has begun. */
  async load(request: () => Promise<T>): Promise<void> {
    const mine = ++this.#round;
    this.isLoading = true;
    const outcome = await request().then(
      (value) => ({ value, problem: "" }),
      (error) => ({ value: this.value, problem: error instanceof Error ? error.message : String(error) }),
    );
    if (mine !== this.#round) return;
    this.value = outcome.value;
    this.problem = outcome.problem;
    this.isLoading = false;
  }
}
