import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { compileFunction } from "node:vm";
import { digestOf } from "../../files/stable-json.ts";
import { defineConfig, type Options } from "./options.ts";

/** What one build has run, by file and text: whatever else a config does, such as logging, it does once. */
export type RanConfigs = Map<string, Promise<unknown>>;

interface RunConfigInput {
  /** Can jiti keep compiled configs with the installed packages? Default true. */
  readonly useCompileCache?: boolean | undefined;
  /** Default: nothing has been run. */
  readonly ran?: RanConfigs | undefined;
}

/** What a config in TypeScript or JavaScript exports. Throws what the config throws. */
export function runConfig(
  file: string,
  text: string,
  { useCompileCache = true, ran = new Map() }: RunConfigInput,
): Promise<unknown> {
  const key = `${file}\n${text}`;
  const value = ran.get(key) ?? run(file, text, useCompileCache);
  ran.set(key, value);
  return value;
}

/** The digest of what a config gave; empty if it holds what isn't kept in any file. */
export function digestOfConfig(value: unknown): string {
  const { credentials, cacheStore } = Object(value) as Options;
  if (credentials !== undefined || cacheStore !== undefined) return "";
  try {
    return digestOf(JSON.stringify(value, (_, part) => (typeof part === "function" ? String(part) : part)));
  } catch {
    // The check of the options says what's wrong.
    return "";
  }
}

async function run(file: string, text: string, useCompileCache: boolean): Promise<unknown> {
  const evaluate = compilePlain(file, text) ?? (() => runByJiti(file, text, useCompileCache));
  const evaluated = (await evaluate()) as { readonly default?: unknown } | undefined;
  return evaluated?.default ?? evaluated;
}

/** The one import of a plain config, with only comments before it. */
const IMPORT =
  /^((?:[ \t]*(?:\/\/|\/?\*).*\r?\n|[ \t]*\r?\n)*)import *\{ *defineConfig *\} *from *["']unplugin-scope["'];?/;
const EXPORT = /^export default (?=[[{a-z])(?!async|class|function)/m;
/** What functions don't have, or not as modules do. */
const OF_MODULES = /(?<![-"'])\b(?:import|export|require|module|exports|__dirname|__filename)\b(?![-"'])/;
/** Types, which would be a comparison without them: `env<"a">("b")`. */
const MAY_BE_TYPES = /[\w\])/]</;

/**
 * A config that, whatever its name, is JavaScript and imports only `defineConfig`, as a function: in a millisecond.
 * Loading jiti takes 20, and Node's own removal of types 40.
 *
 * @returns undefined if it's anything else
 */
function compilePlain(file: string, text: string): (() => Promise<unknown>) | undefined {
  const body = text.replace(IMPORT, "$1");
  const parts = body.split(EXPORT);
  if (
    parts.length !== 2 ||
    parts.some((part) => OF_MODULES.test(part)) ||
    MAY_BE_TYPES.test(body.replace(/\s/g, ""))
  )
    return undefined;
  try {
    // All lines stay where they are, for errors.
    const code = `"use strict"; return (async () => {${parts.join("exports.default =")}\nreturn exports; })();`;
    const names = body === text ? ["exports"] : ["exports", "defineConfig"];
    const main = compileFunction(code, names, { filename: file });
    return () => main({}, defineConfig);
  } catch {
    return undefined;
  }
}

async function runByJiti(file: string, text: string, useCompileCache: boolean): Promise<unknown> {
  // Required, not imported: Next's webpack reads everything that its config imports, and warns about what it finds
  // there.
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  // Without a node_modules folder, jiti would keep compiled code in a temporary folder that others can write to.
  const fsCache = useCompileCache && existsSync(join(dirname(file), "node_modules"));
  const jiti = createJiti(file, {
    fsCache,
    moduleCache: false,
    interopDefault: true,
    // Configs import this from a package that may not be installed next to them, and whose entry is far larger.
    virtualModules: { "unplugin-scope": { defineConfig } },
  });
  const options = {
    id: file,
    filename: file,
    ext: extname(file),
    async: true,
    forceTranspile: true,
  } as const;
  // If imported or required, Node itself would load some of these, and cache them for the life of the process.
  return jiti.evalModule(text, options);
}
