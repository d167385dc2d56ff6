import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { readdir } from "node:fs/promises";

const MAX_BYTES = 100_000_000;
/** Opening a pipe waits for a writer, unless you ask it not to. Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a regular file. A link in a repository can lead to a device or a pipe, and reading that uses up all
 * memory or never ends.
 *
 * @throws file system errors; `ENOTREG` for anything but a regular file, and `EFBIG` for one that is larger
 */
export function readRegularFileSync(file: string, maxBytes = MAX_BYTES): string {
  return readRegularBytesSync(file, String, maxBytes);
}

/** Most files are small. A buffer for each of thousands would keep the garbage collector busy. */
const SHARED = Buffer.alloc(64 * 1024);

/** {@link readRegularFileSync}, as bytes that are only valid in `use`: what is compared doesn't need decoding. */
export function readRegularBytesSync<T>(file: string, use: (bytes: Buffer) => T, maxBytes = MAX_BYTES): T {
  const opened = openSync(file, FLAGS);
  try {
    const stats = fstatSync(opened);
    const kind = stats.mode & constants.S_IFMT;
    // Reading refuses a folder, with a code that callers know.
    if (kind !== constants.S_IFREG && kind !== constants.S_IFDIR)
      throw refusal("ENOTREG", `${file} isn't a regular file, and pipes and devices aren't read.`, file);
    if (stats.size > maxBytes)
      throw refusal("EFBIG", `${file} is larger than ${maxBytes / 1_000_000} MB, so it isn't read.`, file);
    const buffer = stats.size < SHARED.length ? SHARED : Buffer.allocUnsafe(stats.size + 1);
    const length = readSync(opened, buffer);
    const bytes = buffer.subarray(0, length);
    // A file that has grown in the meantime, or doesn't report its size, is read to its end.
    return use(length === stats.size ? bytes : Buffer.concat([bytes, readFileSync(opened)]));
  } finally {
    closeSync(opened);
  }
}

/** {@link readRegularBytesSync}; undefined if there's no file, or it can't be read. */
export function readIfSound<T>(file: string, use: (bytes: Buffer) => T): T | undefined {
  try {
    return readRegularBytesSync(file, use);
  } catch {
    return undefined;
  }
}

function refusal(code: string, message: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code, path, syscall: "read" });
}

/** A file's bytes; undefined if there is none. */
export function readIfThere(file: string): Buffer | undefined {
  try {
    return readRegularBytesSync(file, (bytes) => Buffer.from(bytes));
  } catch (error) {
    if (isFileMissing(error)) return undefined;
    throw error;
  }
}

/** Does a text contain the conflict markers that git leaves in a merge? They're longer in a merge within a merge. */
export function hasConflictMarks(text: string): boolean {
  return /^(?:<{7,}|>{7,})(?: |\r?$)/m.test(text);
}

/** A file's text, or undefined when there's no such file. Throws what {@link readRegularFileSync} throws. */
export function readTextIfThere(file: string): string | undefined {
  return readIfThere(file)?.toString("utf8");
}

/** A file's text; empty if it can't be read, which the code that writes there reports. */
export function readOrEmpty(file: string): string {
  return readIfSound(file, String) ?? "";
}

/** The names in a folder, which can be missing. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isFileMissing(error)) return [];
    throw error;
  }
}

/** Does this file system error say that the file or its folder doesn't exist? */
export function isFileMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}
