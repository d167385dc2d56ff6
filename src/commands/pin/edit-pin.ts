import { basename, extname } from "node:path";
import {
  type ArrayLiteralExpression,
  Node,
  type ObjectLiteralExpression,
  type PropertyAssignment,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";
import { configExport } from "../project-files/scripts/config-object.ts";
import { hasLines, insertFirst, removeMember, replaceNode } from "../project-files/scripts/edit-literal.ts";
import { callsOf } from "../project-files/scripts/imported-names.ts";
import {
  bareExpression,
  jsonObject,
  keyOf,
  memberOf,
  parseScript,
  textOf,
} from "../project-files/scripts/parse-script.ts";
import { eolOf, indentLines, indentUnit, lineIndent, quoteOf } from "../project-files/scripts/text-style.ts";

/** A config file as written. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/**
 * Pins a key in the text of a config that is one literal: JSON, or a script that exports an object, with or without
 * `defineConfig`. Undefined if it isn't one, or if the edit can't be made reliably.
 *
 * @example setPin({ file, text: "export default {}" }, "welcome", "version_1")
 * // 'export default { prompts: { welcome: { version: "version_1" } } }'
 */
export function setPin(config: ConfigText, key: string, versionId: string): string | undefined {
  const object = readConfig(config);
  // In a script this key would set the prototype.
  const isPinned = object !== undefined && key !== "__proto__" && pin(object, key, versionId);
  return isPinned ? textOf(object.getSourceFile(), config.text) : undefined;
}

/**
 * Removes a pin, the reverse of {@link setPin}. An entry that is then empty is removed too, if the code's imports name
 * the prompt anyway.
 */
export function removePin(config: ConfigText, key: string, isImported: boolean): string | undefined {
  const root = readConfig(config);
  const prompts = memberOf(root, "prompts");
  const entries = plainObject(bareExpression(prompts?.getInitializer()));
  const entry = memberOf(entries, key);
  const options = plainObject(entry?.getInitializer());
  const version = memberOf(options, "version");
  if (version === undefined) return undefined;
  const isLast = isImported && isAlone(version);
  const removed = !isLast ? version : entry !== undefined && isAlone(entry) ? prompts : entry;
  const file = version.getSourceFile();
  if (removed !== undefined) removeMember(removed);
  return textOf(file, config.text);
}

/** The object that is the config, if everything in it is written out. */
function readConfig({ file, text }: ConfigText): ObjectLiteralExpression | undefined {
  if (extname(file) !== ".json") return plainObject(exportedObject(parseScript(text)));
  const root = plainObject(jsonObject(text));
  return basename(file) === "package.json" ? plainObject(memberOf(root, "scope")?.getInitializer()) : root;
}

/** From `export default {`, or `export default defineConfig({` with this package's `defineConfig`. */
function exportedObject(script: SourceFile | undefined): Node | undefined {
  if (script === undefined) return undefined;
  const exported = bareExpression(configExport(script)?.node);
  const call = callsOf(script, "unplugin-scope", /^defineConfig$/).find((one) => one === exported);
  const [only, ...others] = call?.getArguments() ?? [];
  return others.length === 0 && call !== undefined ? bareExpression(only) : exported;
}

/** An object literal whose members are all `key: value`: with others, its contents aren't known. */
function plainObject(node: Node | undefined): ObjectLiteralExpression | undefined {
  if (!Node.isObjectLiteralExpression(node)) return undefined;
  const isPlain = node
    .getProperties()
    .every((one) => Node.isPropertyAssignment(one) && keyOf(one) !== undefined);
  return isPlain ? node : undefined;
}

function isAlone(member: PropertyAssignment): boolean {
  return member.getParentIfKindOrThrow(SyntaxKind.ObjectLiteralExpression).getProperties().length === 1;
}

/** Writes the pin into the config's object; false if that can't be done reliably. */
function pin(config: ObjectLiteralExpression, key: string, versionId: string): boolean {
  const write = new Writer(config.getSourceFile());
  const version = `${write.key("version")}: ${write.string(versionId)}`;
  const pinned = `{ ${version} }`;
  const entry = `${write.key(key)}: ${pinned}`;
  const prompts = memberOf(config, "prompts");
  if (prompts === undefined) {
    const record = hasLines(config) ? write.record([entry]) : `{ ${entry} }`;
    insertFirst(config, `${write.key("prompts")}: ${record}`);
    return true;
  }
  const value = bareExpression(prompts.getInitializer());
  if (Node.isArrayLiteralExpression(value)) return listToRecord(value, prompts, write, key, pinned);
  const entries = plainObject(value);
  const present = memberOf(entries, key);
  if (entries !== undefined && present === undefined) insertFirst(entries, entry);
  if (entries === undefined || present === undefined) return entries !== undefined;
  const options = plainObject(present.getInitializer());
  const replaced = memberOf(options, "version") ?? memberOf(options, "label");
  if (replaced !== undefined) replaced.replaceWithText(version);
  else if (options !== undefined) insertFirst(options, version);
  return options !== undefined;
}

/** A list of names has no room for a pin: it becomes an equivalent record, without the type of a list. */
function listToRecord(
  list: ArrayLiteralExpression,
  prompts: PropertyAssignment,
  write: Writer,
  key: string,
  pinned: string,
): boolean {
  const names = list.getElements().filter(Node.isStringLiteral);
  const rest = list.getElements().reduce((text, one) => text.replace(one.getText(), ""), list.getText());
  const whole = prompts.getInitializerOrThrow();
  const around = whole.getText().replace(list.getText(), "");
  // It holds something other than names, or a comment that would be lost, or an outer type requires a list.
  if (names.length < list.getElements().length || !/^\[[\s,]*\]$/.test(rest)) return false;
  if (/\/[/*]/.test(around) || prompts.getAncestors().some(hasTypeOfItsOwn)) return false;
  const keys = new Set([...names.map((one) => one.getLiteralText()), key]);
  const record = write.record([...keys].map((one) => `${write.key(one)}: ${one === key ? pinned : "{}"}`));
  replaceNode(whole, indentLines(record, lineIndent(list)));
  return true;
}

/** `satisfies { prompts: string[] }`, but not `satisfies Options` or `as const`. */
function hasTypeOfItsOwn(node: Node): boolean {
  const isTyped = Node.isAsExpression(node) || Node.isSatisfiesExpression(node);
  return isTyped && !Node.isTypeReference(node.getTypeNode());
}

/** Writes in the style of the rest of the file. */
class Writer {
  readonly #isJson: boolean;
  readonly #quote: string;
  readonly #eol: string;
  readonly #indent: string;

  constructor(file: SourceFile) {
    this.#isJson = file.getExtension() === ".json";
    this.#quote = this.#isJson ? '"' : quoteOf(file);
    this.#eol = eolOf(file.getFullText());
    this.#indent = indentUnit(file.getFullText());
  }

  string(value: string): string {
    const quoted = JSON.stringify(value);
    return this.#quote === "'" && !/['\\]/.test(quoted) ? `'${quoted.slice(1, -1)}'` : quoted;
  }

  key(name: string): string {
    return !this.#isJson && /^[A-Za-z_$][\w$]*$/.test(name) ? name : this.string(name);
  }

  /** An object with each member on its own line. */
  record(members: readonly string[]): string {
    const lines = members.map((one) => this.#indent + one).join(`,${this.#eol}`);
    return `{${this.#eol}${lines}${this.#isJson ? "" : ","}${this.#eol}}`;
  }
}
