import { readFile } from "node:fs/promises";
import { builtFile } from "../built-file.ts";

/** All files of the page, and their types. */
const TYPES = new Map([
  ["index.html", "text/html; charset=utf-8"],
  ["inspector.js", "text/javascript; charset=utf-8"],
  ["inspector.css", "text/css; charset=utf-8"],
]);

/** A file of the page as this package's own build makes it; undefined if no file has this name. */
export async function pageFile(
  name: string,
): Promise<{ readonly type: string; readonly content: Buffer } | undefined> {
  const type = TYPES.get(name);
  if (type === undefined) return undefined;
  return { type, content: await readFile(builtFile("inspector", name)) };
}
