import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { readRegularFileSync } from "../../files/read-file.ts";
import { LOCK_FILES, searchedFolders } from "./config-files.ts";

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

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

/** What a folder's package.json says; nothing if it can't be read: the package manager reports that. */
export function manifestAt(folder: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(readRegularFileSync(join(folder, "package.json"))));
  } catch {
    return {};
  }
}

/** Names of all packages that a package.json depends on. */
export function packagesOf(manifest: Readonly<Record<string, unknown>>): ReadonlySet<string> {
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

export function isWorkspaceRoot(folder: string): boolean {
  return manifestAt(folder).workspaces !== undefined || existsSync(join(folder, "pnpm-workspace.yaml"));
}

/**
 * Refuses the root of a workspace that has no config but whose packages have their own: a command there would find all
 * their prompts, but with none of the packages' settings.
 *
 * @throws ConfigurationError `config_invalid`, naming the packages
 */
export async function refuseWorkspaceRoot(root: string): Promise<void> {
  if (!isWorkspaceRoot(root)) return;
  const { glob } = await import("tinyglobby");
  const files = await glob("**/scope.config.*", { cwd: root, ignore: ["**/node_modules/**"] });
  const folders = [...new Set(files.map((file) => dirname(file)))].sort();
  if (folders.length === 0) return;
  throw new ConfigurationError(`There's no config here, but there's one in ${folders.join(", ")}.`, {
    code: "config_invalid",
    where: { file: root },
    hint: `Run it in one of these, for example: scope-gen --cwd ${folders[0]}`,
  });
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

/** What to do if production needs this package where a folder's code runs, and would not have it; undefined if it would. */
export function howToKeepInstalled(start: string): string | undefined {
  const folder = searchedFolders(start).find((one) => existsSync(join(one, "package.json"))) ?? start;
  const { dependencies, devDependencies } = manifestAt(folder);
  if ("unplugin-scope" in Object(dependencies) || !("unplugin-scope" in Object(devDependencies)))
    return undefined;
  // Without a flag, npm and pnpm leave it where it is.
  const add = {
    npm: "npm install --save-prod",
    pnpm: "pnpm add --save-prod",
    yarn: "yarn add",
    bun: "bun add",
  };
  const command = `${add[detectPackageManager(folder)]} unplugin-scope`;
  return `It's in "devDependencies", which npm prune --omit=dev removes. Run: ${command}`;
}

export function runnerOf(packageManager: PackageManager): string {
  return { npm: "npx", pnpm: "pnpm", yarn: "yarn", bun: "bunx" }[packageManager];
}

/** The repository root: the folder with the lock file or `.git`, where tools for all packages are set up. */
export function workspaceFolder(root: string): string {
  return searchedFolders(root).at(-1) ?? root;
}
