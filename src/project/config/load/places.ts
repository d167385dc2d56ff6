import { existsSync, statSync } from "node:fs";
import { readConfigText } from "./read-config-text.ts";

/** Absolute paths that decide what a config is, in order, each with its text; undefined if there's no file. */
export type Places = ReadonlyMap<string, string | undefined>;

/** @throws what `readConfigText` throws */
export function readPlaces(files: Iterable<string>): Map<string, string | undefined> {
  return new Map([...files].map((file) => [file, isThere(file) ? readConfigText(file) : undefined]));
}

/** Is there something other than a folder? Not below a folder that can't be read: that isn't part of the project. */
export function isThere(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}
