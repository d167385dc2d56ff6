import { basename, join } from "node:path";
import { shortPath } from "../errors/format-error.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { ignoredBy } from "../files/run-git.ts";
import type { JsonObject } from "../prompt.ts";
import { CONFIG_PLACES, isThere } from "./config/config-files.ts";
import { inclusions } from "./config/tsconfig.ts";
import type { ResolvedOptions } from "./config/types.ts";
import type { ScopeUse } from "./discovery/find-uses.ts";
import { typesPlace } from "./types/types-place.ts";

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

/**
 * What works here but not for a colleague or a compiler: folders that git ignores, and types that a tsconfig excludes, each
 * with the line that does it.
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
  const { root, snapshotDir, dts, configFile } = options;
  const shown = (path: string) => shortPath(path, cwd);
  const configs = CONFIG_PLACES.filter((place) => place !== "package.json" && isThere(join(root, place)));
  const names = `This folder has ${configs.join(" and ")}.`;
  if (configFile !== undefined && configs.length > 1)
    yield warning("config", `${names} Only ${basename(configFile)} is read.`, "Remove the other.");
  // A new prompt's file: what is committed already isn't ignored.
  const newTypes = dts && join(dts, "new.d.ts");
  for (const [check, place, file] of [
    ["snapshot", snapshotDir, join(snapshotDir, "new@production.json")],
    ["types", typesPlace(options), newTypes],
  ] as const) {
    const line = file && (await ignoredBy(file, root));
    const what = `Git ignores new files in ${shown(place)}, so a clone won't have them: ${line}.`;
    // Not to commit it can be meant.
    if (line) yield warning(check, what, `Remove that line, then run: git add ${shown(place)}`);
  }
  const users = uses.map(({ file }) => file);
  try {
    for (const { config, excludedBy } of inclusions(folders, options, users)) {
      const what = `${shown(config)} excludes ${shown(typesPlace(options))}: ${excludedBy}.`;
      if (excludedBy) yield problem("tsconfig", what, 'Remove it from "exclude".');
    }
  } catch (error) {
    // `init` and `doctor` report it.
    if (!isScopeError(error, "tsconfig_invalid")) throw error;
  }
}
