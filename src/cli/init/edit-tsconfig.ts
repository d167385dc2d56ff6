import { dirname, relative } from "node:path";
import { memberOf, parseJsonc } from "../project-files/jsonc.ts";

/**
 * Adds a file to what a tsconfig includes, in its own layout and with its comments. Undefined where the tsconfig
 * takes its rules from another: an own rule would replace all of these.
 *
 * @param config absolute path of the tsconfig
 */
export function includeFile(text: string, config: string, file: string): string | undefined {
  const root = parseJsonc(text);
  const list = memberOf(root, "include") ?? memberOf(root, "files");
  if (list?.kind !== "array") return undefined;
  const path = JSON.stringify(relative(dirname(config), file).replaceAll("\\", "/"));
  const last = list.items.at(-1);
  if (last === undefined) return `${text.slice(0, list.start)}[${path}]${text.slice(list.end)}`;
  const before = text.slice(0, last.start);
  const indent = /(\r?\n)([^\S\r\n]*)$/.exec(before);
  const gap = indent === null ? " " : `${indent[1]}${indent[2]}`;
  return `${text.slice(0, last.end)},${gap}${path}${text.slice(last.end)}`;
}
