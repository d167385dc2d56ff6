import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OWNER } from "./owner.ts";
import { readRegularFile } from "./read-file.ts";

/** What Windows says while an editor or a virus scanner has the old file open. */
const HELD = new Set(["EPERM", "EACCES", "EBUSY"]);
const PATIENCE_MS = 1000;
const STEP_MS = 50;

/**
 * Writes a whole file or nothing: the text goes to a file next to it that replaces it in one step, so a reader, a crash
 * or a full disk never sees half of it. Creates the folder. A replaced file keeps its mode.
 *
 * @param newMode of a file that wasn't there. Default: what the umask leaves of 0666
 */
export async function writeFileAtomic(
  file: string,
  text: string | Uint8Array,
  newMode?: number,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = temporaryBeside(file);
  try {
    const handle = await openFor(file, temporary, newMode);
    try {
      await handle.writeFile(text, "utf8");
    } finally {
      await handle.close();
    }
    await replaceFile(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A name for a file that will replace another. */
export function temporaryBeside(file: string): string {
  // Not the file's own name with a suffix: that name may be as long as names can be.
  return join(dirname(file), `.scope-${OWNER}-${randomBytes(8).toString("hex")}.tmp`);
}

/** Is a file's name one that {@link temporaryBeside} returns? */
export function isTemporary(name: string): boolean {
  return /^\.scope-(?:[0-9a-f]{8}-[0-9]{1,10}-)?[0-9a-f]{16}\.tmp$/.test(name);
}

/** Opens a new file that will replace `file`, with the mode that `file` has. */
export async function openFor(file: string, temporary: string, newMode?: number): Promise<FileHandle> {
  const mode = (await modeOf(file)) ?? newMode;
  const handle = await open(temporary, "wx", mode);
  // The process's umask removed bits. If modes are fixed, as on some mounts, there's nothing to set.
  if (mode !== undefined && ((await handle.stat()).mode & 0o777) !== mode) await handle.chmod(mode);
  return handle;
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Replaces a file with a finished one, in one step. */
export async function replaceFile(temporary: string, file: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += STEP_MS) {
    try {
      return await rename(temporary, file);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (!HELD.has(code) || waitedMs >= PATIENCE_MS) throw error;
    }
    await sleep(STEP_MS);
  }
}

/** Like {@link writeFileAtomic}, but leaves a file with the same text untouched. Says whether it wrote. */
export async function writeFileIfChanged(file: string, text: string): Promise<boolean> {
  if ((await readTextIfThere(file)) === text) return false;
  await writeFileAtomic(file, text);
  return true;
}

/** A file's text, or undefined when there's no such file. Throws what {@link readRegularFile} throws. */
export async function readTextIfThere(file: string): Promise<string | undefined> {
  try {
    return await readRegularFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A file's text; empty if it can't be read, which the code that writes there reports. */
export async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readRegularFile(file, Number.POSITIVE_INFINITY);
  } catch {
    return "";
  }
}

/** Does this file system error say that the file or its folder doesn't exist? */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}
