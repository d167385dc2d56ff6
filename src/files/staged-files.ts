import { randomBytes } from "node:crypto";
import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isScopeError, ScopeError } from "../errors/scope-error.ts";
import {
  explainUnwritable,
  isTemporary,
  keepFresh,
  OWNER,
  removeAbandoned,
  replaceFile,
  writeFor,
} from "./write-file.ts";

/**
 * Files of one folder that are written together: each is staged as it arrives, and all are renamed at the end. Until
 * then nothing changes, whatever fails.
 */
export class StagedFiles {
  readonly #dir: string;
  readonly #folder: string;
  /** Staged files, by the path that each is for. */
  readonly #staged = new Map<string, string>();
  /** The outermost folder that had to be created; undefined if there was none. */
  #made: Promise<string | undefined> | undefined;
  /** Stops saying that the staged files are in use. */
  #rest = () => {};

  /** @param dir absolute; it's created when the first file arrives */
  constructor(dir: string, prefix: ".pull-" | ".emit-" | ".env-") {
    this.#dir = dir;
    this.#folder = join(dir, `${prefix}${OWNER}-${randomBytes(6).toString("hex")}`);
  }

  /** Is anything staged? */
  get isEmpty(): boolean {
    return this.#staged.size === 0;
  }

  /** Stages the text of a file, directly in the folder. A folder that can't be written fails all with one error. */
  async add(to: string, text: string | Uint8Array): Promise<void> {
    await explainUnwritable(to, async () => {
      this.#made ??= this.#make();
      await this.#made;
      const from = join(this.#folder, basename(to));
      await writeFor(to, from, text);
      this.#staged.set(to, from);
    });
  }

  /** Where the text for a path is: staged, or in place. */
  fileOf(place: string): string {
    return this.#staged.get(place) ?? place;
  }

  /** Moves every file into place; `halfDone` says if one of them can't be moved and others were. */
  async commit(halfDone: (done: number, all: number) => string): Promise<void> {
    let done = 0;
    for (const [to, from] of this.#staged) {
      try {
        await explainUnwritable(to, () => replaceFile(from, to));
      } catch (error) {
        if (done === 0 || !isScopeError(error)) throw error;
        const { code, where, hint } = error;
        throw new ScopeError(halfDone(done, this.#staged.size), { code, where, hint, cause: error });
      }
      done += 1;
    }
    await this.discard();
  }

  /** Removes what was staged, and the folders that had to be created for it. */
  async discard(): Promise<void> {
    // If a folder couldn't be created, the caller that asked for it reports it, and has cleaned up.
    await this.#made?.then(
      (outermost) => this.#remove(outermost),
      () => {},
    );
  }

  async #remove(outermost: string | undefined): Promise<void> {
    this.#rest();
    await rm(this.#folder, { recursive: true, force: true });
    if (outermost === undefined) return;
    for (let at = this.#dir; at.startsWith(outermost); at = dirname(at)) {
      // It can hold something by now, and then so do the folders above it.
      const isEmpty = await rmdir(at).then(
        () => true,
        () => false,
      );
      if (!isEmpty) return;
    }
  }

  #make(): Promise<string | undefined> {
    return explainUnwritable(this.#dir, async () => {
      const outermost = await mkdir(this.#dir, { recursive: true });
      try {
        await mkdir(this.#folder);
        this.#rest = keepFresh(this.#folder);
        // If the process is killed, nobody commits what it left.
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

/** The whole name, since matches are removed: a folder of yours could begin like ours. */
const STAGING_FOLDER = /^\.(?:pull|emit|env)-[0-9a-f]{8}-[0-9]{1,10}-[0-9a-f]{12}$/;

/** Is it the name of something that only exists while a process writes? */
export function isLeftover(name: string): boolean {
  return isTemporary(name) || STAGING_FOLDER.test(name);
}

/** Removes what killed pulls left in the folder of the snapshot, and in that of the types. */
export async function removeLeftovers(snapshotDir: string, typesFolder: string | undefined): Promise<void> {
  // Leftovers do no harm if nothing can be changed. An unreadable folder is reported where it's needed.
  for (const folder of new Set([snapshotDir, typesFolder ?? snapshotDir]))
    await removeAbandoned(folder, isLeftover).catch(() => {});
}
