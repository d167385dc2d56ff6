import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readRegularFileSync } from "../files/read-file.ts";

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/**
 * The package manager of the project that a folder is in: of this folder and those around it, up to the repository's,
 * the nearest that names one in package.json (`packageManager`) or has a lock file. npm where none does.
 */
export function detectPackageManager(start: string): PackageManager {
  for (let folder = start; ; folder = dirname(folder)) {
    const found =
      namedIn(join(folder, "package.json")) ??
      LOCK_FILES.find(([file]) => existsSync(join(folder, file)))?.[1];
    if (found !== undefined) return found;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return "npm";
  }
}

function namedIn(file: string): PackageManager | undefined {
  try {
    const { packageManager } = Object(JSON.parse(readRegularFileSync(file)));
    return /^(npm|pnpm|yarn|bun)@/.exec(String(packageManager))?.[1] as PackageManager | undefined;
  } catch {
    // None there, or one that cannot be read: the package manager complains of that, and lock files are left.
    return undefined;
  }
}

/** The command that adds this package to a project's development dependencies. */
export function installCommand(packageManager: PackageManager): string {
  const add = { npm: "npm install --save-dev", pnpm: "pnpm add -D", yarn: "yarn add -D", bun: "bun add -d" };
  return `${add[packageManager]} unplugin-scope`;
}

/** What comes before the name of an installed program to run it. */
export function runnerOf(packageManager: PackageManager): string {
  return { npm: "npx", pnpm: "pnpm", yarn: "yarn", bun: "bunx" }[packageManager];
}

/**
 * A command in a message: at the start of a line, or after a mark that introduces one. Within a sentence the name is
 * the program's, and in quotes it is part of a value.
 */
const COMMAND = /(^|[:;] |Run | {2})scope-gen (?=--|[a-z])/g;
/** A line of a code frame: it quotes somebody's text. */
const FRAME = /^ *(?:> *)?(?:\d+ *)?\|/;

/**
 * A message for a person, with the commands in it as a project runs them: `npx scope-gen pull`, `pnpm scope-gen pull`.
 * For the edge only, where text is printed: errors and documents keep the plain name.
 *
 * @param folder of the project, or below it
 */
export function asProjectRuns(text: string, folder: string): string {
  if (!text.includes("scope-gen")) return text;
  const runner = runnerOf(detectPackageManager(folder));
  return text
    .split("\n")
    .map((line) => (FRAME.test(line) ? line : line.replace(COMMAND, `$1${runner} scope-gen `)))
    .join("\n");
}
