import { ts } from "ts-morph";
import { placeIn, type TextLiteral, textLiterals } from "./literals.ts";
import { refusal } from "./refusal.ts";

/** A place in a script, from 1. */
export interface LiteralPlace {
  readonly line: number;
  /** Only needed if the line has several literals. */
  readonly column?: number | undefined;
}

/**
 * The literal at a place: with a column, the one that starts there; otherwise the outermost one on the line, or around
 * it. Words without a space count only if nothing else is there.
 *
 * @throws ConfigurationError `extract_refused` if there's none, or several, which it lists
 */
export function findLiteral(file: string, source: ts.SourceFile, place: LiteralPlace): TextLiteral {
  const all = textLiterals(source);
  const { line, column } = place;
  if (column !== undefined) {
    const found = all.find((one) => placeIn(one).line === line && placeIn(one).column === column);
    if (found !== undefined) return found;
    throw refusal(file, "No text literal starts here.", { line, column }, seen(all, line));
  }
  const here = all.filter((one) => isOnLine(one, line, source) && !isInside(one, all));
  const texts = here.filter((one) => ts.isTemplateExpression(one) || /\s/.test(one.text));
  const [first, ...others] = texts.length > 0 ? texts : here;
  if (first === undefined) throw refusal(file, NOTHING, { line });
  if (others.length === 0) return first;
  const columns = [first, ...others].map(
    (one) => `${placeIn(one).line}:${placeIn(one).column} ${start(one)}`,
  );
  const own = placeIn(first);
  throw refusal(
    file,
    `Several text literals are here: ${columns.join(", ")}.`,
    { line },
    `Name one by its column, as in ${file.replace(/^.*[\\/]/, "")}:${own.line}:${own.column}.`,
  );
}

const NOTHING =
  "There's no text literal on this line that a call can replace. One that has a tag can't be replaced, nor a name, a type, an attribute, or the specifier of an import.";

function seen(all: readonly TextLiteral[], line: number): string | undefined {
  const columns = all
    .filter((one) => placeIn(one).line === line)
    .map((one) => `${line}:${placeIn(one).column}`);
  return columns.length === 0 ? undefined : `On this line, they start at ${columns.join(", ")}.`;
}

function isOnLine(literal: TextLiteral, line: number, source: ts.SourceFile): boolean {
  const last = source.getLineAndCharacterOfPosition(literal.getEnd()).line + 1;
  return placeIn(literal).line <= line && line <= last;
}

function isInside(literal: TextLiteral, all: readonly TextLiteral[]): boolean {
  return all.some((one) => one.pos < literal.pos && literal.end < one.end);
}

function start(literal: TextLiteral): string {
  const text = literal.getText().replace(/\s+/g, " ");
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
