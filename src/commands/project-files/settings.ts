import { join } from "node:path";
import { type ParseError, parse } from "jsonc-parser";
import { readTextIfThere } from "../../files/write-file.ts";

/** A file as written. */
export interface TextFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** The first of several files of a folder that exists. */
export async function firstFile(folder: string, names: readonly string[]): Promise<TextFile | undefined> {
  for (const name of names) {
    const file = join(folder, name);
    const text = await readTextIfThere(file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}

/**
 * Reads JSON as in tsconfig files and editor settings: comments and trailing commas are allowed. Undefined for any
 * other text.
 */
export function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}
