import type { ImportPlace } from "../../build/build.ts";
import type { Reporter } from "../../project/reporter.ts";

/** What a bundler knows about one of its compilers. */
export interface Compiler {
  /** Identifies a compiler of one plugin instance: a Vite environment, a webpack compiler's name. */
  readonly name: string;
  /** Where the search for the config begins. */
  readonly cwd: string;
  readonly mode: string;
  readonly development: boolean;
  /** The compiler builds again and again: its part in the run does not end with a build. */
  readonly watch: boolean;
  /** The output is for browsers: a prompt's text in it can be read by anybody. */
  readonly browser: boolean;
  /** The dev server that replaces modules in the running page. */
  readonly hot?: ImportPlace["hot"];
  /** The bundler's dev server runs the modules itself and loads them anew when they change. Default false. */
  readonly reloadsModules?: boolean;
  /** The bundler prints an error's stack behind its message, and not one of the two. Default false. */
  readonly printsStack?: boolean;
  readonly reporter: Reporter;
}
