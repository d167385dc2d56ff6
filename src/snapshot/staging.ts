import { namingFile } from "../files/naming-file.ts";
import { StagedFiles } from "../files/staged-files.ts";
import { formatSnapshot, type SnapshotEntry } from "./format.ts";
import { snapshotFile, snapshotMeans } from "./store.ts";

/** Snapshot entries that are to be written together. */
export class SnapshotStaging {
  readonly #snapshotDir: string;
  readonly #files: StagedFiles;

  constructor(snapshotDir: string) {
    this.#snapshotDir = snapshotDir;
    this.#files = new StagedFiles(snapshotDir, ".pull-");
  }

  /** Does anything wait for its place? */
  get isEmpty(): boolean {
    return this.#files.isEmpty;
  }

  /**
   * Puts an entry aside, unless what is committed means the same.
   *
   * @throws ScopeError `snapshot_unwritable`, the same one each time where the folder takes nothing
   */
  async add(entry: SnapshotEntry): Promise<void> {
    const to = snapshotFile(this.#snapshotDir, entry.ref);
    if (await namingFile(to, () => snapshotMeans(to, entry))) return;
    await this.#files.add(to, formatSnapshot(entry));
  }

  /** Where the text of a snapshot file is: put aside, or in its place. */
  fileOf(place: string): string {
    return this.#files.fileOf(place);
  }

  /** Gives every entry its place. Throws ScopeError `snapshot_unwritable`, which says how far it came. */
  commit(): Promise<void> {
    return this.#files.commit(
      (done, all) =>
        `${done} of ${all} changed snapshot files were replaced before one could not be, and the types were not.`,
    );
  }

  /** Takes away what was put aside, and the folders that had to be made for it. */
  discard(): Promise<void> {
    return this.#files.discard();
  }
}
