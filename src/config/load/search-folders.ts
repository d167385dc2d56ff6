import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a config may be, in the order in which a folder is searched. */
export const CONFIG_FILES = [
  "scope.config.ts",
  "scope.config.mts",
  "scope.config.js",
  "scope.config.mjs",
  "scope.config.json",
] as const;

/** The search ends at the folder that holds one of these: the project, or the monorepo around it. */
const BOUNDARIES = [
  ".git",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
];

/** From `cwd` upwards to the project's end, that folder included. Without an end, to the nearest package.json. */
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
