import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { PromptContent } from "../../prompt.ts";
import { renderCode, writeRenderModule } from "./render-prompt.ts";

/** What came out of one call, or why nothing did. */
export type Rendered =
  | { readonly output: PromptContent; readonly problem?: undefined }
  | { readonly output?: undefined; readonly problem: string };

/** Returns what renders a version with one set of values. */
export type LoadRenderer = (compiled: CompiledPrompt) => (values: unknown) => Promise<Rendered>;

/** As text, so that it doesn't need a separate file next to every bundle. */
const THREAD = `
const { parentPort } = require("node:worker_threads");
const CALLS = {
  render: ({ render }, values) => render(values),
  parse: ({ output }, answer) => void output.parse(answer),
  test: (_, { pattern, text }) => pattern.test(text),
};
parentPort.on("message", async ({ url, call, argument }) => {
  let result;
  try {
    result = { output: CALLS[call](url && (await import(url)), argument) };
  } catch (error) {
    result = { problem: error instanceof Error ? error.message : String(error) };
  }
  parentPort.postMessage(result);
});
`;

interface Call {
  readonly call: "render" | "parse" | "test";
  /** Of a module, which is loaded once. */
  readonly code?: string;
  readonly argument: unknown;
}

interface Result {
  readonly output?: unknown;
  readonly problem?: string;
}

/**
 * Runs the modules that a build would emit, in a thread that starts with the first call: a template, a sample or a
 * regular expression from elsewhere can take forever, and a thread can be ended.
 */
export class RenderThread {
  #worker: Worker | undefined;
  /** By code, the modules that the thread has loaded. */
  readonly #urls = new Map<string, string>();
  /** One call runs at a time, so that a slow one doesn't use up the time of others. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #maxMs: number;

  /** @param maxMs a call is given up after this. Default: longer than anybody waits */
  constructor(maxMs = 10_000) {
    this.#maxMs = maxMs;
  }

  /** For several renderings of one version. */
  readonly load: LoadRenderer = (compiled) => {
    const code = renderCode(compiled);
    return (values) => this.render(code, values);
  };

  /**
   * What a module's `render` gives.
   *
   * @param signal nobody waits for it any more: it leaves the line, unless it has begun
   */
  async render(code: string, values: unknown, signal?: AbortSignal): Promise<Rendered> {
    return (await this.#queue({ call: "render", code, argument: values }, signal)) as Rendered;
  }

  /** Why a module's schema refuses an answer; undefined: it accepts it. */
  async refusal(code: string, answer: unknown): Promise<string | undefined> {
    return (await this.#queue({ call: "parse", code, argument: answer })).problem;
  }

  /** Does a pattern find something in a text? Undefined: that takes too long. */
  async test(pattern: RegExp, text: string): Promise<boolean | undefined> {
    const { output } = await this.#queue({ call: "test", argument: { pattern, text } });
    return output as boolean | undefined;
  }

  /** Ends the thread when its work is done. */
  end(): void {
    void this.#last.then(() => this.#stop());
  }

  #queue(call: Call, signal?: AbortSignal): Promise<Result> {
    const result = this.#last.then(() =>
      signal?.aborted ? { problem: "Nobody waits for this rendering." } : this.#run(call),
    );
    this.#last = result.catch(() => {});
    return result;
  }

  async #run({ code, ...message }: Call): Promise<Result> {
    if (code === undefined) return this.#ask(message);
    const loaded = this.#urls.get(code);
    if (loaded !== undefined) return this.#ask({ ...message, url: loaded });
    const { url, remove } = await writeRenderModule(code);
    this.#urls.set(code, url);
    try {
      return await this.#ask({ ...message, url });
    } finally {
      await remove();
    }
  }

  async #ask(message: Omit<Call, "code"> & { readonly url?: string }): Promise<Result> {
    this.#worker ??= start();
    const worker = this.#worker;
    const signal = AbortSignal.timeout(this.#maxMs);
    worker.ref();
    worker.postMessage(message);
    try {
      const [result] = (await once(worker, "message", { signal })) as [Result];
      worker.unref();
      return result;
    } catch (error) {
      // The next call starts another thread.
      this.#stop();
      if (signal.aborted) return { problem: `The rendering took longer than ${this.#maxMs / 1000} seconds.` };
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  #stop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#urls.clear();
  }
}

function start(): Worker {
  // Nothing from the process itself: its flags may load prompts, and its environment contains the secret.
  const worker = new Worker(THREAD, { eval: true, env: {}, execArgv: [] });
  // What waits for a message gets the error too.
  return worker.on("error", () => {});
}
