import { realpath } from "node:fs/promises";
import { createRequire, isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import { isMissing, readTextIfThere } from "../../files/write-file.ts";
import { allTokens } from "../../project/discovery/script-tokens.ts";
import { stringValue } from "../../project/discovery/string-value.ts";
import { namesFrom, parseScript } from "./script.ts";
import type { TextFile } from "./settings.ts";
import { isToolModule } from "./tools.ts";

/** A config and the files that it takes settings from. */
export interface PluginSearch {
  readonly hasPlugin: boolean;
  /** A package that it imports: something from it may bring the plugin. */
  readonly unread?: string | undefined;
  /** Absolute paths with all links resolved: the file itself, what it imports, and so on. */
  readonly files: readonly string[];
}

/** Nobody keeps plugins behind more files than this. */
const MAX_FILES = 20;

/**
 * Does a config use an entry of this package, itself or in a script that it imports, extends or has among its projects?
 *
 * @param entries any of them will do
 */
export async function findPlugin(config: TextFile, entries: readonly string[]): Promise<PluginSearch> {
  // A config can extend a folder with a config of its own name.
  const name = basename(config.file).replace(/\.[^.]+$/, "");
  const found: TextFile[] = [{ ...config, file: await realpath(config.file) }];
  let unread: string | undefined;
  // The list grows while it is walked.
  for (const { file, text } of found) {
    const strings = stringsIn(text);
    const files = found.map((one) => one.file);
    if (entries.some((entry) => (strings.includes(entry) && uses(text, entry)) || makesPlugin(text, entry)))
      return { hasPlugin: true, files };
    // Of a package only its entry is read.
    if (file.includes("/node_modules/") || found.length > MAX_FILES) continue;
    const read = async (source: string) => {
      const next = await findScript(file, source);
      if (next !== undefined && !files.includes(next.file)) found.push(next);
      return next !== undefined && !next.file.includes("/node_modules/");
    };
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles)
      if (mayBringPlugin(fileName) && !(await read(fileName))) unread ??= fileName;
    for (const path of strings.filter((one) => one.startsWith(".")).map((one) => resolve(dirname(file), one)))
      if (!(await read(path))) await read(join(path, name));
  }
  return { hasPlugin: false, unread, files: found.map(({ file }) => file) };
}

/** The values of a script's string literals: modules that it imports, and files that it names. */
function stringsIn(text: string): readonly string[] {
  return allTokens(text, false)
    .filter(({ type }) => type === "StringLiteral")
    .map(({ value }) => stringValue(value));
}

/** Does a script do anything with what it imports from an entry? */
function uses(text: string, entry: string): boolean {
  const script = parseScript(text);
  const names = script === undefined ? [] : namesFrom(script, entry);
  const words = text.replaceAll(entry, "").match(/[\w$]+/g) ?? [];
  // Without a name, it's used on the spot.
  return names.length === 0 || names.some((name) => words.filter((word) => word === name).length > 1);
}

/** Does a script use the raw instance for an entry's tool? */
function makesPlugin(text: string, entry: string): boolean {
  return text.includes(`unplugin.${entry.slice("unplugin-scope/".length)}(`);
}

function mayBringPlugin(module: string): boolean {
  if (isBuiltin(module) || module.startsWith("unplugin-scope")) return false;
  // An Astro project's Vitest config is made from Astro's by an Astro function.
  return !isToolModule(module) || module === "astro/config";
}

/**
 * The script that a specifier, or an absolute path without its extension, means for `file`; undefined if there is none.
 * The path has all links resolved. A folder means its index, and `x.js` means the `x.ts` that compiles to it.
 */
async function findScript(file: string, module: string): Promise<TextFile | undefined> {
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  const url = createJiti(file, { fsCache: false }).esmResolve(module, { try: true });
  if (!url?.startsWith("file:") || !/\.[cm]?[jt]s$/.test(url)) return undefined;
  try {
    const path = await realpath(fileURLToPath(url));
    const text = await readTextIfThere(path);
    return text === undefined ? undefined : { file: path, text };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
