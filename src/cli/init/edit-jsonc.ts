import { applyEdits, getNodeValue, modify, type Node } from "jsonc-parser";
import { parseJsonc, valueAt } from "../project-files/jsonc.ts";

/** Where formatters break a line by default. */
const LINE_WIDTH = 80;

/**
 * Adds values to the list under the keys, in the text's own layout and with its comments. The list is made where there
 * is none; what it holds already is not added again. Undefined for a text that is no JSON, and where something else
 * lies there.
 *
 * @param start what a list that is made begins with
 */
export function addToList(
  text: string,
  keys: readonly string[],
  values: readonly unknown[],
  start: readonly unknown[] = [],
): string | undefined {
  const root = parseJsonc(text);
  if (root?.type !== "object") return undefined;
  const list = valueAt(root, ...keys);
  if (list === undefined) return setList(text, keys, [...start, ...values]);
  if (list.type !== "array") return undefined;
  const present = new Set((list.children ?? []).map((item) => JSON.stringify(getNodeValue(item))));
  const added = values.filter((one) => !present.has(JSON.stringify(one)));
  return added.length === 0 ? text : extendList(text, list, added);
}

function extendList(text: string, list: Node, added: readonly unknown[]): string {
  const end = list.offset + list.length;
  const inside = text.slice(list.offset, end);
  const last = list.children?.at(-1);
  // A list on one line stays there as long as it fits; comments in it stay where they are.
  if (last === undefined || !/\n|\/[/*]/.test(inside)) {
    const all = [...((getNodeValue(list) as unknown[]) ?? []), ...added];
    return text.slice(0, list.offset) + printList(all, text.slice(0, list.offset), text) + text.slice(end);
  }
  const before = text.slice(0, last.offset);
  const indent = /(\r?\n)([^\S\r\n]*)$/.exec(before);
  const gap = indent === null ? " " : `${indent[1]}${indent[2]}`;
  const at = last.offset + last.length;
  return text.slice(0, at) + added.map((one) => `,${gap}${print(one)}`).join("") + text.slice(at);
}

const PLACEHOLDER = "scope-gen: the list goes here";

function setList(text: string, keys: readonly string[], values: readonly unknown[]): string {
  const layout = {
    insertSpaces: !indentOf(text).startsWith("\t"),
    tabSize: indentOf(text).length,
    eol: eolOf(text),
  };
  const edits = modify(text, [...keys], PLACEHOLDER, { formattingOptions: layout });
  const [before = "", after = ""] = applyEdits(text, edits).split(JSON.stringify(PLACEHOLDER));
  return before + printList(values, before, text) + after;
}

/** On one line where that fits, as formatters have it. */
function printList(values: readonly unknown[], before: string, text: string): string {
  const line = `[${values.map(print).join(", ")}]`;
  const start = before.slice(before.lastIndexOf("\n") + 1).replaceAll("\t", "  ");
  if (start.length + line.length < LINE_WIDTH) return line;
  const eol = eolOf(text);
  const indent = /(?:^|\n)([^\S\r\n]*)[^\n]*$/.exec(before)?.[1] ?? "";
  const items = values.map((one) => `${indent}${indentOf(text)}${print(one)}`);
  return `[${eol}${items.join(`,${eol}`)}${eol}${indent}]`;
}

/** JSON on one line, with the spaces that formatters give it. */
function print(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${print(one)}`)
    .join(", ")} }`;
}

function indentOf(text: string): string {
  return /^([^\S\r\n]+)\S/m.exec(text)?.[1] ?? "  ";
}

function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
