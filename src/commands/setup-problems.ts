import { basename, dirname, join } from "node:path";
import { shortPath } from "../errors/format-error.ts";
import { ignoredBy, isTracked } from "../files/git-ignored.ts";
import { namesIn, readIfSound } from "../files/read-file.ts";
import { CONFIG_PLACES, isThere } from "../project/config/config-files.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import type { ScopeUse } from "../project/discovery/find-uses.ts";
import { someTypesFile, typesPlace } from "../project/types/types-place.ts";
import { inclusions } from "./project-files/tsconfig.ts";

/** What works here but not for a colleague or a compiler, or what everybody who has the repository can read. */
export interface SetupProblem {
  readonly check: "config" | "credentials" | "snapshot" | "types" | "tsconfig";
  readonly message: string;
  readonly fix: string;
}

/** Shorter values stand in files by chance. */
export const MIN_SECRET = 12;

/**
 * A secret in a file that git tracks, folders that git ignores, and types that a tsconfig excludes, each with the line
 * that does it.
 *
 * @param folders with a tsconfig
 * @param cwd paths are shown from here
 */
export async function setupProblems(
  options: ResolvedOptions,
  uses: readonly ScopeUse[],
  cwd = options.root,
  folders: readonly string[] = [options.root],
): Promise<readonly SetupProblem[]> {
  const { root, snapshotDir, dts, sourceFiles, connection, configFile } = options;
  const problems: SetupProblem[] = [];
  const shown = (path: string) => shortPath(path, cwd);
  const { apiSecret } = Object(connection.credentials) as { readonly apiSecret?: string };
  const envFiles = (await namesIn(root)).filter((name) => name.startsWith(".env"));
  for (const file of new Set([...sourceFiles, ...envFiles.map((name) => join(root, name))])) {
    const before = secretIn(file, apiSecret);
    if (before === undefined || !(await isTracked(file))) continue;
    const [, key = "a value"] = /([\w$]+)["']?\s*[:=]\s*["'`]?$/.exec(before) ?? [];
    const message = `${shown(file)}:${before.split("\n").length}: ${key} is the secret itself, and git tracks this file.`;
    const fix = `Make a new secret on the platform, and set it where git doesn't see it, as SCOPE_API_SECRET. ${untrack(file)}`;
    problems.push({ check: "credentials", message, fix });
  }
  const configs = CONFIG_PLACES.filter((place) => place !== "package.json" && isThere(join(root, place)));
  if (configFile !== undefined && configs.length > 1)
    problems.push({
      check: "config",
      message: `This folder has ${configs.join(" and ")}. Only ${basename(configFile)} is read.`,
      fix: "Remove the other.",
    });
  // A new prompt's file: what is committed already isn't ignored.
  const parts = [["snapshot", snapshotDir, join(snapshotDir, "new@production.json")] as const];
  const types = dts === false ? [] : [["types", typesPlace(options), someTypesFile(dts)] as const];
  for (const [check, place, file] of [...parts, ...types]) {
    const line = await ignoredBy(file, root);
    const message = `Git ignores ${shown(place)}, so a clone doesn't have it: ${line}.`;
    const fix = `Remove that line, then run: git add ${shown(place)}`;
    if (line) problems.push({ check, message, fix });
  }
  const users = uses.map(({ file }) => file);
  for (const { config, excludedBy } of folders.flatMap((folder) => inclusions(folder, options, users)))
    if (excludedBy !== undefined)
      problems.push({
        check: "tsconfig",
        message: `${shown(config)} excludes ${shown(typesPlace(options))}: ${excludedBy.place}.`,
        fix: `Remove ${JSON.stringify(excludedBy.pattern)} from "exclude".`,
      });
  return problems;
}

/** The text before a secret in a file; undefined if it isn't there. */
function secretIn(file: string, secret = ""): string | undefined {
  const text = readIfSound(file, String) ?? "";
  const at = secret.length < MIN_SECRET ? -1 : text.indexOf(secret);
  return at === -1 ? undefined : text.slice(0, at);
}

/** What to do about an `.env` file that git tracks: what is tracked isn't ignored, whatever the ignore files say. */
export function untrack(file: string): string {
  const name = basename(file);
  if (!name.startsWith(".env")) return "";
  return `Run: git -C ${shortPath(dirname(file), process.cwd())} rm --cached ${name}`;
}
