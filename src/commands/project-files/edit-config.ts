import { Node, type SourceFile, type Statement, SyntaxKind } from "ts-morph";
import { type Edit, edited, eolOf, insertAt, insertFirst, quoteOf, replace } from "./edit-text.ts";
import { configExport, configObject, keyOf, parseScript, valueUnder } from "./script.ts";
import { pluginList, type Tool } from "./tools.ts";

/**
 * Adds the plugin to the text of a tool's config. Undefined if the list of plugins isn't written out there, or the text
 * mentions this package already: the file then stays as it is, and you add what is missing.
 *
 * @example addPlugin(vite, text) // …import scope from "unplugin-scope/vite"; … plugins: [scope(), vue()] …
 */
export function addPlugin({ entry, edit }: Tool, text: string): string | undefined {
  const file = text.includes("unplugin-scope") ? undefined : parseScript(text);
  if (entry === undefined || edit === undefined || file === undefined) return undefined;
  const taken = new Set(file.getDescendantsOfKind(SyntaxKind.Identifier).map((one) => one.getText()));
  const wanted = edit === "next" ? ["withScope"] : ["scope", "scopePlugin"];
  const name = wanted.find((one) => !taken.has(one));
  if (name === undefined) return undefined;
  const element = edit === "modules" ? quoteOf(file) + entry + quoteOf(file) : `${name}()`;
  const edits =
    edit === "next" ? wrapExport(file, name) : listEdit(configObject(file), edit.split("."), element);
  if (edits === undefined || edit === "modules") return edits && edited(text, edits);
  const isEsm = configExport(file)?.isEsm ?? !text.includes("require(");
  return edited(text, [...edits, importEdit(file, entry, name, isEsm)]);
}

/** The same for a tool without a config; undefined if it needs one for more than plugins. */
export function newConfig({ entry, creates }: Tool): string | undefined {
  if (creates === undefined) return undefined;
  const imports = `import { defineConfig } from "${creates}";\nimport scope from "${entry}";\n`;
  return `${imports}\nexport default defineConfig({\n  ${pluginList("plugins")},\n});\n`;
}

function listEdit(
  object: Node | undefined,
  [key = "", ...rest]: readonly string[],
  element: string,
): readonly Edit[] | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  const members = object.getProperties();
  const at = members.findIndex((one) => keyOf(one) === key);
  // A spread may contain the key, and one of the two would be lost. If the spread comes after the key, one already is.
  if (members.slice(at + 1).some(Node.isSpreadAssignment)) return undefined;
  if (at === -1) {
    const list = rest.reduceRight((inner, one) => `{ ${one}: ${inner} }`, `[${element}]`);
    return [insertFirst(object, `${key}: ${list}`)];
  }
  const value = valueUnder(object, key);
  if (rest.length > 0) return listEdit(value, rest, element);
  return Node.isArrayLiteralExpression(value) ? [insertFirst(value, element)] : undefined;
}

/** `export default config` becomes `export default withScope(config)`, which accepts a function and a promise too. */
function wrapExport(file: SourceFile, name: string): readonly Edit[] | undefined {
  const config = configExport(file)?.node;
  return Node.isExpression(config) ? [replace(config, `${name}(${config.getText()})`)] : undefined;
}

/** The import of a module under a name, as the script's others are written: above the first of them, or above the code. */
export function importEdit(file: SourceFile, module: string, name: string, isEsm = true): Edit {
  const eol = eolOf(file.getFullText());
  const from = quoteOf(file) + module + quoteOf(file);
  const local = name === "withScope" ? "{ withScope }" : name;
  const statement = isEsm ? `import ${local} from ${from}` : `const ${local} = require(${from})`;
  const line = statement + (usesSemicolons(file) ? ";" : "") + eol;
  const statements = file.getStatements();
  const first = statements.find((one) =>
    isEsm ? Node.isImportDeclaration(one) : /^(?:const|let|var) [^=]*= require\(/.test(one.getText()),
  );
  if (first !== undefined)
    return insertAt(
      above(first, (comment) => OF_NEXT_LINE.test(comment)),
      line,
    );
  const code = statements.find((one) => !/^["']use [a-z]/.test(one.getText()));
  return insertAt(
    code === undefined ? file.getEnd() : above(code, (comment) => !OF_FILE.test(comment)),
    line + eol,
  );
}

/** A comment that tells a tool something about the next line. */
const OF_NEXT_LINE = /@ts-(?:ignore|expect-error)|next-line|-ignore\b(?!-all)|ignore next/;
/** A comment about the file as a whole. */
const OF_FILE =
  /^\/\/\/|^\/\*!|@(?:ts-(?:no)?check|jsx|(?:jest|vitest)-environment|license|file|packageDocumentation|module|flow|format)|eslint-disable(?!-)|-ignore-all|copyright|license/i;

/** The start of a statement with the comments right above it that belong to it. */
function above(statement: Statement, isOwn: (comment: string) => boolean): number {
  const text = statement.getSourceFile().getFullText();
  let start = statement.getStart();
  for (const comment of statement.getLeadingCommentRanges().toReversed()) {
    const isApart = /\n\s*\n/.test(text.slice(comment.getEnd(), start));
    if (isApart || !isOwn(comment.getText())) break;
    start = comment.getPos();
  }
  return start;
}

/** If no statement could end with a semicolon, we assume the file uses them. */
function usesSemicolons(file: SourceFile): boolean {
  const statements = file.getStatements();
  const shows = statements.some((one) => Node.isImportDeclaration(one) || Node.isVariableStatement(one));
  return !shows || statements.some((one) => one.getText().endsWith(";"));
}
