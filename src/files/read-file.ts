import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Far above every file of a project that is read whole. */
const MAX_BYTES = 100_000_000;
/** To open a pipe waits for a writer, unless one asks not to wait. Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a regular file. A link in a repository may lead to a device or a pipe, and reading that takes all memory or
 * never ends.
 *
 * @param maxBytes default 100 MB
 * @throws what the file system says; an error with the code `ENOTREG` for anything but a regular file, and `EFBIG` for
 * one that is larger
 */
export async function readRegularFile(file: string, maxBytes = MAX_BYTES): Promise<string> {
  return (await readRegularBytes(file, maxBytes)).toString("utf8");
}

/** {@link readRegularFile}, as bytes. */
export async function readRegularBytes(file: string, maxBytes = MAX_BYTES): Promise<Buffer> {
  const handle = await openRegularFile(file, maxBytes);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Opens a file for reading piece by piece. Throws as {@link readRegularFile} does. */
export async function openRegularFile(
  file: string,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<FileHandle> {
  const handle = await open(file, FLAGS);
  try {
    refuseOthers(file, await handle.stat(), maxBytes);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** {@link readRegularFile} at once: for small files that takes a fraction of what a thread costs. */
export function readRegularFileSync(file: string, maxBytes = MAX_BYTES): string {
  const opened = openSync(file, FLAGS);
  try {
    const stats = fstatSync(opened);
    refuseOthers(file, stats, maxBytes);
    // Most files are small. One that has grown meanwhile, or does not say its size, is read to its end.
    const buffer = Buffer.allocUnsafe(stats.size + 1);
    const length = readSync(opened, buffer);
    if (length === stats.size) return buffer.toString("utf8", 0, length);
    return Buffer.concat([buffer.subarray(0, length), readFileSync(opened)]).toString("utf8");
  } finally {
    closeSync(opened);
  }
}

function refuseOthers(file: string, stats: Stats, maxBytes: number): void {
  // A folder is for the reading to refuse, by a code that callers know.
  if (!stats.isFile() && !stats.isDirectory())
    throw refusal("ENOTREG", `${file} is not a regular file: a pipe or a device is not read.`, file);
  if (stats.size > maxBytes)
    throw refusal("EFBIG", `${file} is larger than ${maxBytes / 1_000_000} MB, and is not read.`, file);
}

function refusal(code: string, message: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code, path, syscall: "read" });
}
