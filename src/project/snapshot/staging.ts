import { rm } from "node:fs/promises";
import { join } from "node:path";
import { refFileBase } from "../../files/safe-name.ts";
import { StagedFiles } from "../../files/staged-files.ts";
import { explainUnwritable } from "../../files/write-file.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { formatSnapshot, type SnapshotEntry } from "./format.ts";
import { snapshotFile } from "./snapshot-file.ts";
import { changeFor, entryOf, readSnapshotText } from "./store.ts";

/** Snapshot entries that are written together. */
export class SnapshotStaging {
  readonly #snapshotDir: string;
  readonly #files: StagedFiles;
  /** Paths by `refKey`. */
  readonly #places = new Map<string, string>();
  readonly #outdated: string[] = [];

  constructor(snapshotDir: string) {
    this.#snapshotDir = snapshotDir;
    this.#files = new StagedFiles(snapshotDir, ".pull-");
  }

  get isEmpty(): boolean {
    return this.#files.isEmpty && this.#outdated.length === 0;
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
    this.#outdated.push(...change.outdated.filter((file) => file !== to));
    if (isTaken || !change.isThere) await this.#files.add(to, formatSnapshot(entry));
  }

  /** Absolute path of the file for a prompt and pin once this is committed. */
  async placeOf(ref: PromptRef): Promise<string> {
    return this.#places.get(refKey(ref)) ?? (await snapshotFile(this.#snapshotDir, ref));
  }

  /** What that file will say; undefined if there won't be one. Throws like `loadSnapshot`. */
  async load(ref: PromptRef): Promise<SnapshotEntry | undefined> {
    const place = await this.placeOf(ref);
    const text = await readSnapshotText(this.#files.fileOf(place));
    return text === undefined ? undefined : entryOf(text, place, ref);
  }

  /** Moves every entry into place. Throws ScopeError `snapshot_unwritable`, which says how far it got. */
  async commit(): Promise<void> {
    await this.#files.commit(
      (done, all) =>
        `${done} of ${all} changed snapshot files were written before one failed, and the types weren't written.`,
    );
    for (const file of this.#outdated) await explainUnwritable(file, () => rm(file, { force: true }));
  }

  /** Removes what was staged, and the folders that had to be created for it. */
  discard(): Promise<void> {
    return this.#files.discard();
  }
}
