import { Worker } from "node:worker_threads";
import type { Rendered } from "../../commands/compare/render-samples.ts";
import { writeRenderModule } from "../../commands/render-prompt.ts";

/** As text, so that it doesn't need a separate file next to every bundle. */
const THREAD = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", async ({ id, url, values }) => {
  let rendered;
  try {
    rendered = { output: (await import(url)).render(values) };
  } catch (error) {
    rendered = { problem: error instanceof Error ? error.message : String(error) };
  }
  parentPort.postMessage({ id, rendered });
});
`;

/** Renders with the modules that a build would emit, in a thread that starts with the first call. */
export class RenderThread {
  #worker: Worker | undefined;
  #calls = 0;
  #isEnding = false;
  readonly #underWay = new Map<number, (rendered: Rendered) => void>();
  readonly #modules = new Map<string, ReturnType<typeof writeRenderModule>>();

  readonly #mostMs: number;

  /**
   * @param mostMs a template can run forever, so a rendering is given up after this. Default: longer than anybody waits
   */
  constructor(mostMs = 10_000) {
    this.#mostMs = mostMs;
  }

  /** @param key names the code: it's loaded once */
  async render(key: string, code: string, values: unknown): Promise<Rendered> {
    const written = this.#modules.get(key) ?? writeRenderModule(code);
    this.#modules.set(key, written);
    const { url, remove } = await written;
    const rendered = await this.#call(url, values);
    // It's loaded by now.
    await remove();
    return rendered;
  }

  /** Ends the thread when its running work is done. */
  end(): void {
    this.#isEnding = true;
    if (this.#underWay.size === 0) void this.#worker?.terminate();
  }

  #call(url: string, values: unknown): Promise<Rendered> {
    const id = ++this.#calls;
    const tooLong = setTimeout(
      () => this.#stop({ problem: `The rendering took longer than ${this.#mostMs / 1000} seconds.` }),
      this.#mostMs,
    );
    return new Promise<Rendered>((done) => {
      this.#underWay.set(id, done);
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id, url, values });
    }).finally(() => {
      clearTimeout(tooLong);
      this.#underWay.delete(id);
      if (this.#isEnding) this.end();
    });
  }

  #start(): Worker {
    // Nothing from the process itself: its flags may load prompts, and its environment contains the secret.
    const worker = new Worker(THREAD, { eval: true, env: {}, execArgv: [] });
    worker.unref();
    worker.on("message", ({ id, rendered }) => this.#underWay.get(id)?.(rendered));
    worker.on("error", ({ message }) => this.#stop({ problem: message }));
    return worker;
  }

  /** Running calls end with this error; a later call starts another thread. */
  #stop(rendered: Rendered): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#modules.clear();
    for (const done of this.#underWay.values()) done(rendered);
  }
}
