import { existsSync } from "node:fs";
import { basename, extname, join } from "node:path";
import {
  type ArrayLiteralExpression,
  Node,
  type ObjectLiteralExpression,
  type PropertyAssignment,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { ConfigurationError } from "../../errors/classes.ts";
import { readRegularFile } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type FileChange, placeOf } from "../init/change.ts";
import {
  bareExpression,
  configExport,
  type Edit,
  edited,
  eolOf,
  indentUnit,
  insertFirst,
  jsonObject,
  keyOf,
  lineIndent,
  memberOf,
  namesFrom,
  parseScript,
  quoteOf,
  removeMember,
  replace,
} from "../project-files/edit-config.ts";

/**
 * The change to the config that pins a key, or removes its pin. If there's no config, it creates one.
 *
 * @param edit the version, or whether the code imports the key without a pin of its own
 * @throws ConfigurationError `config_not_editable`, which says what to write; `file_read_only`, `leads_outside`
 */
export async function pinChange(
  { configFile, root }: ResolvedOptions,
  key: string,
  edit: { readonly versionId: string } | { readonly isImported: boolean },
): Promise<FileChange> {
  const file = configFile ?? join(root, configName(root));
  const before = configFile === undefined ? undefined : await readRegularFile(configFile);
  const config = { file, text: before ?? scopeConfig };
  const isPinned = "versionId" in edit;
  const after = isPinned ? setPin(config, key, edit.versionId) : removePin(config, key, edit.isImported);
  if (after === undefined) {
    // No automatic edit is reliable.
    const byHand = isPinned
      ? `prompts: { ${JSON.stringify(key)}: { version: ${JSON.stringify(edit.versionId)} } }`
      : `remove "version" from the entry ${JSON.stringify(key)} in prompts`;
    throw new ConfigurationError(
      `${basename(file)} isn't a plain object literal, so it was left unchanged.`,
      {
        code: "config_not_editable",
        where: { file },
        hint: `Write it by hand: ${byHand}`,
      },
    );
  }
  await placeOf(file, root);
  return { file, why: isPinned ? `the pin of ${key}` : `removes the pin of ${key}`, before, after };
}

/** As `init` names it. */
function configName(root: string): string {
  const usesTypeScript =
    existsSync(join(root, "tsconfig.json")) || existsSync(join(root, "node_modules", "typescript"));
  return usesTypeScript ? "scope.config.ts" : "scope.config.mjs";
}

/** A file as written. */
interface TextFile {
  /** Absolute. */
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
export function setPin(config: TextFile, key: string, versionId: string): string | undefined {
  const object = readConfig(config);
  // In a script this key would set the prototype.
  const edit = object === undefined || key === "__proto__" ? undefined : pin(object, key, versionId);
  return edit && edited(config.text, [edit]);
}

/**
 * Removes a pin, the reverse of {@link setPin}. An entry that is then empty is removed too, if the code's imports name
 * the prompt anyway.
 */
export function removePin(config: TextFile, key: string, isImported: boolean): string | undefined {
  const root = readConfig(config);
  const prompts = memberOf(root, "prompts");
  const entries = plainObject(bareExpression(prompts?.getInitializer()));
  const entry = memberOf(entries, key);
  const options = plainObject(entry?.getInitializer());
  const version = memberOf(options, "version");
  if (version === undefined) return undefined;
  const isLast = isImported && isAlone(version);
  const removed = !isLast ? version : entry !== undefined && isAlone(entry) ? prompts : entry;
  return removed && edited(config.text, [removeMember(removed)]);
}

/** The object that is the config, if everything in it is written out. */
function readConfig({ file, text }: TextFile): ObjectLiteralExpression | undefined {
  if (extname(file) !== ".json") return plainObject(exportedObject(parseScript(text)));
  const root = plainObject(jsonObject(text));
  return basename(file) === "package.json" ? plainObject(memberOf(root, "scope")?.getInitializer()) : root;
}

/** From `export default {`, or `export default defineConfig({` with this package's `defineConfig`. */
function exportedObject(script: SourceFile | undefined): Node | undefined {
  const exported = bareExpression(script && configExport(script)?.node);
  if (!Node.isCallExpression(exported) || script === undefined) return exported;
  const isOurs = namesFrom(script, "unplugin-scope").includes(exported.getExpression().getText());
  return isOurs ? bareExpression(exported.getArguments()[0]) : undefined;
}

/** An object literal with `key: value` members alone, each key once: of others we don't know what they hold. */
function plainObject(node: Node | undefined): ObjectLiteralExpression | undefined {
  if (!Node.isObjectLiteralExpression(node)) return undefined;
  const members = node.getProperties();
  const keys = new Set(members.filter(Node.isPropertyAssignment).flatMap((one) => keyOf(one) ?? []));
  return keys.size === members.length ? node : undefined;
}

function isAlone(member: PropertyAssignment): boolean {
  return member.getParentIfKindOrThrow(SyntaxKind.ObjectLiteralExpression).getProperties().length === 1;
}

/** The edit that writes the pin into the config's object; undefined if that can't be done reliably. */
function pin(config: ObjectLiteralExpression, key: string, versionId: string): Edit | undefined {
  const write = writerFor(config.getSourceFile());
  const version = `${write.key("version")}: ${write.string(versionId)}`;
  const pinned = `{ ${version} }`;
  const entry = `${write.key(key)}: ${pinned}`;
  const prompts = memberOf(config, "prompts");
  if (prompts === undefined) {
    const hasLines = /^.[^\S\n]*\n/.test(config.getText());
    const record = hasLines ? write.record([entry]) : `{ ${entry} }`;
    return insertFirst(config, `${write.key("prompts")}: ${record}`);
  }
  const value = prompts.getInitializer();
  if (Node.isArrayLiteralExpression(value)) return listToRecord(value, write, key, pinned);
  const entries = plainObject(value);
  const present = memberOf(entries, key);
  if (entries === undefined || present === undefined) return entries && insertFirst(entries, entry);
  const options = plainObject(present.getInitializer());
  const replaced = memberOf(options, "version") ?? memberOf(options, "label");
  return replaced === undefined ? options && insertFirst(options, version) : replace(replaced, version);
}

/** A list of names has no room for a pin: it becomes an equivalent record. */
function listToRecord(
  list: ArrayLiteralExpression,
  write: ReturnType<typeof writerFor>,
  key: string,
  pinned: string,
): Edit | undefined {
  const names = list.getElements().filter(Node.isStringLiteral);
  const rest = list.getElements().reduce((text, one) => text.replace(one.getText(), ""), list.getText());
  // It holds something other than names, or a comment that would be lost.
  if (names.length < list.getElements().length || !/^\[[\s,]*\]$/.test(rest)) return undefined;
  const keys = new Set([...names.map((one) => one.getLiteralText()), key]);
  const record = write.record([...keys].map((one) => `${write.key(one)}: ${one === key ? pinned : "{}"}`));
  return replace(list, record.replace(/\n(?=.)/g, `\n${lineIndent(list)}`));
}

/** Writes in the style of the rest of the file. */
function writerFor(file: SourceFile) {
  const isJson = file.getExtension() === ".json";
  const quote = isJson ? '"' : quoteOf(file);
  const eol = eolOf(file.getFullText());
  const indent = indentUnit(file.getFullText());
  const string = (value: string): string => {
    const quoted = JSON.stringify(value);
    return quote === "'" && !/['\\]/.test(quoted) ? `'${quoted.slice(1, -1)}'` : quoted;
  };
  return {
    string,
    key: (name: string) => (!isJson && /^[A-Za-z_$][\w$]*$/.test(name) ? name : string(name)),
    /** An object with each member on its own line. */
    record(members: readonly string[]): string {
      const lines = members.map((one) => indent + one).join(`,${eol}`);
      return `{${eol}${lines}${isJson ? "" : ","}${eol}}`;
    },
  };
}
