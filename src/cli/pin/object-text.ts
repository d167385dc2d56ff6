import { objectMembers } from "../project-files/config-object.ts";
import { closingIndex, type ScriptToken } from "../project-files/script-tokens.ts";

/** A text with its tokens: script or JSON, which is script too. */
export interface TokenText {
  readonly text: string;
  readonly tokens: readonly ScriptToken[];
}

/** A member of an object literal that is written out: `key: value`. */
export interface Member {
  readonly key: string;
  /** Indexes of its first and last token. */
  readonly first: number;
  readonly last: number;
  /** Index of the first token of its value. */
  readonly value: number;
}

/**
 * The members of the object literal whose `{` is at `index`. Undefined where one of them is a spread, a shorthand, a
 * method or a computed key: what the object holds is not known then.
 */
export function plainMembers({ tokens }: TokenText, index: number): readonly Member[] | undefined {
  const members = objectMembers(tokens, index);
  const end = closingIndex(tokens, index);
  const plain: Member[] = [];
  for (const [at, { key, index: first, value }] of members.entries()) {
    if (value === undefined || key === "[") return undefined;
    const next = members[at + 1]?.index ?? end;
    const last = tokens[next - 1]?.value === "," ? next - 2 : next - 1;
    plain.push({ key, first, last, value });
  }
  return plain;
}

/** Puts a member first into an object literal: on a line of its own where the object has lines. */
export function insertMember({ text, tokens }: TokenText, index: number, member: string): string {
  const brace = tokens[index];
  const next = tokens[index + 1];
  if (brace === undefined || next === undefined) return text;
  const inside = text.slice(brace.end, next.start);
  const isEmpty = next.value === "}";
  if (!inside.includes("\n")) {
    const added = isEmpty ? ` ${member} ` : ` ${member},`;
    return text.slice(0, brace.end) + added + (isEmpty ? text.slice(next.start) : text.slice(brace.end));
  }
  // Comments stay where they are, before what they belong to.
  const indent = isEmpty
    ? lineIndent(text, brace.start) + indentUnit(text)
    : inside.slice(inside.lastIndexOf("\n") + 1);
  const line = `${eolOf(text)}${indent}${indented(member, indent)}${isEmpty ? "" : ","}`;
  return text.slice(0, brace.end) + line + text.slice(brace.end);
}

/** Takes a member out of its object literal, with its comma, and with its line where nothing else is on that. */
export function removeMember({ text, tokens }: TokenText, { first, last }: Member): string {
  const comma = tokens[last + 1]?.value === "," ? last + 1 : undefined;
  let start = tokens[first]?.start ?? 0;
  let end = tokens[comma ?? last]?.end ?? start;
  const before = tokens[first - 1];
  const after = tokens[(comma ?? last) + 1];
  const around = text.slice(before?.end, start) + text.slice(end, after?.start);
  if (before?.value === "{" && after?.value === "}" && around.trim() === "")
    return text.slice(0, before.end) + text.slice(after.start);
  // Where the one before it becomes the last, it keeps a comma only if there was one at the end.
  if (after?.value === "}" && comma === undefined && before?.value === ",") start = before.start;
  else {
    const line = text.lastIndexOf("\n", start - 1) + 1;
    const rest = /^[^\S\r\n]*(?:\r?\n|$)/.exec(text.slice(end));
    if (text.slice(line, start).trim() === "" && rest !== null) {
      start = line;
      end += rest[0].length;
    } else end += /^[^\S\r\n]*/.exec(text.slice(end))?.[0].length ?? 0;
  }
  return text.slice(0, start) + text.slice(end);
}

/** Puts something in the place of some tokens. */
export function replaceTokens({ text, tokens }: TokenText, first: number, last: number, by: string): string {
  return text.slice(0, tokens[first]?.start) + by + text.slice(tokens[last]?.end);
}

/** Several lines, the first of which stands where the text is put. */
export function indented(lines: string, indent: string): string {
  return lines.replace(/\n(?=.)/g, `\n${indent}`);
}

/** White space at the start of the line that holds a place. */
export function lineIndent(text: string, at: number): string {
  return indentOf(text.slice(text.lastIndexOf("\n", at - 1) + 1, at));
}

/** What the first line that is indented is indented by. */
export function indentUnit(text: string): string {
  return (
    text
      .split("\n")
      .map(indentOf)
      .find((indent) => indent !== "") ?? "  "
  );
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

export function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
