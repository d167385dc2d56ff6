import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ValidationError } from "../../errors/classes.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { type FileTexts, namesIn, readRegularFileSync, readTextIfThere } from "../../files/read-file.ts";
import { isSnapshotName, refOfFileBase } from "../../files/safe-name.ts";
import { explainUnreadable, explainUnwritable, writeFileAtomic } from "../../files/write-file.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { formatSnapshot, parseIfSound, parseSnapshot, type SnapshotEntry } from "./format.ts";
import { fileBases, namesNumber, placeFor, presentFiles, snapshotFile } from "./snapshot-file.ts";

/**
 * Loads what is committed for one prompt and pin; undefined if nothing is.
 *
 * @param files where a run gets its files from; by default the file is read now
 * @throws ValidationError `snapshot_damaged`, `snapshot_integrity`, `snapshot_format_newer`; ScopeError
 * `snapshot_unreadable`
 */
export async function loadSnapshot(
  snapshotDir: string,
  ref: PromptRef,
  files?: FileTexts,
): Promise<SnapshotEntry | undefined> {
  const file = await snapshotFile(snapshotDir, ref);
  const text = await (files === undefined
    ? readSnapshotText(file)
    : explainUnreadable(file, async () => files.text(file)));
  return text === undefined ? undefined : entryOf(text, file, ref);
}

/** {@link loadSnapshot}, but a damaged file counts as nothing committed. */
export async function loadIfSound(snapshotDir: string, ref: PromptRef): Promise<SnapshotEntry | undefined> {
  try {
    return await loadSnapshot(snapshotDir, ref);
  } catch (error) {
    if (isScopeError(error)) return undefined;
    throw error;
  }
}

/** The text of a snapshot file; undefined if there is none. Throws ScopeError `snapshot_unreadable`. */
export function readSnapshotText(file: string): Promise<string | undefined> {
  return explainUnreadable(file, () => readTextIfThere(file));
}

/** What the text of a snapshot file says about a prompt and pin. Throws like {@link loadSnapshot}. */
export function entryOf(text: string, file: string, ref: PromptRef): SnapshotEntry {
  const entry = parseSnapshot(text, file);
  if (refKey(entry.ref) !== refKey(ref)) {
    throw new ValidationError(`This snapshot file contains another prompt: ${entry.ref.name}.`, {
      code: "snapshot_damaged",
      where: { file, prompt: ref.name },
      hint: "A file was renamed by hand. Restore it, or fetch it again with: scope-gen pull",
    });
  }
  return entry;
}

/** Everything of ours below the snapshot folder, sorted by file name, and what can't be read. */
export interface SnapshotListing {
  readonly entries: readonly { readonly file: string; readonly entry: SnapshotEntry }[];
  readonly damaged: readonly { readonly file: string; readonly error: unknown }[];
}

/**
 * Files whose names don't match their content belong to somebody else and are left out.
 *
 * @throws ScopeError `snapshot_unreadable` for the folder
 */
export async function listSnapshot(snapshotDir: string): Promise<SnapshotListing> {
  const entries: { file: string; entry: SnapshotEntry }[] = [];
  const damaged: { file: string; error: unknown }[] = [];
  const pinned = new Set<string>();
  for (const base of await basesIn(snapshotDir)) {
    const { file, entry, error } = await readNamed(snapshotDir, base);
    if (error !== undefined) damaged.push({ file, error });
    // A merge may have brought a version's file back under its earlier name.
    if (entry === undefined || pinned.has(refKey(entry.ref))) continue;
    pinned.add(refKey(entry.ref));
    entries.push({ file, entry });
  }
  return { entries, damaged };
}

/**
 * The prompts and pins that files are named after, valid or damaged. Only reads those that are named after a number,
 * or whose names were cut: a project can have thousands.
 *
 * @throws ScopeError `snapshot_unreadable` for the folder
 */
export async function committedRefs(snapshotDir: string): Promise<readonly PromptRef[]> {
  const refs = new Map<string, PromptRef>();
  for (const base of await basesIn(snapshotDir)) {
    const named = namesNumber(base) ? undefined : refOfFileBase(base);
    const ref = named ?? (await readNamed(snapshotDir, base)).entry?.ref;
    if (ref !== undefined) refs.set(refKey(ref), ref);
  }
  return [...refs.values()];
}

/** What a file contains, or why it can't be read. Neither if its content belongs under another name. */
async function readNamed(
  snapshotDir: string,
  base: string,
): Promise<{ readonly file: string; readonly entry?: SnapshotEntry; readonly error?: unknown }> {
  const file = join(snapshotDir, `${base}.json`);
  try {
    // One at a time and small: a thread costs several times as much as reading such a file.
    const text = await explainUnreadable(file, async () => readRegularFileSync(file));
    const entry = parseSnapshot(text, file);
    return fileBases(entry).includes(base) ? { file, entry } : { file };
  } catch (error) {
    return { file, error };
  }
}

async function basesIn(snapshotDir: string): Promise<readonly string[]> {
  const names = (await explainUnreadable(snapshotDir, () => namesIn(snapshotDir))).sort();
  return names.filter(isSnapshotName).map((name) => name.slice(0, -".json".length));
}

/**
 * Writes one entry, completely or not at all. A file that means the same is left untouched, whatever a formatter or git
 * did to its white space; one under an earlier name is moved. Says whether it wrote.
 *
 * @throws ScopeError `snapshot_unwritable`
 */
export async function writeSnapshot(snapshotDir: string, entry: SnapshotEntry): Promise<boolean> {
  const { to, isThere, outdated } = await changeFor(snapshotDir, entry);
  await explainUnwritable(to, async () => {
    if (!isThere) await writeFileAtomic(to, formatSnapshot(entry));
    for (const file of outdated) await rm(file, { force: true });
  });
  return !isThere || outdated.length > 0;
}

export interface SnapshotChange {
  readonly to: string;
  /** Does the file contain it already, in any layout? */
  readonly isThere: boolean;
  /** The same prompt and pin under an earlier name, to be removed. */
  readonly outdated: readonly string[];
}

export async function changeFor(snapshotDir: string, entry: SnapshotEntry): Promise<SnapshotChange> {
  const to = await placeFor(snapshotDir, entry);
  const isThere = await explainUnwritable(to, () => snapshotMeans(to, entry));
  const outdated = (await presentFiles(snapshotDir, entry.ref)).filter((file) => file !== to);
  return { to, isThere, outdated };
}

async function snapshotMeans(file: string, entry: SnapshotEntry): Promise<boolean> {
  const present = await readTextIfThere(file);
  if (present === undefined) return false;
  const text = formatSnapshot(entry);
  if (present === text) return true;
  const committed = parseIfSound(present, file);
  return committed !== undefined && formatSnapshot(committed) === text;
}

/** Removes one entry's file. Throws ScopeError `snapshot_unwritable`. */
export async function removeSnapshot(snapshotDir: string, ref: PromptRef): Promise<void> {
  for (const file of await presentFiles(snapshotDir, ref))
    await explainUnwritable(file, () => rm(file, { force: true }));
}
