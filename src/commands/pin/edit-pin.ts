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
import { readRegularFileSync } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { changedPlace, type FileChange } from "../../project/edit/change.ts";
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
  newConfig,
  parseScript,
  quoteOf,
  removeMember,
  replaceNode,
  valueUnder,
} from "../../project/edit/edit-script.ts";

/**
 * The change to the config that pins a key, or removes its pin; as a text, what to write by hand where the config isn't
 * a plain object. If there's no config, it creates one.
 *
 * @throws as {@link changedPlace}
 */
export async function pinChange(
  { configFile, root }: ResolvedOptions,
  key: string,
  edit: { readonly versionId: string } | { readonly isImported: boolean },
): Promise<FileChange | string> {
  const usesTypeScript = ["tsconfig.json", "node_modules/typescript"].some((one) =>
    existsSync(join(root, one)),
  );
  const before = configFile && readRegularFileSync(configFile);
  const config =
    configFile === undefined ? newConfig(root, usesTypeScript) : { file: configFile, text: before as string };
  const { file } = config;
  const isPinned = "versionId" in edit;
  const after = isPinned ? setPin(config, key, edit.versionId) : removePin(config, key, edit.isImported);
  if (after === undefined) {
    const byHand = isPinned
      ? `prompts: { ${JSON.stringify(key)}: { version: ${JSON.stringify(edit.versionId)} } }`
      : `remove "version" from the entry ${JSON.stringify(key)} in prompts`;
    return `${basename(file)} isn't a plain object literal, so it was left unchanged. Write it by hand: ${byHand}`;
  }
  await changedPlace(file, root);
  return { file, why: isPinned ? `the pin of ${key}` : `removes the pin of ${key}`, before, after };
}

interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** Pins a key in a config that is one literal, with or without `defineConfig`. Undefined if the edit isn't safe. */
export function setPin(config: TextFile, key: string, versionId: string): string | undefined {
  const object = readConfig(config);
  // In a script this key would set the prototype.
  const edit = object === undefined || key === "__proto__" ? undefined : insertPin(object, key, versionId);
  return edit && edited(config.text, [edit]);
}

/** The reverse. An entry that is then empty is removed too, if the code's imports name the prompt anyway. */
export function removePin(config: TextFile, key: string, isImported: boolean): string | undefined {
  const prompts = memberOf(readConfig(config), "prompts");
  const entry = memberOf(plainObject(bareExpression(prompts?.getInitializer())), key);
  const version = memberOf(plainObject(entry?.getInitializer()), "version");
  if (prompts === undefined || entry === undefined || version === undefined) return undefined;
  const removed = !isImported || !isAlone(version) ? version : isAlone(entry) ? prompts : entry;
  return edited(config.text, [removeMember(removed)]);
}

/** The object that is the config, if everything in it is written out. */
function readConfig({ file, text }: TextFile): ObjectLiteralExpression | undefined {
  if (extname(file) === ".json") {
    const root = plainObject(jsonObject(text));
    return basename(file) === "package.json" ? plainObject(valueUnder(root, "scope")) : root;
  }
  const script = parseScript(text);
  const exported = bareExpression(script && configExport(script)?.node);
  if (!Node.isCallExpression(exported)) return plainObject(exported);
  const isOurs = exported.getExpression().getText() === "defineConfig" && /["']unplugin-scope["']/.test(text);
  return isOurs ? plainObject(bareExpression(exported.getArguments()[0])) : undefined;
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
function insertPin(config: ObjectLiteralExpression, key: string, versionId: string): Edit | undefined {
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
  return replaced === undefined ? options && insertFirst(options, version) : replaceNode(replaced, version);
}

/** A list of names has no room for a pin: it becomes an equivalent record. */
function listToRecord(
  list: ArrayLiteralExpression,
  write: ReturnType<typeof writerFor>,
  key: string,
  pinned: string,
): Edit | undefined {
  const names = list.getElements().filter(Node.isStringLiteral);
  const rest = names.reduce((text, one) => text.replace(one.getText(), ""), list.getText());
  // It holds something other than names, or a comment that would be lost.
  if (!/^\[[\s,]*\]$/.test(rest)) return undefined;
  const keys = new Set([...names.map((one) => one.getLiteralText()), key]);
  const record = write.record([...keys].map((one) => `${write.key(one)}: ${one === key ? pinned : "{}"}`));
  return replaceNode(list, record.replace(/\n(?=.)/g, `\n${lineIndent(list)}`));
}

function writerFor(file: SourceFile) {
  const isJson = file.getExtension() === ".json";
  const quote = isJson ? '"' : quoteOf(file);
  const eol = eolOf(file.getFullText());
  const string = (value: string): string => {
    const quoted = JSON.stringify(value);
    return quote === "'" && !/['\\]/.test(quoted) ? `'${quoted.slice(1, -1)}'` : quoted;
  };
  return {
    string,
    key: (name: string) => (!isJson && /^[A-Za-z_$][\w$]*$/.test(name) ? name : string(name)),
    /** An object with each member on its own line. */
    record(members: readonly string[]): string {
      const lines = members.map((one) => indentUnit(file.getFullText()) + one).join(`,${eol}`);
      return `{${eol}${lines}${isJson ? "" : ","}${eol}}`;
    },
  };
}
