import type { ResolvedOptions } from "../config/types.ts";
import { findUses } from "../discovery/find-uses.ts";
import { ScopeError } from "../errors/scope-error.ts";
import { prepareTypes } from "./types-file.ts";

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
  const { dts: file } = options;
  if (file === false) return undefined;
  let asked = specifiers;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const types = await prepareTypes(options, file, asked ?? (await specifiersOf(options)));
    try {
      if (!(await types.commit())) return { file, written: round > 0 };
    } finally {
      await types.discard();
    }
    asked = undefined;
  }
  throw new ScopeError("Other programs keep changing the snapshot or the types.", {
    code: "types_unsettled",
    where: { file },
    hint: "End other scope-gen commands and development servers of this project, and run: scope-gen pull",
  });
}

async function specifiersOf(options: ResolvedOptions): Promise<readonly string[]> {
  const { uses } = await findUses(options);
  return uses.map((use) => use.specifier);
}
