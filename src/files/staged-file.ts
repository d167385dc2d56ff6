import { createHash } from "node:crypto";
import { type FileHandle, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { openRegularFile } from "./read-file.ts";
import { isMissing, openFor, readTextIfThere, replaceFile, temporaryBeside } from "./write-file.ts";

/** Up to this many characters are held in memory. */
const HELD = 1_000_000;

interface Temporary {
  readonly path: string;
  readonly handle: FileHandle;
}

/**
 * The text of a file that is made piece by piece, however large it gets. The file itself is touched at the end, in
 * one step, and only when its text is another.
 */
export class StagedFile {
  readonly #file: string;
  readonly #areSame: (one: string, other: string) => Promise<boolean>;
  #chunks: string[] = [];
  #length = 0;
  #temporary: Temporary | undefined;
  /** The whole text as a file beside the other; "same" where that has it already. */
  #staged: string | "same" | undefined;

  /**
   * @param areSame do two files whose bytes differ count as the same? By default they do not
   */
  constructor(file: string, areSame: (one: string, other: string) => Promise<boolean> = async () => false) {
    this.#file = file;
    this.#areSame = areSame;
  }

  async write(text: string): Promise<void> {
    this.#chunks.push(text);
    this.#length += text.length;
    if (this.#length > HELD) await this.#spill();
  }

  /**
   * Puts the whole text beside the file, unless the file has it: what is left to do takes no room, and hardly fails.
   * Nothing can be written after that.
   */
  async stage(): Promise<void> {
    if (this.#staged !== undefined) return;
    if (this.#temporary === undefined) {
      const present = await readTextIfThere(this.#file);
      if (present === this.#chunks.join("")) {
        this.#staged = "same";
        return;
      }
    }
    const { path, handle } = await this.#spill();
    await handle.close();
    this.#temporary = undefined;
    this.#staged = path;
  }

  /** Makes it the file's text. Says whether that was another. Forgets it when that fails. */
  async commit(): Promise<boolean> {
    try {
      // The file may have become another since: the pieces are still held.
      if (this.#staged === "same") this.#staged = undefined;
      await this.stage();
      if (this.#staged === undefined || this.#staged === "same") return false;
      const both = [this.#staged, this.#file] as const;
      const isOther = !((await sameBytes(...both)) || (await this.#areSame(...both)));
      if (isOther) {
        await replaceFile(this.#staged, this.#file);
        this.#staged = undefined;
      }
      return isOther;
    } finally {
      await this.discard();
    }
  }

  /** Forgets it; to be called when it is not committed. */
  async discard(): Promise<void> {
    this.#chunks = [];
    const path = this.#temporary?.path ?? this.#staged;
    await this.#temporary?.handle.close();
    this.#temporary = undefined;
    this.#staged = undefined;
    if (path !== undefined && path !== "same") await rm(path, { force: true });
  }

  async #spill(): Promise<Temporary> {
    let temporary = this.#temporary;
    if (temporary === undefined) {
      await mkdir(dirname(this.#file), { recursive: true });
      const path = temporaryBeside(this.#file);
      temporary = { path, handle: await openFor(this.#file, path) };
      this.#temporary = temporary;
    }
    await temporary.handle.writeFile(this.#chunks.join(""), "utf8");
    this.#chunks = [];
    this.#length = 0;
    return temporary;
  }
}

async function sameBytes(one: string, other: string): Promise<boolean> {
  try {
    const [left, right] = await Promise.all([digestOf(one), digestOf(other)]);
    return left === right;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Read piece by piece: the file may be larger than what is to be held. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline((await openRegularFile(file)).createReadStream(), hash);
  return hash.digest("hex");
}
