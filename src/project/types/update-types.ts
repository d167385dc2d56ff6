import { ScopeError } from "../../errors/scope-error.ts";
import { criticalSection } from "../../files/critical-section.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findUses, type ProjectUses } from "../discovery/find-uses.ts";
import { prepareTypes } from "./prepare-types.ts";
import type { FoundInCode } from "./types-file.ts";

/** Each round beyond the first means that another program wrote within the one before. */
const MOST_ROUNDS = 20;

/** What became of the types. */
export interface WrittenTypes {
  /** Absolute path of their folder, or of the one file. */
  readonly file: string;
  /** Did any of them change? */
  readonly written: boolean;
  /** Specifiers that could not be declared: they have no snapshot, or a prompt that they include has none. */
  readonly undeclared: readonly ResolvedImport[];
}

/**
 * Writes the types for what is committed, to be called after the snapshot was written. They are made and written
 * again until neither snapshot nor code changed while that was done: whoever writes last has then seen all of the
 * others' snapshot, so that two pulls at once, or a pull beside a development server, leave types that fit.
 *
 * @returns undefined with `dts: false`
 * @throws ScopeError `types_unsettled`, `snapshot_unwritable`, `types_foreign`
 */
export async function updateTypes(options: ResolvedOptions): Promise<WrittenTypes | undefined> {
  const { dts: file } = options;
  if (file === false) return undefined;
  let written = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const types = await prepareTypes(options, await findInCode(options));
    try {
      const { undeclared } = types;
      const wrote = await criticalSection(() => types.commit());
      written ||= wrote;
      if (!wrote || (await types.areCurrent(await findInCode(options)))) return { file, written, undeclared };
    } finally {
      await types.discard();
    }
  }
  throw new ScopeError("Other programs keep changing the snapshot or the types.", {
    code: "types_unsettled",
    where: { file },
    hint: "End other scope-gen commands and development servers of this project, and run: scope-gen types",
  });
}

/** Looks through the code of the project. */
export async function findInCode(options: ResolvedOptions): Promise<FoundInCode> {
  return foundInCode(await findUses(options));
}

/** What the types are made for, of what was found. */
export function foundInCode({ uses, namesClient }: ProjectUses): FoundInCode {
  return { specifiers: uses.map(({ specifier }) => specifier), forClient: namesClient };
}
