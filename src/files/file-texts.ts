import { readRegularBytesSync } from "./read-file.ts";
import { isMissing } from "./write-file.ts";

/**
 * The files of one run, each read once: whatever a pull writes meanwhile, a build has one text of each, and records that
 * one.
 */
export class FileTexts {
  readonly #files = new Map<string, Buffer | undefined>();

  /**
   * The text of a file; undefined where there is none.
   *
   * @param file absolute
   * @throws what `readRegularFile` throws
   */
  text(file: string): string | undefined {
    return this.bytes(file)?.toString("utf8");
  }

  /** {@link text}, as it lies there. */
  bytes(file: string): Buffer | undefined {
    if (!this.#files.has(file)) this.#files.set(file, readIfThere(file));
    return this.#files.get(file);
  }
}

/** At once: what a thread costs is several times what such a file does. */
function readIfThere(file: string): Buffer | undefined {
  try {
    return readRegularBytesSync(file, (bytes) => Buffer.from(bytes));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
