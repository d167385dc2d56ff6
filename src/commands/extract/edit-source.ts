import { createWrappedNode, ts } from "ts-morph";
import { importEdit } from "../project-files/edit-config.ts";
import { type Edit, edited } from "../project-files/edit-text.ts";
import type { TextLiteral } from "./literals.ts";
import type { ExtractedVariable } from "./read-literal.ts";

/**
 * The text of a script with a literal replaced by the call of a prompt, and with the prompt's import.
 *
 * @param text of the file, with its byte order mark if it has one
 */
export function withPrompt(
  text: string,
  literal: TextLiteral,
  specifier: string,
  variables: readonly ExtractedVariable[],
): string {
  const source = literal.getSourceFile();
  const local = localName(specifier, source);
  const values = variables.map(({ name, code }) => member(name, code)).join(", ");
  const call = `${local}(${values === "" ? "" : `{ ${values} }`})`;
  const start = literal.getStart(source);
  // `return"text"` needs no space, and a name does.
  const space = /[\p{ID_Continue}$]$/u.test(source.text.slice(Math.max(0, start - 2), start)) ? " " : "";
  const replaced: Edit = { start, end: literal.getEnd(), text: space + call };
  return edited(text, [importEdit(createWrappedNode(source), specifier, local), replaced]);
}

/** `__proto__: value` would set the prototype. */
function member(name: string, code: string): string {
  if (name === code) return name;
  return name === "__proto__" ? `["${name}"]: ${code}` : `${name}: ${code}`;
}

/** A name for the import that the script doesn't use for anything yet: from the last part of the prompt's name. */
function localName(specifier: string, source: ts.SourceFile): string {
  const [wanted, ...parts] = specifier
    .replace(/^.*[:/]/, "")
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((part) => part !== "");
  const joined = [wanted ?? "", ...parts.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))].join(
    "",
  );
  const name = isIdentifier(joined) ? joined : `prompt${joined.slice(0, 1).toUpperCase()}${joined.slice(1)}`;
  const taken = new Set<string>();
  const walk = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) taken.add(node.text);
    ts.forEachChild(node, walk);
  };
  walk(source);
  const isFree = (one: string) =>
    !taken.has(one) && ts.identifierToKeywordKind(ts.factory.createIdentifier(one)) === undefined;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}Prompt${number === 2 ? "" : number - 1}`;
    if (isFree(candidate)) return candidate;
  }
}

function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(text);
}
