import { Node, type SourceFile, SyntaxKind } from "ts-morph";
import { type Edit, edited, eolOf, insertAt, insertFirst, quoteOf, replace } from "./edit-text.ts";
import { listUnder } from "./plugin-example.ts";
import { configExport, configObject, keyOf, namesFrom, parseScript, valueUnder } from "./script.ts";
import { pluginKeys, type Tool } from "./tools.ts";

/**
 * Adds the plugin to the text of a tool's config. Undefined if the list of plugins isn't written out there: the file
 * then stays as it is, and you add it yourself.
 *
 * @example addPlugin(vite, text) // …import scope from "unplugin-scope/vite"; … plugins: [scope(), vue()] …
 */
export function addPlugin({ entry, style }: Tool, text: string): string | undefined {
  const file = parseScript(text);
  if (entry === undefined || style === "snippet" || file === undefined) return undefined;
  // With another tool's entry in the file, the plugin would be there twice.
  if (text.replaceAll(entry, "").includes("unplugin-scope")) return undefined;
  const present = namesFrom(file, entry).at(-1);
  const taken = new Set(file.getDescendantsOfKind(SyntaxKind.Identifier).map((one) => one.getText()));
  const wanted = style === "next" ? ["withScope"] : ["scope", "scopePlugin"];
  const name = present ?? wanted.find((one) => !taken.has(one));
  if (name === undefined) return undefined;
  const edits = style === "next" ? wrapExport(file, name) : pluginEdits(file, { entry, style }, name);
  if (edits === undefined) return undefined;
  const isImported = present !== undefined || style === "modules";
  if (isImported) return edited(text, edits);
  const isEsm = configExport(file)?.isEsm ?? !text.includes("require(");
  return edited(text, [...edits, importEdit(file, entry, name, isEsm)]);
}

function pluginEdits(
  file: SourceFile,
  { entry, style }: Required<Pick<Tool, "entry" | "style">>,
  name: string,
): readonly Edit[] | undefined {
  const quote = quoteOf(file);
  const element = style === "modules" ? quote + entry + quote : `${name}()`;
  const edit = pluginEdit(configObject(file, style), pluginKeys(style), element);
  return edit && [edit];
}

function pluginEdit(
  object: Node | undefined,
  [key = "", ...rest]: readonly string[],
  element: string,
): Edit | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  const members = object.getProperties();
  const at = members.findIndex((one) => keyOf(one) === key);
  // A spread may contain the key, and one of the two would be lost. If the spread comes after the key, one already is.
  if (members.slice(at + 1).some(Node.isSpreadAssignment)) return undefined;
  if (at === -1) return insertFirst(object, listUnder([key, ...rest], element));
  const value = valueUnder(object, key);
  if (rest.length > 0) return pluginEdit(value, rest, element);
  return Node.isArrayLiteralExpression(value) ? insertFirst(value, element) : undefined;
}

/** `export default config` becomes `export default withScope(config)`, which accepts a function and a promise too. */
function wrapExport(file: SourceFile, name: string): readonly Edit[] | undefined {
  const config = configExport(file)?.node;
  return Node.isExpression(config) ? [replace(config, `${name}(${config.getText()})`)] : undefined;
}

/** The import of a module under a name, as the script's others are written. */
export function importEdit(file: SourceFile, module: string, name: string, isEsm = true): Edit {
  const text = file.getFullText();
  const from = quoteOf(file) + module + quoteOf(file);
  const local = name === "withScope" ? "{ withScope }" : name;
  const statement = isEsm ? `import ${local} from ${from}` : `const ${local} = require(${from})`;
  const line = statement + (usesSemicolons(file) ? ";" : "") + eolOf(text);
  const first = file
    .getStatements()
    .find((one) =>
      isEsm ? Node.isImportDeclaration(one) : /^(?:const|let|var) [^=]*= require\(/.test(one.getText()),
    );
  // Without imports, at the top: a comment above the code belongs to what follows it.
  return first === undefined ? insertAt(topOf(text), line + eolOf(text)) : insertAt(first.getStart(), line);
}

/** If no statement could end with a semicolon, we assume the file uses them. */
function usesSemicolons(file: SourceFile): boolean {
  const statements = file.getStatements();
  const shows = statements.some((one) => Node.isImportDeclaration(one) || Node.isVariableStatement(one));
  return !shows || statements.some((one) => one.getText().endsWith(";"));
}

/** After anything that only counts at the top of a file. */
function topOf(text: string): number {
  return /^(?:(?:#!.*|\/\/.*@ts-check.*|\/\/\/.*|(["'])use [a-z]+\1;?)\r?\n)*/.exec(text)?.[0].length ?? 0;
}
