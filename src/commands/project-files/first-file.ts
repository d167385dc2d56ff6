import { join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";

/** A file as it is written. */
export interface TextFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** The first of some files of a folder that is there. */
export async function firstFile(folder: string, names: readonly string[]): Promise<TextFile | undefined> {
  for (const name of names) {
    const file = join(folder, name);
    const text = await readTextIfThere(file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}
