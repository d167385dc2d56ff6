import { readRegularFileSync } from "./read-file.ts";
import { isMissing } from "./write-file.ts";

/**
 * The files of one run, each read once: whatever a pull writes meanwhile, a build has one text of each, and records that
 * one.
 */
export class FileTexts {
  readonly #texts = new Map<string, string | undefined>();

  /**
   * The text of a file; undefined where there is none.
   *
   * @param file absolute
   * @throws what `readRegularFile` throws
   */
  text(file: string): string | undefined {
    if (!this.#texts.has(file)) this.#texts.set(file, readIfThere(file));
    return this.#texts.get(file);
  }
}

/** At once: what a thread costs is several times what such a file does. */
function readIfThere(file: string): string | undefined {
  try {
    return readRegularFileSync(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
