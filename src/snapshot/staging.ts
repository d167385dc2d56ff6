import { randomBytes } from "node:crypto";
import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isScopeError, ScopeError } from "../errors/scope-error.ts";
import { PULL_PREFIX, removeAbandoned } from "../files/leftovers.ts";
import { OWNER } from "../files/owner.ts";
import { namingFile } from "../files/unwritable.ts";
import { isTemporary, openFor, replaceFile } from "../files/write-file.ts";
import { formatSnapshot, type SnapshotEntry } from "./format.ts";
import { snapshotFile, snapshotMeans } from "./store.ts";

/**
 * Snapshot entries that are to be written together: each is put aside as it comes, and all take their places at the
 * end, by renaming alone. Until then nothing that is committed changes, whatever fails, and little is held in memory.
 */
export class SnapshotStaging {
  readonly #snapshotDir: string;
  readonly #folder: string;
  /** Files put aside, by the place that each is for. */
  readonly #staged = new Map<string, string>();
  /** The outermost folder that had to be made; undefined while none was. */
  #made: Promise<string | undefined> | undefined;

  constructor(snapshotDir: string) {
    this.#snapshotDir = snapshotDir;
    this.#folder = join(snapshotDir, `${PULL_PREFIX}${OWNER}-${randomBytes(6).toString("hex")}`);
  }

  /** Does anything wait for its place? */
  get isEmpty(): boolean {
    return this.#staged.size === 0;
  }

  /**
   * Puts an entry aside, unless what is committed means the same.
   *
   * @throws ScopeError `snapshot_unwritable`, the same one each time where the folder takes nothing
   */
  async add(entry: SnapshotEntry): Promise<void> {
    const to = snapshotFile(this.#snapshotDir, entry.ref);
    await namingFile(to, async () => {
      if (await snapshotMeans(to, entry)) return;
      this.#made ??= this.#make();
      await this.#made;
      const from = join(this.#folder, basename(to));
      const handle = await openFor(to, from);
      try {
        await handle.writeFile(formatSnapshot(entry), "utf8");
      } finally {
        await handle.close();
      }
      this.#staged.set(to, from);
    });
  }

  /** Where the text of a snapshot file is: put aside, or in its place. */
  fileOf(place: string): string {
    return this.#staged.get(place) ?? place;
  }

  /** Gives every entry its place. Throws ScopeError `snapshot_unwritable`, which says how far it came. */
  async commit(): Promise<void> {
    let done = 0;
    for (const [to, from] of this.#staged) {
      try {
        await namingFile(to, () => replaceFile(from, to));
      } catch (error) {
        throw done > 0 && isScopeError(error) ? halfDone(error, done, this.#staged.size) : error;
      }
      done += 1;
    }
    await this.discard();
  }

  /** Takes away what was put aside, and the folders that had to be made for it. */
  async discard(): Promise<void> {
    if (this.#made === undefined) return;
    let outermost: string | undefined;
    try {
      outermost = await this.#made;
    } catch {
      // Said by whoever asked for it, and cleared away then.
      return;
    }
    await this.#remove(outermost);
  }

  async #remove(outermost: string | undefined): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    if (outermost !== undefined) await removeEmpty(this.#snapshotDir, outermost);
  }

  #make(): Promise<string | undefined> {
    return namingFile(this.#snapshotDir, async () => {
      const outermost = await mkdir(this.#snapshotDir, { recursive: true });
      try {
        await mkdir(this.#folder);
        // Should the process be killed, nobody commits what it left.
        await writeFile(join(this.#folder, ".gitignore"), "*\n");
        await removeAbandoned(
          this.#snapshotDir,
          (name) => isTemporary(name) || (name.startsWith(PULL_PREFIX) && name !== basename(this.#folder)),
        );
      } catch (error) {
        await this.#remove(outermost);
        throw error;
      }
      return outermost;
    });
  }
}

function halfDone(error: ScopeError, done: number, all: number): ScopeError {
  const { code, where, hint } = error;
  const message = `${done} of ${all} changed snapshot files were replaced before one could not be, and the types were not.`;
  return new ScopeError(message, { code, where, hint, cause: error });
}

async function removeEmpty(folder: string, outermost: string): Promise<void> {
  for (let at = folder; at.startsWith(outermost); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      // It holds something by now, and so do those above it.
      return;
    }
  }
}
