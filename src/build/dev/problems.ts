import { formatError } from "../../errors/format-error.ts";
import { asProjectRuns } from "../../project/config/package-manager.ts";
import { moduleName } from "../../project/module-names.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { PromptRef } from "../../prompt.ts";
import { refKey, refText } from "../../prompt.ts";
import type { BrokenModule } from "../modules/modules.ts";
import type { UsedModules } from "./used-modules.ts";

/** While something is wrong, whether somebody still imports it is found out this often. */
const CHECK_MS = 500;

/**
 * What is wrong with prompts whose last good version is served: the platform refuses them, or their present version
 * does not compile. Only what somebody imports counts. Reported once in the terminal; a bundler with an overlay listens and shows it there.
 */
export class DevProblems {
  readonly #reporter: Reporter;
  readonly #uses: UsedModules;
  readonly #folder: string;
  readonly #refused = new Map<string, { readonly ref: PromptRef; readonly error: unknown }>();
  readonly #listeners = new Set<() => void>();
  #broken: readonly BrokenModule[] = [];
  #site: unknown;
  #texts: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param folder of the project, whose way to run a command is the one that is shown */
  constructor(reporter: Reporter, uses: UsedModules, folder: string) {
    this.#reporter = reporter;
    this.#uses = uses;
    this.#folder = folder;
  }

  /** Each problem once, as a person reads it. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Called whenever a problem comes or goes. Gives the function that ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The platform refuses this prompt; undefined: it no longer does. */
  setRefused(ref: PromptRef, error: unknown): void {
    if (error === undefined) this.#refused.delete(refKey(ref));
    else this.#refused.set(refKey(ref), { ref, error });
    this.check();
  }

  setBroken(broken: readonly BrokenModule[]): void {
    // Where nothing is served the import itself fails, and the bundler shows that.
    this.#broken = broken.filter(({ isServed }) => isServed);
    this.check();
  }

  /** The platform refuses every prompt; undefined: it no longer does. */
  setSite(error: unknown): void {
    this.#site = error;
    this.check();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Finds out anew what counts; by itself as well, from time to time. */
  check(): void {
    this.#keepChecking();
    const errors = this.#usedErrors();
    const shown = errors.map((error) => asProjectRuns(formatError(error), this.#folder));
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
    const refused = [...this.#refused.values()].filter(({ ref }) => this.#uses.isUsed(ref));
    const broken = this.#broken.filter(({ request }) => this.#uses.isImported(moduleName(request)));
    const isSiteShown = this.#site !== undefined && this.#uses.isAnyUsed();
    return [
      ...(isSiteShown ? [this.#site] : []),
      ...refused.map(({ error }) => error),
      ...broken.map(({ error }) => error),
    ];
  }

  #keepChecking(): void {
    clearInterval(this.#timer);
    if (this.#site === undefined && this.#refused.size === 0 && this.#broken.length === 0) return;
    this.#timer = setInterval(() => this.check(), CHECK_MS);
    this.#timer.unref();
  }
}

/** The line that says what a prompt's new version is. */
export function changeText(ref: PromptRef, from: number | undefined, to: number, what: string): string {
  const version = from === undefined || from === to ? `${to}` : `${from} → ${to}`;
  return `${refText(ref)}: version ${version} (${what})`;
}
