import { readRegularBytesSync } from "./read-file.ts";
import { isMissing } from "./write-file.ts";

/**
 * The files of one run, each read once: whatever a pull writes in the meantime, a build has one text of each, and
 * records that one.
 */
export class FileTexts {
  readonly #files = new Map<string, Buffer | undefined>();

  /**
   * The text of a file; undefined if there is none.
   *
   * @param file absolute
   * @throws what `readRegularFile` throws
   */
  text(file: string): string | undefined {
    return this.bytes(file)?.toString("utf8");
  }

  /** {@link text}, exactly as it is on disk. */
  bytes(file: string): Buffer | undefined {
    if (!this.#files.has(file)) this.#files.set(file, readIfThere(file));
    return this.#files.get(file);
  }
}

/**
 * A file's bytes; undefined if there is none. Synchronously: a thread costs several times as much as reading such a
 * file.
 */
export function readIfThere(file: string): Buffer | undefined {
  try {
    return readRegularBytesSync(file, (bytes) => Buffer.from(bytes));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
