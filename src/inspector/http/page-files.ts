import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** All files of the page. */
const TYPES: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "inspector.js": "text/javascript; charset=utf-8",
  "inspector.css": "text/css; charset=utf-8",
};

/** A file of the page as this package's own build makes it; undefined if no file has this name. */
export async function pageFile(
  name: string,
): Promise<{ readonly type: string; readonly content: Buffer } | undefined> {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) return undefined;
  // This code runs bundled, next to the folder, or as source during this package's tests.
  const isBundled = !import.meta.filename.endsWith(".ts");
  const folder = join(import.meta.dirname, isBundled ? "." : "../../../dist", "inspector");
  return { type, content: await readFile(join(folder, name)) };
}
