import { isScopeError } from "../../errors/scope-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { findStaleTypes } from "../../project/types/find-stale-types.ts";
import { selectImports } from "../select-imports.ts";

/** What comes after `init`: a pull, the types of what has been pulled, or nothing, where all of that is there. */
export async function nextCommand(options: ResolvedOptions): Promise<string | undefined> {
  try {
    const imports = selectImports(options, (await findUses(options)).uses);
    const committed = await Promise.all(
      imports.map(({ request: { ref } }) => loadIfSound(options.snapshotDir, ref)),
    );
    if (imports.length === 0 || committed.includes(undefined)) return "scope-gen pull";
    const stale = await findStaleTypes(
      options,
      imports.map(({ specifier }) => specifier),
    );
    return stale === undefined ? undefined : "scope-gen types";
  } catch (error) {
    // The command says what it is.
    if (isScopeError(error)) return "scope-gen pull";
    throw error;
  }
}
