import { isScopeError, ScopeError } from "../../errors/scope-error.ts";
import { ScopeErrors } from "../../errors/scope-errors.ts";
import { criticalSection } from "../../files/critical-section.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { SnapshotStaging } from "../../project/snapshot/staging.ts";
import { prepareTypes } from "../../project/types/prepare-types.ts";
import { findInCode } from "../../project/types/types-file.ts";
import { updateTypes, type WrittenTypes } from "../../project/types/update-types.ts";

/**
 * Commits what a pull fetched, snapshot and types as one: the types are made from the staged snapshot, and are complete
 * in temporary files next to their targets before the first file is replaced. A full disk or a read-only folder fails
 * before that, and leaves everything as it was. A signal that ends the process waits for these replacements: see
 * `criticalSection`.
 *
 * @throws ScopeError `snapshot_unwritable`, which says so if some files were replaced already; `types_unsettled`
 */
export async function commitPull(
  options: ResolvedOptions,
  staging: SnapshotStaging,
): Promise<WrittenTypes | undefined> {
  const { dts: file } = options;
  const hasNews = !staging.isEmpty;
  if (file === false) {
    await criticalSection(() => staging.commit());
    return undefined;
  }
  const types = await prepareTypes(options, await findInCode(options), {
    find: async (ref) => (await staging.load(ref))?.version,
    placeOf: (ref) => staging.placeOf(ref),
  });
  const { undeclared } = types;
  try {
    const written = await criticalSection(async () => {
      await staging.commit();
      return reporting(hasNews && TYPES_ARE_OLD, () => types.commit());
    });
    if (!hasNews && !written) return { file, written, undeclared };
    // Another program may have written since the types were made.
    const updated = await reporting(MAY_NOT_FIT, () => updateTypes(options));
    return { file, undeclared, ...updated, written: written || updated?.written === true };
  } finally {
    await types.discard();
  }
}

const TYPES_ARE_OLD = "The snapshot was updated, but the types weren't.";
const MAY_NOT_FIT =
  "Snapshot and types were updated, but we don't know whether the code or another program changed them in the meantime.";

/** Adds what was already done to the message of a later step's error; false if nothing was done. */
async function reporting<T>(done: string | false, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    // Several errors are reported one by one, and have no message to add it to.
    if (done === false || !isScopeError(error) || error instanceof ScopeErrors) throw error;
    const { code, where, hint } = error;
    throw new ScopeError(done, { code, where, hint, cause: error });
  }
}
