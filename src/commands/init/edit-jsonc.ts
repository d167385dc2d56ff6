import { getNodeValue, type Node } from "jsonc-parser";
import { parseJsonc, valueAt } from "../project-files/jsonc.ts";
import { eolOf, indentUnit, LINE_WIDTH, lineIndent } from "../project-files/scripts/text-style.ts";

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
  if (list === undefined) return setList(text, root, keys, [...start, ...values]);
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

/** Adds what is missing of the keys to the innermost object that is there, behind its last member. */
function setList(
  text: string,
  root: Node,
  keys: readonly string[],
  values: readonly unknown[],
): string | undefined {
  const depth = keys.findIndex((_, index) => valueAt(root, ...keys.slice(0, index + 1)) === undefined);
  const object = valueAt(root, ...keys.slice(0, depth));
  if (object?.type !== "object") return undefined;
  const last = object.children?.at(-1);
  const at = last === undefined ? object.offset + 1 : last.offset + last.length;
  const eol = eolOf(text);
  const outer = lineIndent(text, object.offset);
  const own = last && /\n([^\S\r\n]*)$/.exec(text.slice(0, last.offset))?.[1];
  const isLine = last !== undefined && own === undefined;
  const indent = own ?? outer + indentUnit(text);
  const before = `${text.slice(0, at)}${last === undefined ? "" : ","}${isLine ? " " : eol + indent}`;
  const opened = keys.slice(depth).map((key) => `${JSON.stringify(key)}: `);
  const start = before + opened.join("{ ");
  const added = start + printList(values, start, text) + " }".repeat(opened.length - 1);
  // An empty object gets its closing bracket onto a line of its own.
  const end = last === undefined && !/^\s*\n/.test(text.slice(at)) ? eol + outer : "";
  return added + end + text.slice(at).replace(last === undefined ? /^[^\S\r\n]+/ : "", "");
}

/** On one line where that fits, as formatters have it. */
function printList(values: readonly unknown[], before: string, text: string): string {
  const line = `[${values.map(print).join(", ")}]`;
  const start = before.slice(before.lastIndexOf("\n") + 1).replaceAll("\t", "  ");
  if (start.length + line.length < LINE_WIDTH) return line;
  const eol = eolOf(text);
  const indent = lineIndent(before, before.length);
  const items = values.map((one) => `${indent}${indentUnit(text)}${print(one)}`);
  return `[${eol}${items.join(`,${eol}`)}${eol}${indent}]`;
}

/** JSON on one line, with the spaces that formatters give it. */
function print(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${print(one)}`)
    .join(", ")} }`;
}
