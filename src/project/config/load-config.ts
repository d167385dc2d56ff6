import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { type JSONVisitor, visit } from "jsonc-parser";
import type { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { hasConflictMarks } from "../../files/read-file.ts";
import { allTokens, isCode, type Token } from "../discovery/scan-script.ts";
import {
  CONFIG_PLACES,
  ENDINGS,
  isData,
  isThere,
  loadFailed,
  type Place,
  type Places,
  readConfigText,
  rootOf,
  searchedFolders,
} from "./config-files.ts";
import { defineConfig } from "./options.ts";

export interface LoadedConfig {
  readonly value: unknown;
  /** It isn't one literal, so it was run: what it says can come from anywhere. */
  readonly wasRun: boolean;
  /** Absolute. */
  readonly file: string;
  /** Absolute path of the folder that its paths are relative to. */
  readonly root: string;
}

interface LoadConfigInput {
  /** Absolute folder where the search begins. */
  readonly cwd: string;
  /** Use this file instead of searching; relative to `cwd`. */
  readonly configFile?: string | undefined;
  /** Can jiti keep compiled configs with the installed packages? Default true. */
  readonly useCompileCache?: boolean | undefined;
}

/**
 * Finds and evaluates the config at one of {@link CONFIG_PLACES}, in `cwd` and upwards to the folder with a lock file
 * or `.git`. If there's no such folder, up to the nearest package.json: files outside the project aren't evaluated.
 *
 * @returns the config, unchecked (an empty file gives `{}`), and everything that the search depended on
 * @throws ConfigurationError `config_load_failed`, with the file and the original error as cause
 */
export async function searchConfig({ cwd, configFile, useCompileCache = true }: LoadConfigInput): Promise<{
  readonly config: LoadedConfig | undefined;
  readonly places: Places;
}> {
  const places = new Map<string, string | undefined>();
  const load = async (file: string) => {
    const text = isThere(file) ? readConfigText(file) : undefined;
    places.set(file, text);
    return text === undefined ? undefined : evaluate(file, text, useCompileCache);
  };
  if (configFile !== undefined) {
    const file = resolve(cwd, configFile);
    if (!isThere(file)) throw await noSuchFile(file, cwd);
    if (!ENDINGS.includes(extname(file)))
      throw loadFailed(file, `The name of a config file ends in ${ENDINGS.join(", ")}.`);
    const config = await load(file);
    if (config === undefined) throw loadFailed(file, `This package.json has no "scope".`);
    return { config, places };
  }
  for (const folder of searchedFolders(cwd))
    for (const place of CONFIG_PLACES) {
      const config = await load(join(folder, place));
      if (config !== undefined) return { config, places };
    }
  return { config: undefined, places };
}

/** What a config file says; undefined for a package.json without our key. A literal isn't run. */
async function evaluate(
  file: string,
  text: string,
  useCompileCache: boolean,
): Promise<LoadedConfig | undefined> {
  let value: unknown;
  let wasRun = false;
  try {
    if (text.trim() === "") value = {};
    else if (isData(file)) value = file.endsWith(".json") ? JSON.parse(text) : parseYaml(file, text);
    else {
      value = readLiteralConfig(text);
      wasRun = value === undefined;
      if (wasRun) value = await run(file, text, useCompileCache);
    }
  } catch (error) {
    if (hasConflictMarks(text))
      throw loadFailed(file, "The config contains the marks of a merge conflict.", {
        place: { line: text.split("\n").findIndex(hasConflictMarks) + 1 },
        hint: "Keep what you need from both sides, remove the marks, and run: scope-gen types",
      });
    if (isData(file)) throw dataFailed(file, text, error);
    throw loadFailed(file, "The config file threw an error when it was loaded.", { cause: error });
  }
  if (basename(file) === "package.json") {
    value = Object(value).scope;
    if (value === undefined) return undefined;
  }
  return { file, root: rootOf(file), value: value === undefined ? {} : value, wasRun };
}

function parseYaml(file: string, text: string): unknown {
  // Required, not imported: Next's webpack reads everything that its config imports, and warns about what it finds
  // there.
  const { defaultLoaders } = createRequire(import.meta.url)("cosmiconfig") as typeof import("cosmiconfig");
  return defaultLoaders[".yaml"](file, text);
}

async function noSuchFile(file: string, cwd: string): Promise<ConfigurationError> {
  const { readdir } = await import("node:fs/promises");
  // If the folder is missing too, there's no name to suggest.
  const present = await readdir(dirname(file)).catch(() => []);
  return loadFailed(file, `There's no config file at ${file}.`, {
    hint: didYouMean(basename(file), present, `Paths are relative to ${cwd}.`),
  });
}

/** A config in JSON or YAML that doesn't parse. Without the line itself, which may contain credentials. */
function dataFailed(file: string, text: string, error: unknown): ConfigurationError {
  if (file.endsWith(".json")) return loadFailed(file, "This file isn't JSON.", { place: jsonPlace(text) });
  const { reason, mark } = Object(error) as { reason?: string; mark?: { line: number; column: number } };
  const place = mark && { line: mark.line + 1, column: mark.column + 1 };
  return loadFailed(file, `This file isn't YAML${reason === undefined ? "" : `: ${reason}`}.`, { place });
}

/** The first token that JSON doesn't allow there; undefined if there is none, or no end to the levels of a text. */
function jsonPlace(text: string): Place | undefined {
  let first: Place | undefined;
  try {
    const onError: JSONVisitor["onError"] = (_error, _offset, _length, line, column) => {
      first ??= { line: line + 1, column: column + 1 };
    };
    visit(text, { onError }, { disallowComments: true });
  } catch (error) {
    // The parser recurses for each level.
    if (!(error instanceof RangeError)) throw error;
  }
  return first;
}

/** What a config in TypeScript or JavaScript exports. Throws what the config throws. */
async function run(file: string, source: string, useCompileCache: boolean): Promise<unknown> {
  // Required, not imported, like the parser of YAML.
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
  const evaluated = await jiti.evalModule(source, options);
  return (evaluated as { readonly default?: unknown } | undefined)?.default ?? evaluated;
}

/** What can be around the one literal, token by token. */
const AROUND =
  /^(?:import \{ defineConfig \} from ["']unplugin-scope["'] (?:; )?)?export default (?:…|defineConfig \( …(?: ,)? \))(?: ;)?$/;

/**
 * Reads a config that is one literal without running it, which would take a tenth of a second: `export default { … }`,
 * or the same within `defineConfig`, after an import of only that.
 *
 * @returns the value; undefined if there's anything else in the file, and it has to be run
 * @example readLiteralConfig('export default { label: "latest" };') // { label: "latest" }
 */
export function readLiteralConfig(code: string): unknown {
  const tokens = allTokens(code, false).filter(isCode);
  const values = tokens.map(({ value }) => value);
  const start = values.indexOf("{", values.indexOf("default"));
  const end = values.lastIndexOf("}");
  if (!AROUND.test([...values.slice(0, start), "…", ...values.slice(end + 1)].join(" "))) return undefined;
  const literal = tokens.slice(start, end + 1);
  const parts = literal.map((token, at) => jsonOf(token, literal[at - 1], literal[at + 1]?.value));
  if (parts.includes(undefined)) return undefined;
  try {
    return JSON.parse(parts.join(" "));
  } catch {
    return undefined;
  }
}

/** A token of a literal as JSON has it; undefined for anything that is left to running the file. */
function jsonOf({ type, value }: Token, before?: Token, after?: string): string | undefined {
  if (type === "StringLiteral")
    return /^(["'])[^\\]*\1$/.test(value) ? keyOrText(value.slice(1, -1)) : undefined;
  if (type === "IdentifierName" && after === ":") return keyOrText(value);
  if (type === "IdentifierName") return /^(?:true|false|null)$/.test(value) ? value : undefined;
  if (type === "NumericLiteral") return /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value) ? value : undefined;
  if (value === "," && /^[}\]]$/.test(after ?? "") && !/^[{[]$/.test(before?.value ?? "")) return "";
  return /^[{}[\]:,]$/.test(value) ? value : undefined;
}

/** In a literal, `__proto__` isn't a key. */
function keyOrText(text: string): string | undefined {
  return text === "__proto__" ? undefined : JSON.stringify(text);
}
