import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a whole file or nothing: the text goes to a file beside it that takes its place in one step, so that
 * a reader, a crash or a full disk never sees half of it. Makes the folder.
 */
export async function writeFileAtomic(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(text, "utf8");
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Like {@link writeFileAtomic}, and leaves a file of the same text untouched. Says whether it wrote. */
export async function writeFileIfChanged(file: string, text: string): Promise<boolean> {
  if ((await readTextIfThere(file)) === text) return false;
  await writeFileAtomic(file, text);
  return true;
}

/** A file's text, or undefined when there is no such file. */
export async function readTextIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Does this error of the file system say that the file or its folder is not there? */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}
