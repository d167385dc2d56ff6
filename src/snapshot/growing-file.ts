import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissing, openFor, replaceFile, temporaryBeside, writeFileIfChanged } from "./write-file.ts";

/** Up to this many characters are held in memory. */
const HELD = 1_000_000;

/**
 * The text of a file that is made piece by piece, however large it gets. The file itself is touched at the end, in
 * one step, and only when its text is another.
 */
export class GrowingFile {
  readonly #file: string;
  #chunks: string[] = [];
  #length = 0;
  #temporary: { readonly path: string; readonly handle: FileHandle } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async write(text: string): Promise<void> {
    this.#chunks.push(text);
    this.#length += text.length;
    if (this.#length > HELD) await this.#spill();
  }

  /** Makes it the file's text. Says whether that was another. */
  async commit(): Promise<boolean> {
    if (this.#temporary === undefined) return writeFileIfChanged(this.#file, this.#chunks.join(""));
    await this.#spill();
    const { path, handle } = this.#temporary;
    await handle.close();
    this.#temporary = undefined;
    try {
      if (await sameBytes(path, this.#file)) {
        await rm(path);
        return false;
      }
      await replaceFile(path, this.#file);
      return true;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Forgets it; to be called when it cannot be made. */
  async discard(): Promise<void> {
    this.#chunks = [];
    if (this.#temporary === undefined) return;
    const { path, handle } = this.#temporary;
    this.#temporary = undefined;
    await handle.close();
    await rm(path, { force: true });
  }

  async #spill(): Promise<void> {
    if (this.#temporary === undefined) {
      await mkdir(dirname(this.#file), { recursive: true });
      const path = temporaryBeside(this.#file);
      this.#temporary = { path, handle: await openFor(this.#file, path) };
    }
    await this.#temporary.handle.writeFile(this.#chunks.join(""), "utf8");
    this.#chunks = [];
    this.#length = 0;
  }
}

const PIECE = 64 * 1024;

async function sameBytes(one: string, other: string): Promise<boolean> {
  let left: FileHandle | undefined;
  let right: FileHandle | undefined;
  try {
    left = await open(one);
    right = await open(other);
    const { size } = await left.stat();
    if ((await right.stat()).size !== size) return false;
    const [leftPiece, rightPiece] = [Buffer.alloc(PIECE), Buffer.alloc(PIECE)];
    for (let at = 0; at < size; at += PIECE) {
      await Promise.all([left.read(leftPiece, 0, PIECE, at), right.read(rightPiece, 0, PIECE, at)]);
      const length = Math.min(PIECE, size - at);
      if (leftPiece.compare(rightPiece, 0, length, 0, length) !== 0) return false;
    }
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  } finally {
    await left?.close();
    await right?.close();
  }
}
