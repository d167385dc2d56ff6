import { join } from "node:path";
import { namesIn, readTextIfThere } from "../../files/read-file.ts";
import { refFileBase, safeName } from "../../files/safe-name.ts";
import { explainUnreadable } from "../../files/write-file.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { parseIfSound, type SnapshotEntry } from "./format.ts";

/**
 * The names that a snapshot file can have, without extension, the right one first: `<name>@<label>`, or
 * `<name>@version-<number>`. A version's file can also be named by its ID: earlier releases did that, and it's the
 * fallback if another version of the same number has the name.
 */
export function fileBases({ ref, version }: Pick<SnapshotEntry, "ref" | "version">): readonly string[] {
  const byId = refFileBase(ref);
  return ref.pin.kind === "label" ? [byId] : [`${safeName(ref.name)}@version-${version.versionNumber}`, byId];
}

/** Does a file's name contain a version's number, so that only its text says which prompt and pin it's for? */
export function namesNumber(base: string): boolean {
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

/**
 * Absolute paths of the files for one prompt and pin, the one that is read first coming first. There are two if a merge
 * brought back a version's file under its earlier name.
 */
export async function presentFiles(snapshotDir: string, ref: PromptRef): Promise<readonly string[]> {
  if (ref.pin.kind === "label") return [join(snapshotDir, `${refFileBase(ref)}.json`)];
  const { versionId } = ref.pin;
  const byId = `${refFileBase(ref)}.json`;
  const sound: string[] = [];
  const damaged: string[] = [];
  for (const name of await explainUnreadable(snapshotDir, () => namesIn(snapshotDir))) {
    if (!name.startsWith(`${safeName(ref.name)}@`)) continue;
    if (name !== byId && !namesNumber(name.replace(/\.json$/, ""))) continue;
    const file = join(snapshotDir, name);
    const text = (await explainUnreadable(file, () => readTextIfThere(file))) ?? "";
    const entry = parseIfSound(text, file);
    if (entry === undefined) {
      if (name === byId || text.includes(JSON.stringify(versionId))) damaged.push(file);
    } else if (refKey(entry.ref) === refKey(ref)) sound.push(file);
  }
  const isById = (file: string) => Number(file.endsWith(`/${byId}`) || file.endsWith(`\\${byId}`));
  return [...sound, ...damaged].sort((a, b) => isById(a) - isById(b));
}

/** Absolute path where an entry is to be written: a file of another version is never replaced. */
export async function placeFor(snapshotDir: string, entry: SnapshotEntry): Promise<string> {
  const [first = "", byId] = fileBases(entry).map((base) => join(snapshotDir, `${base}.json`));
  if (byId === undefined) return first;
  const text = await readTextIfThere(first);
  const isFree = text === undefined || (await presentFiles(snapshotDir, entry.ref)).includes(first);
  return isFree ? first : byId;
}
