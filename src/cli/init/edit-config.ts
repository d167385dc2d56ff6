import { configExport, configObject, objectMembers } from "../project-files/config-object.ts";
import type { FoundTool } from "../project-files/detect-tools.ts";
import { importedModules, importedNames } from "../project-files/imported-names.ts";
import { closingIndex, type ScriptToken, scriptTokens } from "../project-files/script-tokens.ts";
import { type PluginStyle, pluginKeys } from "../project-files/tools.ts";
import { rollupHook } from "./plugin-example.ts";

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** How a file is written. */
interface Style {
  readonly eol: string;
  readonly quote: string;
  readonly semicolon: string;
}

/**
 * Adds the plugin to a tool's config. Undefined where that cannot be done with certainty: the file then stays as it
 * is, and a person does it.
 *
 * @example addPlugin(vite) // …import scope from "unplugin-scope/vite"; … plugins: [scope(), vue()] …
 */
export function addPlugin({ text, entry, style: kind }: FoundTool): string | undefined {
  const tokens = scriptTokens(text);
  // The plugin of another tool would be there twice.
  if (entry === undefined || tokens === undefined || usesOtherEntry(tokens, entry)) return undefined;
  const wanted = kind === "next" ? "withScope" : "default";
  const present = importedNames(tokens, entry).find((one) => one.imported === wanted)?.local;
  const name = present ?? localName(tokens, kind === "next" ? "withScope" : "scope");
  if (name === undefined) return undefined;
  const style = styleOf(text, tokens);
  const edits =
    kind === "next" ? wrapExport(tokens, name) : addToConfig(text, tokens, entry, kind, name, style);
  if (edits === undefined) return undefined;
  const isImported = present !== undefined || kind === "modules";
  const imports = isImported ? [] : [importOf(text, tokens, entry, name, kind === "next", style)];
  const changed = apply(text, [...imports, ...edits]);
  return scriptTokens(changed) === undefined ? undefined : changed;
}

function addToConfig(
  text: string,
  tokens: readonly ScriptToken[],
  entry: string,
  kind: PluginStyle,
  name: string,
  style: Style,
): readonly Insertion[] | undefined {
  const object = configObject(tokens, kind);
  if (kind === "rollup:options") return addHook(text, tokens, object, name, style);
  const element = kind === "modules" ? `${style.quote}${entry}${style.quote}` : `${name}()`;
  return addToObject(text, tokens, object, pluginKeys(kind), element, style);
}

/** unbuild hands Rollup's options to a hook: there is no list for plugins in its config. */
function addHook(
  text: string,
  tokens: readonly ScriptToken[],
  object: number | undefined,
  name: string,
  style: Style,
): readonly Insertion[] | undefined {
  if (object === undefined) return undefined;
  const members = objectMembers(tokens, object);
  if (members.some(({ key }) => ["hooks", "rollup", "..."].includes(key))) return undefined;
  return [insertFirst(text, tokens, object, rollupHook(name, style.quote), members.length === 0, style)];
}

function usesOtherEntry(tokens: readonly ScriptToken[], entry: string): boolean {
  return importedModules(tokens).some((module) => /^unplugin-scope(?:\/|$)/.test(module) && module !== entry);
}

function localName(tokens: readonly ScriptToken[], wanted: string): string | undefined {
  const taken = new Set(tokens.filter(({ type }) => type === "IdentifierName").map(({ value }) => value));
  return [wanted, "scopePlugin"].find((name) => !taken.has(name));
}

function styleOf(text: string, tokens: readonly ScriptToken[]): Style {
  const strings = tokens.filter(({ type }) => type === "StringLiteral");
  const single = strings.filter(({ value }) => value.startsWith("'")).length;
  const usesSemicolons = tokens.some(({ value, depth }) => value === ";" && depth === 0);
  const hasStatements = tokens.some(({ value }) => value === "import" || value === "const");
  return {
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    quote: single * 2 > strings.length ? "'" : '"',
    semicolon: usesSemicolons || !hasStatements ? ";" : "",
  };
}

function addToObject(
  text: string,
  tokens: readonly ScriptToken[],
  object: number | undefined,
  [key = "", ...rest]: readonly string[],
  element: string,
  style: Style,
): readonly Insertion[] | undefined {
  const brace = object === undefined ? undefined : tokens[object];
  if (object === undefined || brace === undefined) return undefined;
  const members = objectMembers(tokens, object);
  const member = members.find((one) => one.key === key);
  if (member === undefined) {
    // A spread may bring the key, and one of the two would be lost.
    if (members.some((one) => one.key === "...")) return undefined;
    const value = rest.reduceRight((inner, one) => `{ ${one}: ${inner} }`, `[${element}]`);
    return [insertFirst(text, tokens, object, `${key}: ${value}`, members.length === 0, style)];
  }
  // Behind the key a spread may bring another in its place.
  if (members.some((one) => one.key === "..." && one.index > member.index)) return undefined;
  const start = member.value === undefined ? undefined : tokens[member.value];
  if (member.value === undefined || start === undefined) return undefined;
  if (rest.length > 0) {
    return start.value === "{" ? addToObject(text, tokens, member.value, rest, element, style) : undefined;
  }
  if (start.value !== "[") return undefined;
  const isEmpty = tokens[member.value + 1]?.value === "]";
  return [insertFirst(text, tokens, member.value, element, isEmpty, style)];
}

/** Puts an element first into a list of brackets, on a line of its own where the list has lines. */
function insertFirst(
  text: string,
  tokens: readonly ScriptToken[],
  index: number,
  element: string,
  isEmpty: boolean,
  { eol }: Style,
): Insertion {
  const at = tokens[index]?.end ?? 0;
  const next = tokens[index + 1];
  const space = tokens[index]?.value === "{" ? " " : "";
  if (isEmpty) return { at, text: intoEmpty(text.slice(at, next?.start), element, space, eol) };
  if (next?.startsLine !== true) return { at, text: `${space}${element},${gap(text, at)}` };
  const before = text.slice(0, next.start);
  const indent = before.slice(before.trimEnd().length).replace(/^.*[\r\n]/s, "");
  return { at, text: `${eol}${indent}${element},` };
}

/** Brackets without an element may hold comments: what is added stands before them, and ends with a comma. */
function intoEmpty(inside: string, element: string, space: string, eol: string): string {
  if (inside.trim() === "") return space + element + space;
  const [, indent] = /^[^\S\r\n]*\r?\n([^\S\r\n]*)/.exec(inside) ?? [];
  return indent === undefined ? `${space}${element},${gap(inside, 0)}` : `${eol}${indent}${element},`;
}

function gap(text: string, at: number): string {
  return /\s/.test(text[at] ?? "") ? "" : " ";
}

/** `export default config` becomes `export default withScope(config)`; only for plain expressions. */
function wrapExport(tokens: readonly ScriptToken[], name: string): readonly Insertion[] | undefined {
  const exported = configExport(tokens);
  const first = exported === undefined ? undefined : tokens[exported.index];
  if (exported === undefined || first === undefined) return undefined;
  let last = exported.index;
  if (first.value === "{") last = closingIndex(tokens, last);
  else if (first.type !== "IdentifierName" || ["async", "function", "class"].includes(first.value))
    return undefined;
  else if (tokens[last + 1]?.value === "(") last = closingIndex(tokens, last + 1);
  const after = tokens[last + 1];
  if (after !== undefined && after.value !== ";" && !after.startsLine) return undefined;
  return [
    { at: first.start, text: `${name}(` },
    { at: tokens[last]?.end ?? 0, text: ")" },
  ];
}

function importOf(
  text: string,
  tokens: readonly ScriptToken[],
  entry: string,
  name: string,
  isNamed: boolean,
  { eol, quote, semicolon }: Style,
): Insertion {
  const from = `${quote}${entry}${quote}`;
  const isEsm = configExport(tokens)?.isEsm ?? !tokens.some(({ value }) => value === "require");
  const local = isNamed
    ? name === "withScope"
      ? "{ withScope }"
      : `{ withScope${isEsm ? " as" : ":"} ${name} }`
    : name;
  const statement = isEsm ? `import ${local} from ${from}` : `const ${local} = require(${from})`;
  const at = firstImport(tokens, isEsm);
  // Without imports, at the top: a comment above the code belongs to what follows it.
  return at === undefined
    ? { at: topOf(text), text: `${statement}${semicolon}${eol}${eol}` }
    : { at, text: `${statement}${semicolon}${eol}` };
}

function firstImport(tokens: readonly ScriptToken[], isEsm: boolean): number | undefined {
  return tokens.find(({ value, depth, startsLine }, index) => {
    if (depth > 0 || !startsLine) return false;
    if (isEsm) return value === "import";
    return DECLARES.has(value) && tokens.slice(index, index + 12).some((one) => one.value === "require");
  })?.start;
}

/** After what only counts as the first thing in a file. */
function topOf(text: string): number {
  return /^(?:(?:#!.*|\/\/.*@ts-check.*|(["'])use strict\1;?)\r?\n)*/.exec(text)?.[0].length ?? 0;
}

const DECLARES = new Set(["const", "let", "var"]);

function apply(text: string, insertions: readonly Insertion[]): string {
  let result = text;
  for (const { at, text: added } of [...insertions].sort((a, b) => b.at - a.at)) {
    result = result.slice(0, at) + added + result.slice(at);
  }
  return result;
}
