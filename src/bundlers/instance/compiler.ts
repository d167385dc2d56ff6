import type { ImportPlace } from "../../build/build.ts";
import type { Reporter } from "../../project/reporter.ts";
import { PLUGIN_NAME } from "../name.ts";

/** What a bundler knows about one of its compilers. */
export interface BundlerCompiler {
  /** The tool, as its entry is called: `vite`. */
  readonly tool: string;
  /** Identifies a compiler of one plugin instance: a Vite environment, or a webpack compiler's name. */
  readonly name: string;
  /** Where the search for the config starts. */
  readonly cwd: string;
  readonly mode: string;
  /** A dev server or a watch, whatever the mode: it builds repeatedly, and stays in the run when a build ends. */
  readonly development: boolean;
  /** The output is for browsers: anybody can read a prompt's text in it. */
  readonly browser: boolean;
  /** The dev server that replaces modules in the running page. */
  readonly hot?: ImportPlace["hot"];
  /** The bundler's dev server runs the modules itself and reloads them when they change. Default false. */
  readonly reloadsModules?: boolean;
  /** The bundler prints an error's stack after its message, instead of only one of the two. Default false. */
  readonly printsStack?: boolean;
  readonly reporter: Reporter;
}

/** For bundlers without a log of their own. */
export const CONSOLE: Reporter = {
  info: (text) => console.info(`[${PLUGIN_NAME}] ${text}`),
  warn: (text) => console.warn(`[${PLUGIN_NAME}] ${text}`),
};
