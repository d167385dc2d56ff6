import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Overview } from "./api.ts";
import type { Inspector } from "./inspector.ts";

type OverviewSource = Pick<Inspector, "committed" | "overview">;

/** Sends the overview to open pages whenever it changes. Looks for changes only while a page is open. */
export class Updates {
  readonly #source: OverviewSource;
  readonly #intervalMs: number;
  readonly #pages = new Set<ServerResponse>();
  /** Pages that haven't read what they were sent, although there is something newer. */
  readonly #behind = new Set<ServerResponse>();
  readonly #stopped = new AbortController();
  #isRunning = false;
  #last: string | undefined;

  constructor(source: OverviewSource, intervalMs: number) {
    this.#source = source;
    this.#intervalMs = intervalMs;
  }

  /** Takes over a response as a stream of server-sent events. */
  add(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.write(":\n\n");
    this.#pages.add(response);
    if (this.#last !== undefined) response.write(this.#last);
    // Anything that a page doesn't read is buffered here, so it gets only the last overview when it continues to read.
    response.on("drain", () => {
      if (this.#behind.delete(response) && this.#last !== undefined) response.write(this.#last);
    });
    response.on("close", () => {
      this.#pages.delete(response);
      this.#behind.delete(response);
    });
    if (!this.#isRunning) void this.#run();
  }

  close(): void {
    this.#stopped.abort();
    for (const page of this.#pages) page.end();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Asking about many prompts takes a while, but what is committed is available at once.
    this.#send(await this.#event(() => this.#source.committed()));
    while (this.#pages.size > 0 && !this.#stopped.signal.aborted) {
      this.#send(await this.#event(() => this.#source.overview()));
      await sleep(this.#intervalMs, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => {});
    }
    this.#isRunning = false;
    this.#last = undefined;
  }

  #send(text: string): void {
    if (text === this.#last) return;
    this.#last = text;
    for (const page of this.#pages) {
      if (page.writableNeedDrain) this.#behind.add(page);
      else page.write(text);
    }
  }

  async #event(read: () => Promise<Overview>): Promise<string> {
    try {
      return `event: overview\ndata: ${JSON.stringify(await read())}\n\n`;
    } catch (error) {
      // The page shows it to the person looking at it. The next look may succeed.
      return `event: failure\ndata: ${JSON.stringify(error instanceof Error ? error.message : String(error))}\n\n`;
    }
  }
}
