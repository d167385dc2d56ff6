import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ValidationError } from "../../errors/classes.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { namesIn, readRegularFileSync, readTextIfThere } from "../../files/read-file.ts";
import { isSnapshotName, refFileBase, refOfFileBase, safeName } from "../../files/safe-name.ts";
import { StagedFiles } from "../../files/staged-files.ts";
import { explainUnreadable, explainUnwritable, writeFileAtomic } from "../../files/write-file.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { formatSnapshot, parseIfSound, parseSnapshot, type SnapshotEntry } from "./format.ts";

/**
 * Loads what is committed for one prompt and pin; undefined if nothing is.
 *
 * @throws ValidationError `snapshot_damaged`, `snapshot_integrity`, `snapshot_format_newer`; ScopeError
 * `snapshot_unreadable`
 */
export async function loadSnapshot(snapshotDir: string, ref: PromptRef): Promise<SnapshotEntry | undefined> {
  const file = await snapshotFile(snapshotDir, ref);
  const text = await explainUnreadable(file, () => readTextIfThere(file));
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

/** What the text of a snapshot file says about a prompt and pin. Throws like {@link loadSnapshot}. */
function entryOf(text: string, file: string, ref: PromptRef): SnapshotEntry {
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
  for (const base of await basesIn(snapshotDir)) {
    const { file, entry, error } = await readNamed(snapshotDir, base);
    if (error !== undefined) damaged.push({ file, error });
    if (entry !== undefined) entries.push({ file, entry });
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
    const text = await explainUnreadable(file, () => readRegularFileSync(file));
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
 * did to its white space. Says whether it wrote.
 *
 * @throws ScopeError `snapshot_unwritable`
 */
export async function writeSnapshot(snapshotDir: string, entry: SnapshotEntry): Promise<boolean> {
  const { to, text, isThere } = await changeFor(snapshotDir, entry);
  if (!isThere) await explainUnwritable(to, () => writeFileAtomic(to, text));
  return !isThere;
}

/** Where an entry goes, and whether it's there already, in any layout. */
async function changeFor(snapshotDir: string, entry: SnapshotEntry) {
  const to = await placeFor(snapshotDir, entry);
  const present = await explainUnwritable(to, () => readTextIfThere(to));
  const text = formatSnapshot(entry);
  const committed = present === undefined || present === text ? undefined : parseIfSound(present, to);
  const isThere = present === text || (committed !== undefined && formatSnapshot(committed) === text);
  return { to, text, isThere };
}

/** Removes one entry's file. Throws ScopeError `snapshot_unwritable`. */
export async function removeSnapshot(snapshotDir: string, ref: PromptRef): Promise<void> {
  for (const file of await presentFiles(snapshotDir, ref))
    await explainUnwritable(file, () => rm(file, { force: true }));
}

/**
 * The names that a snapshot file can have, without extension, the usual one first. A version's file is named by its ID
 * if another version of the same number has the name: two prompts can have had one name.
 */
function fileBases({ ref, version }: Pick<SnapshotEntry, "ref" | "version">): readonly string[] {
  const byId = refFileBase(ref);
  return ref.pin.kind === "label" ? [byId] : [`${safeName(ref.name)}@version-${version.versionNumber}`, byId];
}

/** Does a file's name contain a version's number, so that only its text says which prompt and pin it's for? */
function namesNumber(base: string): boolean {
  return /@version-\d+$/.test(base);
}

/**
 * Absolute path of the file for one prompt and pin. If nothing is committed for a version, its number isn't known, and
 * the path is the one by its ID.
 *
 * @throws ScopeError `snapshot_unreadable`
 */
export async function snapshotFile(snapshotDir: string, ref: PromptRef): Promise<string> {
  return (await presentFiles(snapshotDir, ref))[0] ?? join(snapshotDir, `${refFileBase(ref)}.json`);
}

/** The files for one prompt and pin, the one that is read first. A merge can leave two. */
async function presentFiles(snapshotDir: string, ref: PromptRef): Promise<readonly string[]> {
  if (ref.pin.kind === "label") return [join(snapshotDir, `${refFileBase(ref)}.json`)];
  const { versionId } = ref.pin;
  const byId = `${refFileBase(ref)}.json`;
  const sound: string[] = [];
  const damaged: string[] = [];
  for (const name of (await explainUnreadable(snapshotDir, () => namesIn(snapshotDir))).sort()) {
    if (!name.startsWith(`${safeName(ref.name)}@`)) continue;
    if (name !== byId && !namesNumber(name.replace(/\.json$/, ""))) continue;
    const file = join(snapshotDir, name);
    const text = (await explainUnreadable(file, () => readTextIfThere(file))) ?? "";
    const entry = parseIfSound(text, file);
    if (entry === undefined) {
      if (name === byId || text.includes(`"versionId": ${JSON.stringify(versionId)}`)) damaged.push(file);
    } else if (refKey(entry.ref) === refKey(ref) && fileBases(entry).includes(name.slice(0, -".json".length)))
      sound.push(file);
  }
  return [...sound, ...damaged];
}

/** Absolute path where an entry is to be written: where it is, and never where another version is. */
export async function placeFor(snapshotDir: string, entry: SnapshotEntry): Promise<string> {
  const [present] = await presentFiles(snapshotDir, entry.ref);
  if (present !== undefined) return present;
  const [first = "", byId = first] = fileBases(entry).map((base) => join(snapshotDir, `${base}.json`));
  return readTextIfThere(first) === undefined ? first : byId;
}

/** Snapshot entries that are written together. */
export class SnapshotStaging {
  readonly #snapshotDir: string;
  readonly #files: StagedFiles;
  /** Paths by `refKey`. */
  readonly #places = new Map<string, string>();

  constructor(snapshotDir: string) {
    this.#snapshotDir = snapshotDir;
    this.#files = new StagedFiles(snapshotDir, ".pull-");
  }

  get isEmpty(): boolean {
    return this.#files.isEmpty;
  }

  /**
   * Stages an entry, unless the committed one means the same.
   *
   * @throws ScopeError `snapshot_unwritable`, the same one each time if the folder can't be written
   */
  async add(entry: SnapshotEntry): Promise<void> {
    const key = refKey(entry.ref);
    const change = await changeFor(this.#snapshotDir, entry);
    // Two versions of one number: the second is named by its ID.
    const isTaken = [...this.#places].some(([other, place]) => other !== key && place === change.to);
    const to = isTaken ? join(this.#snapshotDir, `${refFileBase(entry.ref)}.json`) : change.to;
    this.#places.set(key, to);
    if (isTaken || !change.isThere) await this.#files.add(to, change.text);
  }

  /** Absolute path of the file for a prompt and pin once this is committed. */
  async placeOf(ref: PromptRef): Promise<string> {
    return this.#places.get(refKey(ref)) ?? (await snapshotFile(this.#snapshotDir, ref));
  }

  /** What that file will say; undefined if there won't be one. Throws like `loadSnapshot`. */
  async load(ref: PromptRef): Promise<SnapshotEntry | undefined> {
    const place = await this.placeOf(ref);
    const file = this.#files.fileOf(place);
    const text = await explainUnreadable(file, () => readTextIfThere(file));
    return text === undefined ? undefined : entryOf(text, place, ref);
  }

  /** Moves every entry into place. Throws ScopeError `snapshot_unwritable`, which says how far it got. */
  async commit(): Promise<void> {
    await this.#files.commit(
      (done, all) =>
        `${done} of ${all} changed snapshot files were written before one failed, and the types weren't written.`,
    );
  }

  /** Removes what was staged, and the folders that had to be created for it. */
  discard(): Promise<void> {
    return this.#files.discard();
  }
}
