import { formatError } from "../errors/format-error.ts";
import type { PromptRef } from "../prompt.ts";
import { refKey, refText } from "../prompt.ts";
import type { BrokenModule } from "./modules.ts";
import type { Reporter } from "./run-report.ts";

/**
 * What is wrong with prompts whose last good version is served: the platform refuses them, or their present version
 * does not compile. Told once in the terminal; a bundler with an overlay listens and shows it there.
 */
export class DevFaults {
  readonly #reporter: Reporter;
  readonly #refused = new Map<string, unknown>();
  readonly #listeners = new Set<() => void>();
  #broken: readonly BrokenModule[] = [];
  #texts: readonly string[] = [];

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** Each fault once, as a person reads it. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Called whenever a fault comes or goes. Gives the function that ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The platform refuses this prompt; undefined: it no longer does. */
  setRefused(ref: PromptRef, error: unknown): void {
    if (error === undefined) this.#refused.delete(refKey(ref));
    else this.#refused.set(refKey(ref), error);
    this.#update();
  }

  setBroken(broken: readonly BrokenModule[]): void {
    // Where nothing is served the import itself fails, and the bundler shows that.
    this.#broken = broken.filter(({ isServed }) => isServed);
    this.#update();
  }

  #update(): void {
    const errors = [...this.#refused.values(), ...this.#broken.map(({ error }) => error)];
    const texts = [...new Set(errors.map((error) => formatError(error)))].sort();
    const before = new Set(this.#texts);
    if (texts.length === before.size && texts.every((text) => before.has(text))) return;
    this.#texts = texts;
    for (const text of texts.filter((one) => !before.has(one))) {
      this.#reporter.warn(`${text}\n\n  The last good version is still served.`);
    }
    if (texts.length === 0) this.#reporter.info("Every prompt is as it should be again.");
    for (const listener of this.#listeners) listener();
  }
}

/** The line that says what a prompt's new version is. */
export function changeText(ref: PromptRef, from: number | undefined, to: number, what: string): string {
  const version = from === undefined || from === to ? `${to}` : `${from} → ${to}`;
  return `${refText(ref)}: version ${version} (${what})`;
}
