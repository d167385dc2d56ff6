import type { Reporter } from "../../project/reporter.ts";
import { plainError, type WebpackLikeCompilation } from "./webpack-dev.ts";

/** The part of a compiler that says where its messages go; webpack's and Rspack's agree on it. */
export interface LoggingCompiler {
  readonly hooks: { readonly done: { readonly taps?: readonly { readonly name: string }[] } };
  getInfrastructureLogger(name: string): Reporter;
}

/**
 * What a compiler's part in a run says. The warnings of a build are warnings of its compilation, which every tool shows
 * in its own way. The rest goes to the compiler's log: in development so do warnings, or they would lie over the page.
 */
export class WebpackReporter implements Reporter {
  readonly #compiler: LoggingCompiler;
  readonly #name: string;
  /** The warnings of a build that is under way. */
  #held: string[] | undefined;

  constructor(compiler: LoggingCompiler, name: string) {
    this.#compiler = compiler;
    this.#name = name;
  }

  info(text: string): void {
    this.#log().info(text);
  }

  warn(text: string): void {
    if (this.#held === undefined) this.#log().warn(text);
    else this.#held.push(text);
  }

  /** A build begins, whose warnings are kept for {@link endBuild}. */
  beginBuild(): void {
    this.#held ??= [];
  }

  /** Makes what was kept warnings of the compilation; writes it to the log where there is none. */
  endBuild(compilation?: WebpackLikeCompilation): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const text of held) {
      if (compilation === undefined) this.warn(text);
      else compilation.warnings.push(plainError(text));
    }
  }

  /** Rsbuild, and Rslib with it, turns the compiler's log off for everybody. */
  #log(): Reporter {
    const isRsbuild = this.#compiler.hooks.done.taps?.some(({ name }) => name.startsWith("rsbuild"));
    return isRsbuild ? console : this.#compiler.getInfrastructureLogger(this.#name);
  }
}
