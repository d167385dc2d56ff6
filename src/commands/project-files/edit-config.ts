import { Node, type ObjectLiteralExpression, type SourceFile, SyntaxKind } from "ts-morph";
import type { FoundTool } from "./detect-tools.ts";
import { listUnder, rollupHook } from "./plugin-example.ts";
import { configExport, configObject } from "./scripts/config-object.ts";
import { insertFirst, replaceNode } from "./scripts/edit-literal.ts";
import { importedModules, importedNames, importsOf } from "./scripts/imported-names.ts";
import { keyOf, parseScript, textOf, valueUnder } from "./scripts/parse-script.ts";
import { eolOf, quoteOf } from "./scripts/text-style.ts";
import { type PluginStyle, pluginKeys } from "./tools/tool.ts";

/**
 * Adds the plugin to a tool's config. Undefined if that can't be done reliably: the file then stays as it is, and you
 * add it yourself.
 *
 * @example addPlugin(vite) // …import scope from "unplugin-scope/vite"; … plugins: [scope(), vue()] …
 */
export function addPlugin({ text, entry, style }: FoundTool): string | undefined {
  const file = parseScript(text);
  // With another tool's entry in the file, the plugin would be there twice.
  if (entry === undefined || file === undefined || usesOtherEntry(file, entry)) return undefined;
  const wanted = style === "next" ? "withScope" : "default";
  const present = importedNames(file, entry)
    .find((one) => one.imported === wanted)
    ?.local?.getText();
  const name = present ?? localName(file, style === "next" ? "withScope" : "scope");
  if (name === undefined) return undefined;
  const isAdded = style === "next" ? wrapExport(file, name) : addToConfig(file, entry, style, name);
  if (!isAdded) return undefined;
  if (present === undefined && style !== "modules") addImport(file, entry, name);
  const changed = textOf(file, text);
  return parseScript(changed) === undefined ? undefined : changed;
}

function usesOtherEntry(file: SourceFile, entry: string): boolean {
  return importedModules(file).some((module) => /^unplugin-scope(?:\/|$)/.test(module) && module !== entry);
}

function localName(file: SourceFile, wanted: string): string | undefined {
  const taken = new Set(file.getDescendantsOfKind(SyntaxKind.Identifier).map((one) => one.getText()));
  return [wanted, "scopePlugin"].find((name) => !taken.has(name));
}

function addToConfig(file: SourceFile, entry: string, style: PluginStyle, name: string): boolean {
  const object = configObject(file, style);
  if (object === undefined) return false;
  const quote = quoteOf(file);
  if (style === "rollup:options") return addHook(object, rollupHook(name, quote));
  if (style === "electron") return addToParts(object, `${name}()`);
  if (style === "use.ctViteConfig.plugins" && !hasElements(object, pluginKeys(style))) return false;
  return addToObject(object, pluginKeys(style), style === "modules" ? quote + entry + quote : `${name}()`);
}

/** unbuild passes Rollup's options to a hook: its config has no plugin list. */
function addHook(object: ObjectLiteralExpression, hook: string): boolean {
  const isTaken = object
    .getProperties()
    .some((one) => Node.isSpreadAssignment(one) || ["hooks", "rollup"].includes(keyOf(one) ?? ""));
  if (!isTaken) insertFirst(object, hook);
  return !isTaken;
}

function addToObject(object: ObjectLiteralExpression, keys: readonly string[], element: string): boolean {
  const [key, ...rest] = keys;
  const members = object.getProperties();
  const at = members.findIndex((one) => keyOf(one) === key);
  // A spread may contain the key, and one of the two would be lost. If the spread comes after the key, one already is.
  if (members.slice(at + 1).some(Node.isSpreadAssignment)) return false;
  const member = members[at];
  const value = valueUnder(object, key ?? "");
  if (member === undefined) insertFirst(object, listUnder(keys, element));
  else if (rest.length > 0) return Node.isObjectLiteralExpression(value) && addToObject(value, rest, element);
  else if (Node.isArrayLiteralExpression(value)) insertFirst(value, element);
  else return false;
  return true;
}

/** electron-vite builds three programs, each with its own plugins. */
function addToParts(object: ObjectLiteralExpression, element: string): boolean {
  const members = object.getProperties();
  const parts = members.flatMap((one) => keyOf(one) ?? []).filter((key) => ELECTRON_PARTS.has(key));
  return (
    parts.length > 0 &&
    !members.some(Node.isSpreadAssignment) &&
    parts.every((key) => {
      const part = valueUnder(object, key);
      return Node.isObjectLiteralExpression(part) && addToObject(part, ["plugins"], element);
    })
  );
}

const ELECTRON_PARTS: ReadonlySet<string> = new Set(["main", "preload", "renderer"]);

/** Is there a non-empty list under the keys? */
function hasElements(object: ObjectLiteralExpression, keys: readonly string[]): boolean {
  const list = valueUnder(object, ...keys);
  return Node.isArrayLiteralExpression(list) && list.getElements().length > 0;
}

/** `export default config` becomes `export default withScope(config)`, which accepts a function and a promise too. */
function wrapExport(file: SourceFile, name: string): boolean {
  const config = configExport(file)?.node;
  if (!Node.isExpression(config)) return false;
  replaceNode(config, `${name}(${config.getText()})`);
  return true;
}

function addImport(file: SourceFile, entry: string, name: string): void {
  const text = file.getFullText();
  const quote = quoteOf(file);
  const isEsm = configExport(file)?.isEsm ?? !importsOf(file).some(({ node }) => isRequire(node));
  const exported = entry === "unplugin-scope/next" ? "withScope" : name;
  const renamed = name === exported ? name : `${exported}${isEsm ? " as" : ":"} ${name}`;
  const local = entry === "unplugin-scope/next" ? `{ ${renamed} }` : name;
  const from = quote + entry + quote;
  const statement = isEsm ? `import ${local} from ${from}` : `const ${local} = require(${from})`;
  const line = statement + (usesSemicolons(file) ? ";" : "") + eolOf(text);
  // Without imports, at the top: a comment above the code belongs to what follows it.
  const start = firstImport(file, isEsm);
  file.insertText(start ?? topOf(text), start === undefined ? line + eolOf(text) : line);
}

function isRequire(node: Node): boolean {
  return Node.isCallExpression(node) && node.getExpression().getText() === "require";
}

/** If no statement could end with a semicolon, we assume the file uses them. */
function usesSemicolons(file: SourceFile): boolean {
  const statements = file.getStatements();
  const shows = statements.some((one) => Node.isImportDeclaration(one) || Node.isVariableStatement(one));
  return !shows || statements.some((one) => one.getText().endsWith(";"));
}

/** Where the first import starts that is its own statement. */
function firstImport(file: SourceFile, isEsm: boolean): number | undefined {
  for (const { node } of importsOf(file)) {
    const statement = isEsm ? node : node.getFirstAncestorByKind(SyntaxKind.VariableStatement);
    const isMeant = isEsm ? Node.isImportDeclaration(node) : isRequire(node);
    if (isMeant && statement?.getParent() === file) return statement.getStart();
  }
  return undefined;
}

/** After anything that only counts at the top of a file. */
function topOf(text: string): number {
  return /^(?:(?:#!.*|\/\/.*@ts-check.*|(["'])use strict\1;?)\r?\n)*/.exec(text)?.[0].length ?? 0;
}
