import { moduleName } from "../../project/module-names.ts";
import type { PromptRef } from "../../prompt.ts";
import type { Modules } from "../modules/modules.ts";

/** Does loaded code import a module, by the name that `moduleName` returns? */
export type IsImported = (name: string) => boolean;

/**
 * The modules of prompts that are in use, as reported by the compilers of a development run. The platform isn't asked
 * for the others, and their problems aren't shown: removing an import fixes its problem too.
 */
export class UsedModules {
  readonly #modules: () => Pick<Modules, "broken" | "holders" | "served">;
  readonly #compilers = new Map<string, IsImported>();

  constructor(modules: () => Pick<Modules, "broken" | "holders" | "served">) {
    this.#modules = modules;
  }

  /** A compiler that hasn't reported its imports yet could import anything. */
  begin(compiler: string): void {
    if (!this.#compilers.has(compiler)) this.#compilers.set(compiler, () => true);
  }

  report(compiler: string, isImported: IsImported): void {
    this.#compilers.set(compiler, isImported);
  }

  end(compiler: string): void {
    this.#compilers.delete(compiler);
  }

  /** Everything is in use if no compiler reports. A module that can't be made is in no compiler's graph. */
  isImported(name: string): boolean {
    if (this.#compilers.size === 0 || this.#isMissing(name)) return true;
    return [...this.#compilers.values()].some((isImported) => isImported(name));
  }

  /** Is there a module in use that contains this prompt, itself or as a partial? */
  isUsed(ref: PromptRef): boolean {
    return this.#modules()
      .holders(ref)
      .some((name) => this.isImported(name));
  }

  #isMissing(name: string): boolean {
    return this.#modules().broken.some(({ request, isServed }) => !isServed && moduleName(request) === name);
  }

  /** Is there any module in use that could be made? */
  isAnyUsed(): boolean {
    return this.#modules().served.some(({ request }) => this.isImported(moduleName(request)));
  }
}
