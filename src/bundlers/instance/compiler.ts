import type { Reporter } from "../../project/reporter.ts";
import type { ImportPlace } from "../../run/build.ts";

/** The plugin's name in every bundler. */
export const PLUGIN_NAME = "unplugin-scope";

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

/** What a framework knows about its builds but the bundlers that it runs don't. */
export interface Host {
  /** Where the search for the config starts. */
  readonly root: string;
  readonly mode: string;
  /** The framework's dev server: it watches, and reloads modules when they change. */
  readonly development: boolean;
  /** Name of the output, if the bundler doesn't name it. */
  readonly output?: string;
  /**
   * The bundler treats the files that prompt modules import from their folder as external unless they are resolved
   * here.
   */
  readonly resolvesHelpers?: boolean;
}

/** Export conditions that mark an edge runtime's bundle, which otherwise looks like a browser's. */
const EDGE_CONDITIONS: readonly string[] = ["worker", "workerd", "edge-light", "deno", "bun"];

/** Do a bundler's resolve conditions say that the bundle is for an edge runtime? */
export function isEdge(conditions: readonly string[] | undefined): boolean {
  return conditions?.some((condition) => EDGE_CONDITIONS.includes(condition)) === true;
}
