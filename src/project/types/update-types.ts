import { ScopeError } from "../../errors/scope-error.ts";
import { criticalSection } from "../../files/critical-section.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { prepareTypes } from "./prepare-types.ts";
import { findInCode } from "./types-file.ts";

/** Each round beyond the second means that another program wrote during the one before. */
const MAX_ROUNDS = 20;

/**
 * Writes the types for what is committed; call it after writing the snapshot. They're made again until there's nothing
 * to write: the last writer has then seen everybody's snapshot, so two pulls at once leave matching types.
 *
 * @returns `file` is the absolute path of their folder; undefined with `dts: false`
 * @throws ScopeError `file_changed`, `snapshot_unwritable`, `foreign_file`
 */
export async function updateTypes(options: ResolvedOptions) {
  const { dts: file } = options;
  if (file === false) return undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const types = await prepareTypes(options, await findInCode(options));
    try {
      const { undeclared } = types;
      if (!(await criticalSection(() => types.commit()))) return { file, written: round > 0, undeclared };
    } finally {
      await types.discard();
    }
  }
  throw new ScopeError("Other programs keep changing the snapshot or the types.", {
    code: "file_changed",
    where: { file },
    hint: "Stop other scope-gen commands and development servers of this project, then run: scope-gen types",
  });
}
