import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { findJsonProblem, placeIn as placeInText } from "../../errors/json-problem.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { defineConfig } from "../define-config.ts";
import { type FoundConfig, findConfig, isFile } from "./find-config.ts";
import { readConfigText } from "./read-config-text.ts";
import { readLiteralConfig } from "./read-literal-config.ts";

export interface LoadedConfig extends FoundConfig {
  /** What the file holds, unchecked; an empty file holds `{}`. */
  readonly value: unknown;
  /** It is code, and was run: what it says may come from anywhere. */
  readonly wasRun: boolean;
}

type Evaluated = Pick<LoadedConfig, "value" | "wasRun">;

export interface LoadConfigInput {
  /** Absolute folder in which the search begins. */
  readonly cwd: string;
  /** Take this file and do not search; relative to `cwd`. */
  readonly configFile?: string | undefined;
  /** May jiti keep compiled configs beside the installed packages? Default true. */
  readonly useCompileCache?: boolean | undefined;
}

/**
 * Finds and evaluates the config, as {@link findConfig} finds it.
 *
 * @returns undefined when there is none
 * @throws ConfigurationError `config_load_failed`, with the file and the original error as cause
 */
export async function loadConfig(input: LoadConfigInput): Promise<LoadedConfig | undefined> {
  if (input.configFile !== undefined) {
    const file = resolve(input.cwd, input.configFile);
    if (!isFile(file)) throw await noSuchFile(file, input);
    const found = { file, text: readConfigText(file) };
    const evaluated = await evaluate(found, input.useCompileCache);
    if (evaluated.value === null && basename(file) === "package.json") {
      throw loadFailed(file, `This package.json has no "scope".`);
    }
    return { ...found, ...evaluated };
  }
  const found = findConfig(input.cwd);
  return found && { ...found, ...(await evaluate(found, input.useCompileCache)) };
}

async function evaluate(
  { file, text: source }: FoundConfig,
  useCompileCache: boolean | undefined,
): Promise<Evaluated> {
  if (![".ts", ".mts", ".js", ".mjs", ".json"].includes(extname(file))) {
    throw loadFailed(file, "A config file ends in .ts, .mts, .js, .mjs or .json.");
  }
  if (extname(file) !== ".json") {
    try {
      const literal = readLiteralConfig(source);
      if (literal !== undefined) return { value: literal, wasRun: false };
      return { value: await evaluateCode(file, source, useCompileCache ?? true), wasRun: true };
    } catch (error) {
      throw loadFailed(file, "The config file threw an error while it was evaluated.", error);
    }
  }
  if (source.trim() === "") return { value: {}, wasRun: false };
  try {
    const value = JSON.parse(source);
    return { value: basename(file) === "package.json" ? (value?.scope ?? null) : value, wasRun: false };
  } catch (error) {
    throw loadFailed(file, "This file is not JSON.", error, jsonPlace(source));
  }
}

/** Without the line itself: a config may hold credentials. */
function jsonPlace(text: string): { line?: number; column?: number } | undefined {
  const index = findJsonProblem(text);
  if (index === undefined) return undefined;
  const { frame: _, ...place } = placeInText(text, index);
  return place;
}

async function evaluateCode(file: string, source: string, useCompileCache: boolean): Promise<unknown> {
  // Required, not imported: Next's webpack reads through all that its config imports, and warns at jiti's own imports.
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  // Without a node_modules folder jiti would keep compiled code in a temporary folder that others may write to.
  const fsCache = useCompileCache && existsSync(join(dirname(file), "node_modules"));
  const jiti = createJiti(file, {
    fsCache,
    moduleCache: false,
    interopDefault: true,
    // Configs import this from a package that need not be installed beside them, and whose entry is far larger.
    virtualModules: { "unplugin-scope": { defineConfig } },
  });
  // Imported or required, Node itself would load some of these, and keep what they were as long as the process lives.
  const ext = extname(file);
  const evaluated = await jiti.evalModule(source, {
    id: file,
    filename: file,
    ext,
    async: true,
    forceTranspile: true,
  });
  return (evaluated as { readonly default?: unknown } | undefined)?.default ?? evaluated;
}

function loadFailed(
  file: string,
  message: string,
  cause?: unknown,
  place: { line?: number; column?: number } = placeIn(file, cause),
): ConfigurationError {
  return new ConfigurationError(message, {
    code: "config_load_failed",
    where: { file, ...place },
    cause,
  });
}

/** Line and column of an error within the config, from a syntax error's place or the thrown error's stack. */
function placeIn(file: string, error: unknown): { line?: number; column?: number } {
  if (!(error instanceof Error)) return {};
  const loc = (error as { loc?: { line?: unknown; column?: unknown } }).loc;
  if (typeof loc?.line === "number" && typeof loc.column === "number") {
    return { line: loc.line, column: loc.column + 1 };
  }
  const at = error.stack?.split(file).find((rest, index) => index > 0 && /^:\d+:\d+/.test(rest));
  const [, line, column] = /^:(\d+):(\d+)/.exec(at ?? "") ?? [];
  if (line === undefined) return {};
  // A parser counts columns from 0. What was thrown has the column of compiled code, which is nobody's.
  const isParsed = /^ParseError\b/.test(error.message);
  return { line: Number(line), ...(isParsed ? { column: Number(column) + 1 } : {}) };
}

async function noSuchFile(file: string, { cwd }: LoadConfigInput): Promise<ConfigurationError> {
  const { readdir } = await import("node:fs/promises");
  let present: string[] = [];
  try {
    present = await readdir(dirname(file));
  } catch {
    // The folder is missing too: then there is no name to offer.
  }
  return new ConfigurationError(`There is no config file at ${file}.`, {
    code: "config_load_failed",
    hint: didYouMean(basename(file), present, `Paths are relative to ${cwd}.`),
    where: { file },
  });
}
