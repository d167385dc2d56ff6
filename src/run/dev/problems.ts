import { formatError } from "../../errors/format-error.ts";
import { moduleName } from "../../project/module-names.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { BrokenModule } from "../modules/modules.ts";
import type { UsedModules } from "./used-modules.ts";

/** How often to check, while there are problems, whether somebody still imports the prompts. */
const CHECK_MS = 500;

/**
 * The problems of prompts whose last good version is served: the platform refuses them, or their current version
 * doesn't compile. Only prompts that somebody imports count. Each is reported once in the terminal. A bundler with an
 * overlay listens and shows it there.
 */
export class DevProblems {
  readonly #reporter: Reporter;
  readonly #uses: UsedModules;
  readonly #listeners = new Set<() => void>();
  #broken: readonly BrokenModule[] = [];
  #site: unknown;
  #texts: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(reporter: Reporter, uses: UsedModules) {
    this.#reporter = reporter;
    this.#uses = uses;
  }

  /** Each problem once, in text for a person. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Called whenever a problem appears or goes away. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  setBroken(broken: readonly BrokenModule[]): void {
    // If nothing is served, the import itself fails, and the bundler shows that.
    this.#broken = broken.filter(({ isServed }) => isServed);
    this.check();
  }

  /** No prompt can be fetched; undefined: they can again. */
  setSite(error: unknown): void {
    this.#site = error;
    this.check();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Checks again which problems count. Also runs by itself from time to time. */
  check(): void {
    this.#keepChecking();
    const errors = this.#usedErrors();
    const shown = errors.map((error) => formatError(error));
    const texts = [...new Set(shown)].sort();
    const before = new Set(this.#texts);
    if (texts.length === before.size && texts.every((text) => before.has(text))) return;
    this.#texts = texts;
    for (const text of texts.filter((one) => !before.has(one))) {
      this.#reporter.warn(`${text}\n\n  The last good version is still served.`);
    }
    if (texts.length === 0) this.#reporter.info("All prompts work again.");
    for (const listener of this.#listeners) listener();
  }

  #usedErrors(): readonly unknown[] {
    const broken = this.#broken.filter(({ request }) => this.#uses.isImported(moduleName(request)));
    const isSiteShown = this.#site !== undefined && this.#uses.isAnyUsed();
    return [...(isSiteShown ? [this.#site] : []), ...broken.map(({ error }) => error)];
  }

  #keepChecking(): void {
    clearInterval(this.#timer);
    if (this.#site === undefined && this.#broken.length === 0) return;
    this.#timer = setInterval(() => this.check(), CHECK_MS);
    this.#timer.unref();
  }
}
