import { isScopeError } from "../../errors/scope-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import { type SelectedImport, selectImports } from "../select-imports.ts";

export interface ReadableImports {
  /** What the project imports; none if a specifier can't be read, which is reported with the snapshot. */
  readonly imports: readonly SelectedImport[];
  /** Absolute paths of the files with imports; none if a source can't be read. */
  readonly users: readonly string[];
}

/** What the project imports, as far as it can be read. */
export async function readableImports(options: ResolvedOptions): Promise<ReadableImports> {
  let users: readonly string[] = [];
  try {
    const { uses } = await findUses(options);
    users = uses.map(({ file }) => file);
    return { imports: selectImports(options, uses), users };
  } catch (error) {
    if (isScopeError(error)) return { imports: [], users };
    throw error;
  }
}
