import { isScopeError } from "../../errors/scope-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import { type SelectedImport, selectImports } from "../select-imports.ts";

/** What the project imports; nothing where a specifier or a source cannot be read, which is reported with the snapshot. */
export async function readableImports(options: ResolvedOptions): Promise<readonly SelectedImport[]> {
  try {
    return selectImports(options, (await findUses(options)).uses);
  } catch (error) {
    if (isScopeError(error)) return [];
    throw error;
  }
}
