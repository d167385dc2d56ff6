import { randomBytes } from "node:crypto";
import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isScopeError, ScopeError } from "../errors/scope-error.ts";
import { isLeftover, removeAbandoned, type StagingPrefix } from "./leftovers.ts";
import { namingFile } from "./naming-file.ts";
import { OWNER } from "./owner.ts";
import { openFor, replaceFile } from "./write-file.ts";

/**
 * Files of one folder that are to be written together: each is put aside as it comes, and all take their places at the
 * end, by renaming alone. Until then nothing changes, whatever fails, and little is held in memory.
 */
export class StagedFiles {
  readonly #dir: string;
  readonly #folder: string;
  /** Files put aside, by the place that each is for. */
  readonly #staged = new Map<string, string>();
  /** The outermost folder that had to be made; undefined while none was. */
  #made: Promise<string | undefined> | undefined;

  /** @param dir absolute; it is made when the first file comes */
  constructor(dir: string, prefix: StagingPrefix) {
    this.#dir = dir;
    this.#folder = join(dir, `${prefix}${OWNER}-${randomBytes(6).toString("hex")}`);
  }

  /** Does anything wait for its place? */
  get isEmpty(): boolean {
    return this.#staged.size === 0;
  }

  /**
   * Puts the text of a file aside.
   *
   * @param to absolute path of its place, right in the folder
   * @throws ScopeError `snapshot_unwritable`, the same one each time where the folder takes nothing
   */
  async add(to: string, text: string): Promise<void> {
    await namingFile(to, async () => {
      this.#made ??= this.#make();
      await this.#made;
      const from = join(this.#folder, basename(to));
      const handle = await openFor(to, from);
      try {
        await handle.writeFile(text, "utf8");
      } finally {
        await handle.close();
      }
      this.#staged.set(to, from);
    });
  }

  /** Where the text for a place is: put aside, or in its place. */
  fileOf(place: string): string {
    return this.#staged.get(place) ?? place;
  }

  /**
   * Gives every file its place.
   *
   * @param halfDone what is said where one of them cannot take it and others did
   * @throws ScopeError `snapshot_unwritable`
   */
  async commit(halfDone: (done: number, all: number) => string): Promise<void> {
    let done = 0;
    for (const [to, from] of this.#staged) {
      try {
        await namingFile(to, () => replaceFile(from, to));
      } catch (error) {
        if (done === 0 || !isScopeError(error)) throw error;
        const { code, where, hint } = error;
        throw new ScopeError(halfDone(done, this.#staged.size), { code, where, hint, cause: error });
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
    if (outermost !== undefined) await removeEmpty(this.#dir, outermost);
  }

  #make(): Promise<string | undefined> {
    return namingFile(this.#dir, async () => {
      const outermost = await mkdir(this.#dir, { recursive: true });
      try {
        await mkdir(this.#folder);
        // Should the process be killed, nobody commits what it left.
        await writeFile(join(this.#folder, ".gitignore"), "*\n");
        const own = basename(this.#folder);
        await removeAbandoned(this.#dir, (name) => isLeftover(name) && name !== own);
      } catch (error) {
        await this.#remove(outermost);
        throw error;
      }
      return outermost;
    });
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
