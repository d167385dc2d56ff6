import { formatError } from "../../errors/format-error.ts";
import { moduleName } from "../../project/module-names.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { PromptRef } from "../../prompt.ts";
import type { Modules } from "../modules/modules.ts";

/** Does loaded code import a module, by the name that `moduleName` returns? */
export type IsImported = (name: string) => boolean;

/** How often to check, while there are problems, whether somebody still imports the prompts. */
const CHECK_MS = 500;

/**
 * The problems of prompts whose last good version is served: the platform refuses them, or their current version
 * doesn't compile. Only prompts that loaded code imports count: removing an import fixes its problem too. Each is
 * reported once in the terminal; a bundler with an overlay listens.
 */
export class DevProblems {
  readonly #reporter: Reporter;
  readonly #modules: () => Pick<Modules, "broken" | "holders" | "served">;
  readonly #compilers = new Map<string, IsImported>();
  readonly #listeners = new Set<() => void>();
  /** Each problem once, in text for a person. */
  texts: readonly string[] = [];
  #site: unknown;
  #timer: NodeJS.Timeout | undefined;
  #news: NodeJS.Timeout | undefined;

  constructor(reporter: Reporter, modules: () => Pick<Modules, "broken" | "holders" | "served">) {
    this.#reporter = reporter;
    this.#modules = modules;
  }

  /** A compiler that hasn't reported its imports yet could import anything. */
  begin(compiler: string): void {
    if (!this.#compilers.has(compiler)) this.#compilers.set(compiler, () => true);
  }

  report(compiler: string, isImported: IsImported): void {
    this.#compilers.set(compiler, isImported);
    this.check();
  }

  end(compiler: string): void {
    this.#compilers.delete(compiler);
  }

  /** Everything is in use if no compiler reports. A module that can't be made is in no compiler's graph. */
  isImported(name: string): boolean {
    const isMissing = () =>
      this.#modules().broken.some(({ request, isServed }) => !isServed && moduleName(request) === name);
    if (this.#compilers.size === 0 || isMissing()) return true;
    return [...this.#compilers.values()].some((isImported) => isImported(name));
  }

  /** Is there a module in use that contains this prompt? The platform isn't asked for others. */
  isUsed(ref: PromptRef): boolean {
    return this.#modules()
      .holders(ref)
      .some((name) => this.isImported(name));
  }

  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** No prompt can be fetched; undefined: they can again. */
  setSite(error: unknown): void {
    this.#site = error;
    this.check();
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#news);
  }

  /** Checks again which problems count. Also runs by itself from time to time, while there are any. */
  check(): void {
    const { broken, served } = this.#modules();
    const isUsed = ({ request }: (typeof served)[number] | (typeof broken)[number]) =>
      this.isImported(moduleName(request));
    // If nothing is served, the import itself fails, and the bundler shows that.
    const known = broken.filter(({ isServed }) => isServed);
    clearInterval(this.#timer);
    if (this.#site !== undefined || known.length > 0)
      this.#timer = setInterval(() => this.check(), CHECK_MS).unref();
    const errors = known.filter(isUsed).map(({ error }) => error);
    if (this.#site !== undefined && served.some(isUsed)) errors.push(this.#site);
    const texts = [...new Set(errors.map((error) => formatError(error)))].sort();
    const before = new Set(this.texts);
    if (texts.length === before.size && texts.every((text) => before.has(text))) return;
    this.texts = texts;
    for (const text of texts.filter((one) => !before.has(one))) {
      this.#reporter.warn(`${text}\n\n  The last good version is still served.`);
    }
    clearTimeout(this.#news);
    // What comes next may break in another way.
    if (texts.length === 0)
      this.#news = setTimeout(() => this.#reporter.info("All prompts work again."), CHECK_MS).unref();
    for (const listener of this.#listeners) listener();
  }
}
