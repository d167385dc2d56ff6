import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readRegularFileSync } from "../../files/read-file.ts";

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

export const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/**
 * The package manager of the project that a folder is in: going up from this folder to the repository root, the first
 * one that a package.json (`packageManager`) names or that has a lock file. npm if there is none.
 */
export function detectPackageManager(start: string): PackageManager {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = namedIn(folder) ?? LOCK_FILES.find(([file]) => existsSync(join(folder, file)))?.[1];
    if (found !== undefined) return found;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return "npm";
  }
}

/** A package.json, as far as we know it. */
export type PackageJson = Readonly<Record<string, unknown>>;

/** What a folder's package.json says; nothing if it can't be read: the package manager reports that. */
export function manifestAt(folder: string): PackageJson {
  try {
    return Object(JSON.parse(readRegularFileSync(join(folder, "package.json"))));
  } catch {
    return {};
  }
}

/** Names of all packages that a package.json depends on. */
export function packagesOf(manifest: PackageJson): ReadonlySet<string> {
  return new Set(
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].flatMap((key) =>
      Object.keys(Object(manifest[key])),
    ),
  );
}

/** The version of a package that an import from a folder would find; undefined if there is none. */
export function installedVersion(start: string, name: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const own = manifestAt(folder);
    // A package finds itself.
    const { version } = own.name === name ? own : manifestAt(join(folder, "node_modules", name));
    if (typeof version === "string") return version;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Is an installed package older than a version, as code in a folder finds it? Undefined if it finds none.
 *
 * @example isOlder(root, "next", [15, 3])
 */
export function isOlder(
  folder: string,
  name: string,
  [major, minor]: readonly [major: number, minor: number],
): boolean | undefined {
  try {
    const { version } = createRequire(join(folder, "package.json"))(`${name}/package.json`);
    const [own = 0, ownMinor = 0] = String(version).split(".").map(Number);
    return own < major || (own === major && ownMinor < minor);
  } catch {
    return undefined;
  }
}

/** Is a folder the root of a workspace with packages? */
export function isWorkspaceRoot(folder: string): boolean {
  return manifestAt(folder).workspaces !== undefined || existsSync(join(folder, "pnpm-workspace.yaml"));
}

function namedIn(folder: string): PackageManager | undefined {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(String(manifestAt(folder).packageManager))?.[1];
  return named as PackageManager | undefined;
}

/**
 * The command that adds this package to a project's development dependencies.
 *
 * @param isRoot of a workspace: pnpm asks for a flag there
 */
export function installCommand(packageManager: PackageManager, isRoot = false): string {
  const add = { npm: "npm install --save-dev", pnpm: "pnpm add -D", yarn: "yarn add -D", bun: "bun add -d" };
  const flag = isRoot && packageManager === "pnpm" ? " -w" : "";
  return `${add[packageManager]}${flag} unplugin-scope`;
}

/** What comes before the name of an installed program to run it. */
export function runnerOf(packageManager: PackageManager): string {
  return { npm: "npx", pnpm: "pnpm", yarn: "yarn", bun: "bunx" }[packageManager];
}

/**
 * At the root of a workspace that doesn't have this package, pnpm and Yarn run the program in a package that has it.
 * Undefined elsewhere, and if none has it.
 */
function runnerInWorkspace(packageManager: PackageManager, folder: string): string | undefined {
  if (packageManager !== "pnpm" && packageManager !== "yarn") return undefined;
  if (!isWorkspaceRoot(folder) || hasThisPackage(manifestAt(folder))) return undefined;
  const name = String(packagesBelow(folder, 2).find(hasThisPackage)?.name);
  if (!/^[@\w./-]+$/.test(name)) return undefined;
  return packageManager === "pnpm" ? `pnpm --filter ${name} exec` : `yarn workspace ${name}`;
}

/** The package.json files of the folders below one. */
function packagesBelow(folder: string, depth: number): readonly PackageJson[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    const below = join(folder, entry.name);
    return [manifestAt(below), ...(depth > 1 ? packagesBelow(below, depth - 1) : [])];
  });
}

function hasThisPackage(manifest: PackageJson): boolean {
  return packagesOf(manifest).has("unplugin-scope");
}

/**
 * A command in a message: at the start of a line, or after a mark that introduces one. Within a sentence the name is
 * the program's, and in quotes it's part of a value.
 */
const COMMAND = /(^|[:;] |Run | {2})scope-gen (?=--|[a-z])/g;
/** A line of a code frame: it quotes somebody's text. */
const FRAME = /^ *(?:> *)?(?:\d+ *)?\|/;

/**
 * A message with its commands as you run them in a project: `npx scope-gen pull`, `pnpm scope-gen pull`. Only for the
 * outer edge, where text is printed: errors and documents keep the plain name.
 *
 * @param folder of the project, or below it
 */
export function asProjectRuns(text: string, folder: string): string {
  if (!text.includes("scope-gen")) return text;
  const packageManager = detectPackageManager(folder);
  const runner = runnerInWorkspace(packageManager, folder) ?? runnerOf(packageManager);
  return text
    .split("\n")
    .map((line) => (FRAME.test(line) ? line : line.replace(COMMAND, `$1${runner} scope-gen `)))
    .join("\n");
}
