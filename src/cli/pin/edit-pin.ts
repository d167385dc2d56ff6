import { basename, extname } from "node:path";
import { configExport } from "../project-files/config-object.ts";
import { importedNames } from "../project-files/imported-names.ts";
import { closingIndex, type ScriptToken, scriptTokens } from "../project-files/script-tokens.ts";
import {
  eolOf,
  indented,
  indentUnit,
  insertMember,
  lineIndent,
  type Member,
  plainMembers,
  removeMember,
  replaceTokens,
  type TokenText,
} from "./object-text.ts";

/** A config file as it is written. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/**
 * Pins a key in the text of a config that is one literal: JSON, or a script that exports an object, with
 * `defineConfig` or without. Undefined where it is not, or where that cannot be done with certainty.
 *
 * @example setPin({ file, text: "export default {}" }, "welcome", "version_1")
 * // 'export default { prompts: { welcome: { version: "version_1" } } }'
 */
export function setPin({ file, text }: ConfigText, key: string, versionId: string): string | undefined {
  const write = writerFor(file, text);
  const version = `${write.key("version")}: ${write.string(versionId)}`;
  const entry = `${write.key(key)}: { ${version} }`;
  const config = read(file, text);
  // In a script this key would set the prototype.
  if (config === undefined || key === "__proto__") return undefined;
  const { source, members } = config;
  const prompts = members.find((one) => one.key === "prompts");
  if (prompts === undefined) {
    const { eol, indent } = write;
    const record = `${write.key("prompts")}: {${eol}${indent}${entry}${write.comma}${eol}}`;
    return insertMember(
      source,
      config.object,
      isOnOneLine(config) ? `${write.key("prompts")}: { ${entry} }` : record,
    );
  }
  const start = source.tokens[prompts.value]?.value;
  if (start === "[") return listToRecord(source, prompts, write, key, version);
  const entries = start === "{" ? plainMembers(source, prompts.value) : undefined;
  if (entries === undefined) return undefined;
  const present = entries.find((one) => one.key === key);
  if (present === undefined) return insertMember(source, prompts.value, entry);
  const options = optionsOf(source, present);
  if (options === undefined) return undefined;
  const replaced = options.find((one) => one.key === "version" || one.key === "label");
  return replaced === undefined
    ? insertMember(source, present.value, version)
    : replaceTokens(source, replaced.first, replaced.last, version);
}

/**
 * Takes a pin out again, as {@link setPin} does. An entry that has nothing left is removed with it, where the code's
 * imports name the prompt anyway.
 */
export function removePin({ file, text }: ConfigText, key: string, isImported: boolean): string | undefined {
  const path = ["prompts", key, "version"];
  let result: string | undefined = text;
  for (; path.length > 0; path.pop()) {
    const found: Found | undefined = find(file, result, path);
    if (found === undefined) return undefined;
    const { source, member, isEmpty } = found;
    const isPin = path.length === 3;
    if (!isPin && (!isEmpty || (path.length === 2 && !isImported))) break;
    result = removeMember(source, member);
  }
  return result;
}

interface Config {
  readonly source: TokenText;
  /** Index of the config's own `{`. */
  readonly object: number;
  readonly members: readonly Member[];
}

function read(file: string, text: string): Config | undefined {
  const tokens = scriptTokens(text);
  if (tokens === undefined) return undefined;
  const source = { text, tokens };
  const root = extname(file) === ".json" ? 0 : exportedObject(tokens);
  let object = root === undefined || tokens[root]?.value !== "{" ? undefined : root;
  if (object !== undefined && basename(file) === "package.json") {
    const scope = plainMembers(source, object)?.find((one) => one.key === "scope")?.value;
    object = scope !== undefined && tokens[scope]?.value === "{" ? scope : undefined;
  }
  const members = object === undefined ? undefined : plainMembers(source, object);
  return object === undefined || members === undefined ? undefined : { source, object, members };
}

/** `export default {` or `export default defineConfig({`, with the `defineConfig` of this package. */
function exportedObject(tokens: readonly ScriptToken[]): number | undefined {
  const index = configExport(tokens)?.index;
  if (index === undefined || tokens[index]?.value === "{") return index;
  const isOurs = importedNames(tokens, "unplugin-scope").some(
    ({ imported, local }) => imported === "defineConfig" && local === tokens[index]?.value,
  );
  if (!isOurs || tokens[index + 1]?.value !== "(" || tokens[index + 2]?.value !== "{") return undefined;
  const end = closingIndex(tokens, index + 2) + 1;
  const close = tokens[end]?.value === "," ? end + 1 : end;
  return tokens[close]?.value === ")" ? index + 2 : undefined;
}

interface Found {
  readonly source: TokenText;
  readonly member: Member;
  /** It is an object without members. */
  readonly isEmpty: boolean;
}

function find(file: string, text: string, path: readonly string[]): Found | undefined {
  const config = read(file, text);
  let members = config?.members;
  let member: Member | undefined;
  for (const key of path) {
    member = members?.find((one) => one.key === key);
    members = member === undefined || config === undefined ? undefined : optionsOf(config.source, member);
  }
  if (config === undefined || member === undefined) return undefined;
  return { source: config.source, member, isEmpty: members?.length === 0 };
}

/** What an entry of `prompts` is made of; undefined where it is no literal. */
function optionsOf(source: TokenText, { value, last }: Member): readonly Member[] | undefined {
  if (source.tokens[value]?.value !== "{" || closingIndex(source.tokens, value) !== last) return undefined;
  return plainMembers(source, value);
}

/** A list of names has no place for a pin: it becomes the record that says the same. */
function listToRecord(
  source: TokenText,
  { value, last }: Member,
  write: Writer,
  key: string,
  version: string,
): string | undefined {
  const { text, tokens } = source;
  const inside = tokens.slice(value + 1, last);
  const names = inside.filter(({ value: one }) => one !== ",");
  if (tokens[last]?.value !== "]" || names.some(({ type }) => type !== "StringLiteral")) return undefined;
  // A comment would be lost.
  const between = inside.reduce(
    (rest, { value: one }) => rest.replace(one, ""),
    text.slice(tokens[value]?.end, tokens[last]?.start),
  );
  if (between.trim() !== "" || names.some(({ value: one }) => one.includes("\\"))) return undefined;
  const keys = new Set([...names.map(({ value: one }) => one.slice(1, -1)), key]);
  const { eol, indent } = write;
  const lines = [...keys].map(
    (one) => `${indent}${write.key(one)}: ${one === key ? `{ ${version} }` : "{}"}`,
  );
  const record = `{${eol}${lines.join(`,${eol}`)}${write.comma}${eol}}`;
  return replaceTokens(source, value, last, indented(record, lineIndent(text, tokens[value]?.start ?? 0)));
}

function isOnOneLine({ source: { text, tokens }, object }: Config): boolean {
  return !text.slice(tokens[object]?.end, tokens[object + 1]?.start).includes("\n");
}

interface Writer {
  readonly eol: string;
  readonly indent: string;
  /** Behind the last member of an object that has lines. */
  readonly comma: string;
  key(name: string): string;
  string(text: string): string;
}

function writerFor(file: string, text: string): Writer {
  const isJson = extname(file) === ".json";
  const quotes = text.match(/["']/g) ?? [];
  const isSingle = !isJson && quotes.filter((one) => one === "'").length * 2 > quotes.length;
  const string = (value: string) => {
    const quoted = JSON.stringify(value);
    return isSingle && !/['\\]/.test(quoted) ? `'${quoted.slice(1, -1)}'` : quoted;
  };
  return {
    eol: eolOf(text),
    indent: indentUnit(text),
    comma: isJson ? "" : ",",
    string,
    key: (name) => (!isJson && /^[A-Za-z_$][\w$]*$/.test(name) ? name : string(name)),
  };
}
