import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { formatSnapshot, type SnapshotEntry } from "./format.ts";
import { snapshotFile, snapshotMeans } from "./store.ts";
import { namingFile } from "./unwritable.ts";
import { isMissing, openFor, replaceFile } from "./write-file.ts";

const PREFIX = ".pull-";
/** A folder that a killed pull left behind is taken away by a later one; a pull takes minutes at most. */
const ABANDONED_MS = 60 * 60 * 1000;

/**
 * Snapshot entries that are to be written together: each is put aside as it comes, and all take their places at the
 * end, by renaming alone. Until then nothing that is committed changes, whatever fails, and little is held in memory.
 */
export class SnapshotStaging {
  readonly #snapshotDir: string;
  readonly #folder: string;
  readonly #staged: { readonly from: string; readonly to: string }[] = [];
  /** The outermost folder that had to be made; undefined while none was. */
  #made: Promise<string | undefined> | undefined;

  constructor(snapshotDir: string) {
    this.#snapshotDir = snapshotDir;
    this.#folder = join(snapshotDir, PREFIX + randomBytes(6).toString("hex"));
  }

  /**
   * Puts an entry aside, unless what is committed means the same.
   *
   * @throws ScopeError `snapshot_unwritable`
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
      this.#staged.push({ from, to });
    });
  }

  /** Gives every entry its place. Throws ScopeError `snapshot_unwritable`. */
  async commit(): Promise<void> {
    for (const { from, to } of this.#staged) await namingFile(to, () => replaceFile(from, to));
    await this.discard();
  }

  /** Takes away what was put aside, and the folders that had to be made for it. */
  async discard(): Promise<void> {
    if (this.#made === undefined) return;
    const outermost = await this.#made.catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
    if (outermost !== undefined) await removeEmpty(this.#snapshotDir, outermost);
  }

  async #make(): Promise<string | undefined> {
    const outermost = await mkdir(this.#snapshotDir, { recursive: true });
    await mkdir(this.#folder);
    // Should the process be killed, nobody commits what it left.
    await writeFile(join(this.#folder, ".gitignore"), "*\n");
    await this.#removeAbandoned();
    return outermost;
  }

  async #removeAbandoned(): Promise<void> {
    for (const name of await readdir(this.#snapshotDir)) {
      const folder = join(this.#snapshotDir, name);
      if (!name.startsWith(PREFIX) || folder === this.#folder) continue;
      try {
        if (Date.now() - (await stat(folder)).mtimeMs > ABANDONED_MS)
          await rm(folder, { recursive: true, force: true });
      } catch (error) {
        // Another pull was quicker.
        if (!isMissing(error)) throw error;
      }
    }
  }
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
