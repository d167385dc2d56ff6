import { basename, join } from "node:path";
import { shortPath } from "../errors/format-error.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { ignoredBy, isTracked } from "../files/git-ignored.ts";
import { namesIn, readIfSound } from "../files/read-file.ts";
import { CONFIG_PLACES, isThere } from "../project/config/config-files.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import type { ScopeUse } from "../project/discovery/find-uses.ts";
import { isOneFile, typesPlace } from "../project/types/types-place.ts";
import { inclusions } from "./project-files/tsconfig.ts";

/** What works here but not for a colleague or a compiler, or what everybody who has the repository can read. */
export interface SetupProblem {
  readonly check: "config" | "credentials" | "snapshot" | "types" | "tsconfig";
  readonly message: string;
  readonly fix: string;
}

/** Shorter values stand in files by chance. */
const MIN_SECRET = 12;

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
  const add = (check: SetupProblem["check"], message: string, fix: string) =>
    void problems.push({ check, message, fix });
  const shown = (path: string) => shortPath(path, cwd);
  const { apiSecret = "" } = Object(connection.credentials) as { readonly apiSecret?: string };
  const envFiles = (await namesIn(root)).filter((name) => name.startsWith(".env"));
  for (const file of new Set([...sourceFiles, ...envFiles.map((name) => join(root, name))])) {
    const [before = "", ...after] = readIfSound(file, String)?.split(apiSecret) ?? [];
    if (apiSecret.length < MIN_SECRET || after.length === 0 || !(await isTracked(file))) continue;
    const [, key = "a value"] = /([\w$]{1,80})["']?\s{0,80}[:=]\s{0,80}["'`]?$/.exec(before) ?? [];
    const place = `${shown(file)}:${before.split("\n").length}`;
    const untrack = basename(file).startsWith(".env") ? ` Then: git rm --cached ${basename(file)}` : "";
    const fix = `Make a new secret on the platform, and set it as SCOPE_API_SECRET where git doesn't see it.${untrack}`;
    add("credentials", `${place}: ${key} is the secret itself, and git tracks this file.`, fix);
  }
  const configs = CONFIG_PLACES.filter((place) => place !== "package.json" && isThere(join(root, place)));
  const names = `This folder has ${configs.join(" and ")}.`;
  if (configFile !== undefined && configs.length > 1)
    add("config", `${names} Only ${basename(configFile)} is read.`, "Remove the other.");
  // A new prompt's file: what is committed already isn't ignored.
  const newTypes = dts && (isOneFile(dts) ? dts : join(dts, "new.d.ts"));
  for (const [check, place, file] of [
    ["snapshot", snapshotDir, join(snapshotDir, "new@production.json")],
    ["types", typesPlace(options), newTypes],
  ] as const) {
    const line = file && (await ignoredBy(file, root));
    const fix = `Remove that line, then run: git add ${shown(place)}`;
    if (line) add(check, `Git ignores ${shown(place)}, so a clone doesn't have it: ${line}.`, fix);
  }
  const users = uses.map(({ file }) => file);
  try {
    for (const { config, excludedBy } of folders.flatMap((folder) => inclusions(folder, options, users))) {
      const what = `${shown(config)} excludes ${shown(typesPlace(options))}: ${excludedBy}.`;
      if (excludedBy) add("tsconfig", what, 'Remove it from "exclude".');
    }
  } catch (error) {
    // `init` and `doctor` report it.
    if (!isScopeError(error, "tsconfig_unreadable")) throw error;
  }
  return problems;
}
