import { realpath } from "node:fs/promises";
import { createRequire, isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Node, type SourceFile, SyntaxKind, ts } from "ts-morph";
import { isMissing, readTextIfThere } from "../../files/write-file.ts";
import { keyOf, literalsOf, namesAt, namesFrom, parseScript } from "./script.ts";
import type { TextFile } from "./settings.ts";
import { isToolModule } from "./tools.ts";

/** A config and the files that it takes settings from. */
export interface PluginSearch {
  readonly hasPlugin: boolean;
  /** A config or a project that it names and that can't be read. */
  readonly base?: string | undefined;
  /** A package that it imports: something from it may bring the plugin. */
  readonly unread?: string | undefined;
  /** Absolute paths with all links resolved: the file itself, what it imports, and so on. */
  readonly files: readonly string[];
}

/** Nobody keeps plugins behind more files than this. */
const MAX_FILES = 20;

/**
 * Does a config have this package's plugin: imported from its tool's entry and used, there or in a script that the
 * config imports or extends?
 *
 * @param entries any of them will do
 */
export async function findPlugin(config: TextFile, entries: readonly string[]): Promise<PluginSearch> {
  // A config can extend a folder with a config of its own name.
  const name = basename(config.file).replace(/\.[^.]+$/, "");
  const found: TextFile[] = [{ ...config, file: await realpath(config.file) }];
  let base: string | undefined;
  let unread: string | undefined;
  // The list grows while it is walked.
  for (const { file, text } of found) {
    const script = parseScript(text);
    const files = found.map((one) => one.file);
    // What can't be parsed gets the benefit of the doubt.
    if (entries.some((entry) => (script === undefined ? text.includes(entry) : uses(script, entry))))
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
    for (const named of namedConfigs(script)) {
      const path = resolve(dirname(file), named);
      if (!(await read(path)) && !(await read(join(path, name)))) base ??= named;
    }
  }
  return { hasPlugin: false, base, unread, files: found.map(({ file }) => file) };
}

function mayBringPlugin(module: string): boolean {
  if (isBuiltin(module) || module.startsWith("unplugin-scope")) return false;
  // An Astro project's Vitest config is made from Astro's by an Astro function.
  return !isToolModule(module) || module === "astro/config";
}

/** What a config, or one of its `projects`, names in strings as `extends`, and what Vitest's `test.projects` names. */
function namedConfigs(script: SourceFile | undefined): readonly string[] {
  const members = script?.getDescendantsOfKind(SyntaxKind.PropertyAssignment) ?? [];
  return members.flatMap((member) => {
    const key = keyOf(member);
    const around = keyOf(member.getFirstAncestorByKind(SyntaxKind.PropertyAssignment));
    const isMeant =
      key === "extends" ? [undefined, "projects"].includes(around) : key === "projects" && around === "test";
    const value = member.getInitializerOrThrow();
    const texts = Node.isArrayLiteralExpression(value) ? value.getElements() : [value];
    return isMeant ? texts.filter(Node.isStringLiteral).map((one) => one.getLiteralText()) : [];
  });
}

/** Does a script import an entry's plugin, or the raw instance's for the same tool, and use it? */
function uses(script: SourceFile, entry: string): boolean {
  const identifiers = script.getDescendantsOfKind(SyntaxKind.Identifier).map((one) => one.getText());
  const isUsed = literalsOf(script, entry).some((literal) => {
    const names = namesAt(literal);
    return names === undefined || names.some((name) => identifiers.filter((one) => one === name).length > 1);
  });
  const raw = `unplugin.${entry.slice("unplugin-scope/".length)}(`;
  return (
    isUsed || (script.getText().includes(raw) && namesFrom(script, "unplugin-scope").includes("unplugin"))
  );
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
