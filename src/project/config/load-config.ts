import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import type { CosmiconfigResult, Loader } from "cosmiconfig";
import type { JSONVisitor } from "jsonc-parser";
import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { insideOf } from "../../files/inside.ts";
import { hasConflictMarks } from "../../files/read-file.ts";
import {
  CONFIG_PLACES,
  isData,
  isThere,
  loadFailed,
  type Place,
  readConfigText,
  readPlaces,
  searchedFolders,
} from "./config-files.ts";
import { runConfig } from "./run-config.ts";

export interface LoadedConfig {
  readonly value: unknown;
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
 * @returns the config, unchecked; an empty file gives `{}`
 * @throws ConfigurationError `config_load_failed`, with the file and the original error as cause
 */
export async function loadConfig(input: LoadConfigInput): Promise<LoadedConfig | undefined> {
  return search(input).catch((error: unknown) => {
    if (isScopeError(error) || Object(error).syscall !== undefined) throw error;
    // cosmiconfig's own errors (its own settings that aren't JSON) may name the file. A parser's message quotes it.
    const { filepath, message } = error as Error & { readonly filepath?: string };
    throw loadFailed(filepath ?? process.cwd(), `cosmiconfig can't read this: ${message.split("\n")[0]}`);
  });
}

async function search(input: LoadConfigInput): Promise<LoadedConfig | undefined> {
  const explorer = createExplorer(input);
  if (input.configFile !== undefined) {
    const file = resolve(input.cwd, input.configFile);
    if (!isThere(file)) throw await noSuchFile(file, input);
    if (!ENDINGS.includes(extname(file)))
      throw loadFailed(file, `The name of a config file ends in ${ENDINGS.join(", ")}.`);
    readConfigText(file);
    const config = await explorer.load(file);
    if (config === undefined) throw loadFailed(file, `This package.json has no "scope".`);
    return config;
  }
  for (const folder of searchedFolders(input.cwd)) {
    // cosmiconfig would read a device without end, wait at a pipe forever, and skip what isn't readable.
    readPlaces(CONFIG_PLACES.map((place) => join(folder, place)));
    const config = await explorer.search(folder);
    if (config !== undefined) return config;
  }
  return undefined;
}

/** How the name of a config file can end. */
const ENDINGS = [...new Set(CONFIG_PLACES.map((place) => extname(place)))];

/** cosmiconfig with our loader, whose errors say where they are. */
function createExplorer({ useCompileCache = true }: LoadConfigInput) {
  // Required, not imported: Next's webpack reads everything that its config imports, and warns about what it finds
  // there.
  const { cosmiconfig } = createRequire(import.meta.url)("cosmiconfig") as typeof import("cosmiconfig");
  // cosmiconfig's loader parses JSON in the same way, and loads what describes an error first.
  const evaluate = async (file: string, text: string): Promise<unknown> =>
    isData(file) ? JSON.parse(text) : runConfig(file, text, useCompileCache);
  const loaderFor = (ending: string): [string, Loader] => [
    ending,
    async (file, text) => {
      const value = await evaluate(file, text).catch(async (error) => {
        if (hasConflictMarks(text))
          throw loadFailed(file, "The config contains the marks of a merge conflict.", {
            place: { line: text.split("\n").findIndex(hasConflictMarks) + 1 },
            hint: "Keep what you need from both sides, remove the marks, and run: scope-gen types",
          });
        if (isData(file)) throw loadFailed(file, "This file isn't JSON.", { place: await jsonPlace(text) });
        throw loadFailed(file, "The config file threw an error when it was loaded.", { cause: error });
      });
      // cosmiconfig would treat it as a missing config.
      if (value === null)
        throw new ConfigurationError("The config must be an object, but is null.", {
          code: "config_invalid",
          where: { file },
        });
      // cosmiconfig would read what it names, wherever that is.
      if (Object(value).$import !== undefined)
        throw new ConfigurationError("A config can't include another file by $import.", {
          code: "config_invalid",
          where: { file },
          hint: "Import it in scope.config.ts.",
        });
      return value;
    },
  ];
  refuseOwnSettings(process.cwd());
  const explorer = cosmiconfig("scope", {
    searchPlaces: [...CONFIG_PLACES],
    searchStrategy: "none",
    ignoreEmptySearchPlaces: false,
    cache: false,
    loaders: Object.fromEntries(ENDINGS.map(loaderFor)),
  });
  const configOf = (result: CosmiconfigResult): LoadedConfig | undefined => {
    if (result === null || (result.isEmpty && basename(result.filepath) === "package.json")) return undefined;
    const { filepath: file, config, isEmpty } = result;
    return { file, root: dirname(file), value: isEmpty ? {} : config };
  };
  return {
    search: async (folder: string) => configOf(await explorer.search(folder)),
    load: async (file: string) => configOf(await explorer.load(file)),
  };
}

async function noSuchFile(file: string, { cwd }: LoadConfigInput): Promise<ConfigurationError> {
  const { readdir } = await import("node:fs/promises");
  // If the folder is missing too, there's no name to suggest.
  const present = await readdir(dirname(file)).catch(() => []);
  return loadFailed(file, `There's no config file at ${file}.`, {
    hint: didYouMean(basename(file), present, `Paths are relative to ${cwd}.`),
  });
}

/** Where cosmiconfig looks for its own settings, in the working directory, as soon as an explorer is created. */
const PLACES = [
  "package.json",
  "package.yaml",
  ...["json", "yaml", "yml", "js", "ts", "cjs", "mjs"].map((ending) => `.config/config.${ending}`),
];

/**
 * Refuses what cosmiconfig would trip over before it has searched for anything: a device, a pipe, and code, which it
 * runs without awaiting it, whichever tool it belongs to.
 *
 * @throws ConfigurationError `config_load_failed`
 */
function refuseOwnSettings(folder: string): void {
  const files = readPlaces(PLACES.map((place) => join(folder, place)));
  for (const [file, text] of files) {
    if (text === undefined || !/\.[cm]?[jt]s$/.test(file)) continue;
    throw loadFailed(
      file,
      "cosmiconfig, which searches for the config, would run this file for its own settings. Rename it, or write it as JSON.",
    );
  }
}

/** The first token that JSON doesn't allow there; undefined if there is none, or no end to the levels of a text. */
async function jsonPlace(text: string): Promise<Place | undefined> {
  const { visit } = await import("jsonc-parser");
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

/**
 * Refuses a path out of the git repository, or, without one, of the folder where the config's search ends.
 *
 * @param isFree code named it, so that only a committed link is refused
 * @throws ConfigurationError `leads_outside`
 */
export async function refuseOutside(root: string, path: string, isFree: boolean): Promise<void> {
  let top = root;
  while (!existsSync(join(top, ".git")) && dirname(top) !== top) top = dirname(top);
  if (!existsSync(join(top, ".git"))) top = searchedFolders(root).at(-1) ?? root;
  if (!isFree || path.startsWith(top + sep)) await insideOf(top, path);
}
