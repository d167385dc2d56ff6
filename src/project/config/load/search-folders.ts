import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { LOCK_FILES } from "../package-manager.ts";

const CODE = ["ts", "mts", "cts", "js", "mjs", "cjs"];
const DATA = ["json", "yaml", "yml"];

/** Where a config can be, in the order in which a folder is searched. */
export const CONFIG_PLACES: readonly string[] = [
  ...[...CODE, ...DATA].map((ending) => `scope.config.${ending}`),
  ...rcFiles(".scoperc"),
  ...[...CODE, ...DATA].map((ending) => `.config/scope.config.${ending}`),
  ...rcFiles(".config/scoperc"),
  "package.json",
];

function rcFiles(name: string): string[] {
  return [name, ...[...DATA, ...CODE].map((ending) => `${name}.${ending}`)];
}

/** How the name of a config file can end. */
export const ENDINGS: readonly string[] = [...CODE, ...DATA].map((ending) => `.${ending}`).concat("");

/** Is a config data, rather than code? */
export function isData(file: string): boolean {
  const ending = extname(file);
  return ending === "" || DATA.includes(ending.slice(1));
}

/** The folder that a config applies to: its own, or the one above `.config`. */
export function rootOf(configFile: string): string {
  const folder = dirname(configFile);
  return basename(folder) === ".config" ? dirname(folder) : folder;
}

/** Does the folder have its own config? Doesn't look into a package.json. */
export function hasConfig(folder: string): boolean {
  return CONFIG_PLACES.some((place) => place !== "package.json" && existsSync(join(folder, place)));
}

/** The search ends at the folder that contains one of these: the project, or the monorepo around it. */
const BOUNDARIES = [".git", "deno.lock", ...LOCK_FILES.map(([name]) => name)];

/** From `cwd` upwards to the end of the project, that folder included. Without an end, to the nearest package.json. */
export function searchedFolders(cwd: string): string[] {
  const folders: string[] = [];
  let lastPackage = 0;
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder);
    if (BOUNDARIES.some((name) => existsSync(join(folder, name)))) return folders;
    if (lastPackage === 0 && existsSync(join(folder, "package.json"))) lastPackage = folders.length;
    if (dirname(folder) === folder) return folders.slice(0, Math.max(1, lastPackage));
  }
}
