import type { ResolvedOptions } from "../config/types.ts";
import { findUses } from "../discovery/find-uses.ts";
import { ScopeError } from "../errors/scope-error.ts";
import { makeTypes, writeTypes } from "./types-file.ts";

/** Each round that is needed means that another program wrote within the one before. */
const MOST_ROUNDS = 20;

/**
 * Writes the types for what is committed, to be called after the snapshot was written. They are made and written
 * again until there is nothing to write: whoever writes last has then seen all of the others' snapshot, so that
 * two pulls at once, or a pull beside a development server, leave types that fit.
 *
 * @param specifiers as spelled in the code; read from the code when undefined, and after every round that wrote
 * @returns undefined with `dts: false`
 * @throws ScopeError `types_unsettled`, `snapshot_unwritable`
 */
export async function settleTypes(
  options: ResolvedOptions,
  specifiers?: readonly string[],
): Promise<{ readonly file: string; readonly written: boolean } | undefined> {
  let asked = specifiers;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const types = await makeTypes(options, asked ?? (await specifiersOf(options)));
    if (types === undefined) return undefined;
    if (!(await writeTypes(types))) return { file: types.file, written: round > 0 };
    asked = undefined;
  }
  throw new ScopeError("Other programs keep changing the snapshot or the types.", {
    code: "types_unsettled",
    ...(options.dts === false ? {} : { where: { file: options.dts } }),
    hint: "End other scope-gen commands and development servers of this project, and run: scope-gen pull",
  });
}

async function specifiersOf(options: ResolvedOptions): Promise<readonly string[]> {
  const { uses } = await findUses(options);
  return uses.map((use) => use.specifier);
}
