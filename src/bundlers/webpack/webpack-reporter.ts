import type { Compilation, Compiler } from "webpack";
import { readableError } from "../../errors/readable-error.ts";
import type { Reporter } from "../../project/reporter.ts";
import { PLUGIN_NAME } from "../name.ts";

/**
 * Prints the messages of a compiler's part in a run. The warnings of a build become warnings of its compilation, which
 * every tool shows in its own way. Everything else goes to the compiler's log. In development warnings go there too, or
 * they would cover the page.
 */
export class WebpackReporter implements Reporter {
  readonly #compiler: Compiler;
  /** The warnings of the build that is running. */
  #held: string[] | undefined;

  constructor(compiler: Compiler) {
    this.#compiler = compiler;
  }

  info(text: string): void {
    this.#log().info(text);
  }

  warn(text: string): void {
    if (this.#held === undefined) this.#log().warn(text);
    else this.#held.push(text);
  }

  /** Starts a build, whose warnings are kept for {@link endBuild}. */
  beginBuild(): void {
    this.#held ??= [];
  }

  /** Turns the kept warnings into warnings of the compilation, or writes them to the log if there is none. */
  endBuild(compilation?: Compilation): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const text of held) {
      if (compilation === undefined) this.warn(text);
      else compilation.warnings.push(readableError(text));
    }
  }

  /** Rsbuild, and so Rslib, turns the compiler's log off for everybody. */
  #log(): Reporter {
    const isRsbuild = this.#compiler.hooks.done.taps?.some(({ name }) => name.startsWith("rsbuild"));
    return isRsbuild ? console : this.#compiler.getInfrastructureLogger(PLUGIN_NAME);
  }
}
