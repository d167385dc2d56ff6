import { basename, join } from "node:path";
import { shortPath } from "../errors/format-error.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { ignoredBy, isTracked } from "../files/git-ignored.ts";
import { namesIn, readIfSound } from "../files/read-file.ts";
import { CONFIG_PLACES, isThere } from "../project/config/config-files.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import type { ScopeUse } from "../project/discovery/find-uses.ts";
import { isOneFile, typesPlace } from "../project/types/types-place.ts";
import type { JsonObject } from "../prompt.ts";
import { inclusions } from "./project-files/tsconfig.ts";

export interface Finding {
  readonly check: string;
  /** `problem`: something won't work; `warning`: it works, but not as it should. */
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  /** What to do about it; null if there's nothing to do. */
  readonly fix: string | null;
  /** The forms in which the platform sent versions, for a report. */
  readonly forms?: readonly JsonObject[];
}

export function warning(check: string, message: string, fix: string): Finding {
  return { check, status: "warning", message, fix };
}

export function problem(check: string, message: string, fix: string | undefined): Finding {
  return { check, status: "problem", message, fix: fix ?? null };
}

/** Shorter values stand in files by chance. */
const MIN_SECRET = 12;

/**
 * What works here but not for a colleague or a compiler, or what everybody who has the repository can read: a secret in a
 * file that git tracks, folders that git ignores, and types that a tsconfig excludes, each with the line that does it.
 *
 * @param cwd paths are shown from here
 * @param folders with a tsconfig
 */
export async function* setupProblems(
  options: ResolvedOptions,
  uses: readonly ScopeUse[],
  cwd = options.root,
  folders: readonly string[] = [options.root],
): AsyncGenerator<Finding> {
  const { root, snapshotDir, dts, sourceFiles, connection, configFile } = options;
  const shown = (path: string) => shortPath(path, cwd);
  const { apiSecret = "" } = Object(connection.credentials) as { readonly apiSecret?: string };
  const envFiles = (await namesIn(root)).filter((name) => name.startsWith(".env"));
  for (const file of new Set([...sourceFiles, ...envFiles.map((name) => join(root, name))])) {
    const [before = "", ...after] = readIfSound(file, String)?.split(apiSecret) ?? [];
    if (apiSecret.length < MIN_SECRET || after.length === 0 || !(await isTracked(file))) continue;
    const [, key = "a value"] = /([\w$]{1,80})["']?\s{0,80}[:=]\s{0,80}["'`]?$/.exec(before) ?? [];
    const what = `${shown(file)}:${before.split("\n").length}: ${key} is the secret itself, and git tracks this file.`;
    const untrack = basename(file).startsWith(".env") ? ` Then: git rm --cached ${basename(file)}` : "";
    const fix = `Make a new secret on the platform, and set it as SCOPE_API_SECRET where git doesn't see it.${untrack}`;
    yield problem("credentials", what, fix);
  }
  const configs = CONFIG_PLACES.filter((place) => place !== "package.json" && isThere(join(root, place)));
  const names = `This folder has ${configs.join(" and ")}.`;
  if (configFile !== undefined && configs.length > 1)
    yield warning("config", `${names} Only ${basename(configFile)} is read.`, "Remove the other.");
  // A new prompt's file: what is committed already isn't ignored.
  const newTypes = dts && (isOneFile(dts) ? dts : join(dts, "new.d.ts"));
  for (const [check, place, file] of [
    ["snapshot", snapshotDir, join(snapshotDir, "new@production.json")],
    ["types", typesPlace(options), newTypes],
  ] as const) {
    const line = file && (await ignoredBy(file, root));
    const what = `Git ignores ${shown(place)}, so a clone doesn't have it: ${line}.`;
    // Not to commit it can be meant.
    if (line) yield warning(check, what, `Remove that line, then run: git add ${shown(place)}`);
  }
  const users = uses.map(({ file }) => file);
  try {
    for (const { config, excludedBy } of folders.flatMap((folder) => inclusions(folder, options, users))) {
      const what = `${shown(config)} excludes ${shown(typesPlace(options))}: ${excludedBy}.`;
      if (excludedBy) yield problem("tsconfig", what, 'Remove it from "exclude".');
    }
  } catch (error) {
    // `init` and `doctor` report it.
    if (!isScopeError(error, "tsconfig_unreadable")) throw error;
  }
}
