import { join } from "node:path";
import type { ResolvedOptions } from "../config/types.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { readTextIfThere, writeFileIfChanged } from "../snapshot/write-file.ts";
import { formatManifest } from "./manifest.ts";
import type { ModuleStore } from "./module-store.ts";
import { makeTypes, type Types, typesCover } from "./types-file.ts";
import type { WarmModule, WarmModules } from "./warm-modules.ts";

/** Writes `.scope/manifest.json`: what the bundles of this run hold. */
export async function writeManifest(store: ModuleStore, served: readonly WarmModule[]): Promise<void> {
  const file = join(store.folderInRoot, "..", "manifest.json");
  // A build without prompts says so where an earlier one said otherwise, and leaves no trace elsewhere.
  if (served.length === 0 && (await readTextIfThere(file)) === undefined) return;
  if ((await store.inRoot()) === undefined) return;
  await writeFileIfChanged(file, formatManifest(served.flatMap(({ manifest }) => manifest)));
}

/**
 * Does the types file declare these specifiers as the snapshot has them? Gives the warning when it does not.
 *
 * @param warm remembers what was found right, and is asked first
 */
export async function findStaleTypes(
  options: ResolvedOptions,
  met: Iterable<string>,
  warm: WarmModules | undefined,
): Promise<string | undefined> {
  if (options.dts === false) return undefined;
  const specifiers = warm?.unchecked(options.dts, met) ?? [...met];
  if (specifiers.length === 0) return undefined;
  let types: Types | undefined;
  try {
    types = await makeTypes(options, specifiers, { withKeys: false });
  } catch (error) {
    // A damaged snapshot: it was fatal where it was used and told where it was not. Anything else is news.
    if (isScopeError(error)) return undefined;
    throw error;
  }
  if (types === undefined) return undefined;
  if (!(await typesCover(types))) {
    return `The types of scope: imports are missing or out of date (${types.file}). Run: scope-gen pull`;
  }
  warm?.keepChecked(options.dts, specifiers);
  return undefined;
}
