import { createHash } from "node:crypto";
import { renderCode } from "../commands/render/render-prompt.ts";
import { type LoadRenderer, type Rendered, RenderThread } from "../commands/render/render-thread.ts";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";

/** Characters of code that are kept, and the additional cost of each module. */
const MAX_CODE = 5_000_000;
const PER_MODULE = 50_000;

/**
 * The compiled functions of the versions that the page shows, so that a rendering while somebody types is a single
 * call. They are loaded in a thread, and go away with it: a process keeps everything that it has imported.
 */
export class Renders {
  readonly #codes = new Map<string, string>();
  #size = 0;
  #thread = new RenderThread();

  /** Keeps a version. Returns the name to render it by: the same code gets the same name. */
  keep(compiled: CompiledPrompt): string {
    const code = renderCode(compiled);
    const key = createHash("sha256").update(code).digest("base64url");
    if (this.#codes.has(key)) return key;
    if (this.#size > MAX_CODE) {
      this.#thread.end();
      this.#thread = new RenderThread();
      this.#codes.clear();
      this.#size = 0;
    }
    this.#codes.set(key, code);
    this.#size += code.length + PER_MODULE;
    return key;
  }

  /** Undefined if the version isn't kept any more. */
  async render(key: string, values: unknown, signal: AbortSignal): Promise<Rendered | undefined> {
    const code = this.#codes.get(key);
    return code === undefined ? undefined : this.#thread.render(code, values, signal);
  }

  /** For samples: the code is loaded once, and called with each of them. */
  readonly load: LoadRenderer = (compiled) => {
    const key = this.keep(compiled);
    const [code, thread] = [this.#codes.get(key) ?? "", this.#thread];
    return (values) => thread.render(code, values);
  };

  close(): void {
    this.#thread.end();
  }
}
