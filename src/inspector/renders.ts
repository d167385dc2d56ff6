import { createHash } from "node:crypto";
import { emitModule } from "../compiler/3-emit/emit-module.ts";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { type Rendered, renderOne } from "../tasks/compare/render-samples.ts";
import { loadRender, type Render } from "../tasks/render-prompt.ts";

/** So many compiled versions are kept: each is a module of this process. */
const KEPT = 100;

/** The compiled functions of the versions that the page shows, so that a rendering while somebody types is one call. */
export class Renders {
  readonly #compiled = new Map<string, CompiledPrompt>();
  readonly #loaded = new Map<string, Promise<Render>>();

  /** Keeps a version. Gives the name to render it by: the same code has the same one. */
  keep(compiled: CompiledPrompt): string {
    const code = emitModule(compiled, { development: false, helper: "./helper.js" });
    const key = createHash("sha256").update(code).digest("base64url");
    if (!this.#compiled.has(key) && this.#compiled.size >= KEPT) {
      this.#compiled.clear();
      this.#loaded.clear();
    }
    this.#compiled.set(key, compiled);
    return key;
  }

  /** Undefined where the version is not kept any more. */
  async render(key: string, values: unknown): Promise<Rendered | undefined> {
    const compiled = this.#compiled.get(key);
    if (compiled === undefined) return undefined;
    const loaded = this.#loaded.get(key) ?? loadRender(compiled);
    this.#loaded.set(key, loaded);
    return renderOne(await loaded, values);
  }
}
