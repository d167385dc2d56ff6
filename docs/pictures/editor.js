import { join } from "node:path";
import ts from "typescript";

/**
 * What an editor shows of a file: its lines as parts of one colour, and the first error of TypeScript in it.
 *
 * @returns `lines` of `{ text, color }`, and `error` with `line` and `column` from 0, `length` and `message`
 */
export function editorOf(root, file) {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), {}, ts.sys);
  const program = ts.createProgram(config.fileNames, config.options);
  const source = program.getSourceFile(join(root, file));
  const [error] = program.getSemanticDiagnostics(source);
  const { line, character } = source.getLineAndCharacterOfPosition(error.start);
  const message = ts.flattenDiagnosticMessageText(error.messageText, "\n");
  return { lines: linesOf(source.text), error: { line, column: character, length: error.length, message } };
}

function linesOf(text) {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  const lines = [[]];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.NewLineTrivia) lines.push([]);
    else lines.at(-1).push({ text: scanner.getTokenText(), color: colorOf(kind) });
  }
  return lines.filter((line, index) => line.length > 0 || index < lines.length - 1);
}

function colorOf(kind) {
  if (kind === ts.SyntaxKind.StringLiteral) return "green";
  if (kind === ts.SyntaxKind.Identifier) return "blue";
  return kind >= ts.SyntaxKind.FirstKeyword && kind <= ts.SyntaxKind.LastKeyword ? "magenta" : "text";
}
