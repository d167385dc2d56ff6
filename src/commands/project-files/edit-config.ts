import { Node, type ObjectLiteralExpression, type SourceFile, SyntaxKind } from "ts-morph";
import type { FoundTool } from "./detect-tools.ts";
import { listUnder, rollupHook } from "./plugin-example.ts";
import { configExport, configObject } from "./scripts/config-object.ts";
import { applyEdits, type Edit, insertFirst } from "./scripts/edit-literal.ts";
import { importedModules, importedNames, importsOf } from "./scripts/imported-names.ts";
import { bareExpression, keyOf, parseScript } from "./scripts/parse-script.ts";
import { eolOf, quoteOf } from "./scripts/text-style.ts";
import { type PluginStyle, pluginKeys } from "./tools/tool.ts";

/**
 * Adds the plugin to a tool's config. Undefined where that cannot be done with certainty: the file then stays as it
 * is, and a person does it.
 *
 * @example addPlugin(vite) // …import scope from "unplugin-scope/vite"; … plugins: [scope(), vue()] …
 */
export function addPlugin({ text, entry, style }: FoundTool): string | undefined {
  const file = parseScript(text);
  // The plugin of another tool would be there twice.
  if (entry === undefined || file === undefined || usesOtherEntry(file, entry)) return undefined;
  const wanted = style === "next" ? "withScope" : "default";
  const present = importedNames(file, entry).find((one) => one.imported === wanted)?.local;
  const name = present ?? localName(file, style === "next" ? "withScope" : "scope");
  if (name === undefined) return undefined;
  const edits = style === "next" ? wrapExport(file, name) : addToConfig(file, entry, style, name);
  if (edits === undefined) return undefined;
  const isImported = present !== undefined || style === "modules";
  const changed = applyEdits(text, isImported ? edits : [importOf(file, entry, name), ...edits]);
  return parseScript(changed) === undefined ? undefined : changed;
}

function usesOtherEntry(file: SourceFile, entry: string): boolean {
  return importedModules(file).some((module) => /^unplugin-scope(?:\/|$)/.test(module) && module !== entry);
}

function localName(file: SourceFile, wanted: string): string | undefined {
  const taken = new Set(file.getDescendantsOfKind(SyntaxKind.Identifier).map((one) => one.getText()));
  return [wanted, "scopePlugin"].find((name) => !taken.has(name));
}

function addToConfig(
  file: SourceFile,
  entry: string,
  style: PluginStyle,
  name: string,
): readonly Edit[] | undefined {
  const object = configObject(file, style);
  if (object === undefined) return undefined;
  const quote = quoteOf(file);
  if (style === "rollup:options") return addHook(object, rollupHook(name, quote));
  if (style === "electron") return addToParts(object, `${name}()`);
  if (style === "use.ctViteConfig.plugins" && !hasElements(object, pluginKeys(style))) return undefined;
  return addToObject(object, pluginKeys(style), style === "modules" ? quote + entry + quote : `${name}()`);
}

/** unbuild hands Rollup's options to a hook: there is no list for plugins in its config. */
function addHook(object: ObjectLiteralExpression, hook: string): readonly Edit[] | undefined {
  const isTaken = object
    .getProperties()
    .some((one) => Node.isSpreadAssignment(one) || ["hooks", "rollup"].includes(keyOf(one) ?? ""));
  return isTaken ? undefined : [insertFirst(object, hook)];
}

function addToObject(
  object: ObjectLiteralExpression,
  keys: readonly string[],
  element: string,
): readonly Edit[] | undefined {
  const [key, ...rest] = keys;
  const members = object.getProperties();
  const at = members.findIndex((one) => keyOf(one) === key);
  // A spread may bring the key, and one of the two would be lost: behind the key, the one that is there.
  if (members.slice(at + 1).some(Node.isSpreadAssignment)) return undefined;
  const member = members[at];
  if (member === undefined) return [insertFirst(object, listUnder(keys, element))];
  const value = Node.isPropertyAssignment(member) ? bareExpression(member.getInitializer()) : undefined;
  if (rest.length > 0)
    return Node.isObjectLiteralExpression(value) ? addToObject(value, rest, element) : undefined;
  return Node.isArrayLiteralExpression(value) ? [insertFirst(value, element)] : undefined;
}

/** electron-vite builds three programs, each with plugins of its own. */
function addToParts(object: ObjectLiteralExpression, element: string): readonly Edit[] | undefined {
  const parts = object
    .getProperties()
    .filter((one) => ["main", "preload", "renderer"].includes(keyOf(one) ?? ""));
  const edits = parts.map((part) => {
    const value = Node.isPropertyAssignment(part) ? bareExpression(part.getInitializer()) : undefined;
    return Node.isObjectLiteralExpression(value) ? addToObject(value, ["plugins"], element) : undefined;
  });
  const isSeen =
    edits.length > 0 && !edits.includes(undefined) && !object.getProperties().some(Node.isSpreadAssignment);
  return isSeen ? edits.flatMap((one) => one ?? []) : undefined;
}

/** Is there a list under the keys, and something in it? */
function hasElements(object: ObjectLiteralExpression, [key, ...rest]: readonly string[]): boolean {
  const member = object.getProperties().find((one) => keyOf(one) === key);
  const value = Node.isPropertyAssignment(member) ? bareExpression(member.getInitializer()) : undefined;
  if (Node.isObjectLiteralExpression(value)) return hasElements(value, rest);
  return Node.isArrayLiteralExpression(value) && value.getElements().length > 0;
}

/** `export default config` becomes `export default withScope(config)`, which takes a function and a promise too. */
function wrapExport(file: SourceFile, name: string): readonly Edit[] | undefined {
  const config = configExport(file)?.node;
  if (!Node.isExpression(config)) return undefined;
  const [start, end] = [config.getStart(), config.getEnd()];
  return [
    { start, end: start, text: `${name}(` },
    { start: end, end, text: ")" },
  ];
}

function importOf(file: SourceFile, entry: string, name: string): Edit {
  const text = file.getFullText();
  const quote = quoteOf(file);
  const isEsm = configExport(file)?.isEsm ?? !importsOf(file).some(({ node }) => isRequire(node));
  const exported = entry === "unplugin-scope/next" ? "withScope" : name;
  const renamed = name === exported ? name : `${exported}${isEsm ? " as" : ":"} ${name}`;
  const local = entry === "unplugin-scope/next" ? `{ ${renamed} }` : name;
  const from = quote + entry + quote;
  const statement = isEsm ? `import ${local} from ${from}` : `const ${local} = require(${from})`;
  const line = statement + (usesSemicolons(file) ? ";" : "") + eolOf(text);
  const start = firstImport(file, isEsm);
  if (start !== undefined) return { start, end: start, text: line };
  // Without imports, at the top: a comment above the code belongs to what follows it.
  const top = topOf(text);
  return { start: top, end: top, text: line + eolOf(text) };
}

function isRequire(node: Node): boolean {
  return Node.isCallExpression(node) && node.getExpression().getText() === "require";
}

/** A file without a statement that could end with one is taken for one that uses them. */
function usesSemicolons(file: SourceFile): boolean {
  const statements = file.getStatements();
  const shows = statements.some((one) => Node.isImportDeclaration(one) || Node.isVariableStatement(one));
  return !shows || statements.some((one) => one.getText().endsWith(";"));
}

/** Where the first import begins that is a statement of its own. */
function firstImport(file: SourceFile, isEsm: boolean): number | undefined {
  for (const { node } of importsOf(file)) {
    const statement = isEsm ? node : node.getFirstAncestorByKind(SyntaxKind.VariableStatement);
    const isMeant = isEsm ? Node.isImportDeclaration(node) : isRequire(node);
    if (isMeant && statement?.getParent() === file) return statement.getStart();
  }
  return undefined;
}

/** After what only counts as the first thing in a file. */
function topOf(text: string): number {
  return /^(?:(?:#!.*|\/\/.*@ts-check.*|(["'])use strict\1;?)\r?\n)*/.exec(text)?.[0].length ?? 0;
}
