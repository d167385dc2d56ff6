import { readFile } from "node:fs/promises";
import { join } from "node:path";

const files = new Map<string, Promise<string>>();

/** A file of `runtime` as this package's own build makes it: plain code for the folder of generated modules. */
export function loadRuntimeFile(name: string, comment: string): Promise<string> {
  const known = files.get(name) ?? readRuntimeFile(name, comment);
  files.set(name, known);
  return known;
}

async function readRuntimeFile(name: string, comment: string): Promise<string> {
  // This code runs bundled, next to the file, or as source during this package's tests.
  const isBundled = !import.meta.filename.endsWith(".ts");
  const folder = isBundled ? import.meta.dirname : join(import.meta.dirname, "..", "..", "..", "dist");
  return `/* eslint-disable */\n// ${comment}\n${await readFile(join(folder, `${name}.js`), "utf8")}`;
}
