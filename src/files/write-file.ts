import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isScopeError, ScopeError } from "../errors/scope-error.ts";
import { isFileMissing, namesIn, readTextIfThere } from "./read-file.ts";
import { digestOf } from "./stable-json.ts";

/** What Windows says while an editor or a virus scanner has the old file open. */
const HELD = new Set(["EPERM", "EACCES", "EBUSY"]);
const PATIENCE_MS = 1000;
const STEP_MS = 50;

/** Writes a whole file or nothing: another one replaces it in one step, and keeps its mode. Creates the folder. */
export async function writeFileAtomic(file: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = temporaryBeside(file);
  try {
    await writeFor(file, temporary, text);
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

/** Writes a new file that will replace `file`, with the mode that `file` has. */
export async function writeFor(file: string, temporary: string, text: string | Uint8Array): Promise<void> {
  const replaced = await stat(file).catch((error) => {
    if (!isFileMissing(error)) throw error;
    return undefined;
  });
  const mode = replaced && replaced.mode & 0o777;
  const handle = await open(temporary, "wx", mode);
  try {
    // The process's umask removed bits. If modes are fixed, as on some mounts, there's nothing to set.
    if (mode !== undefined && ((await handle.stat()).mode & 0o777) !== mode) await handle.chmod(mode);
    await handle.writeFile(text, "utf8");
  } finally {
    await handle.close();
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
  if (readTextIfThere(file) === text) return false;
  await writeFileAtomic(file, text);
  return true;
}

/** Process IDs only mean something on one machine, and several can share a folder. */
const MACHINE = digestOf(hostname()).slice(0, 8);

/** Marks a file or folder that exists for as long as this process needs it: a part of its name. */
export const OWNER = `${MACHINE}-${process.pid}`;

/** Has the process that made something under this name ended? Undefined if that isn't known. */
export function hasEnded(name: string): boolean | undefined {
  const [, machine, pid] = /-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]+(?:\.tmp)?$/.exec(name) ?? [];
  if (machine !== MACHINE || pid === undefined) return undefined;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // Another user's process (EPERM) is running.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** How often a process touches what it still needs, and how old that is once its process has ended. */
const TOUCHED_MS = 5_000;
const UNTOUCHED_MS = 6 * TOUCHED_MS;

/** Says that a file or folder is in use, until the returned function is called. */
export function keepFresh(path: string): () => void {
  const touch = () => utimes(path, new Date(), new Date()).catch(() => {});
  const timer = setInterval(touch, TOUCHED_MS).unref();
  return () => clearInterval(timer);
}

/** Used if we can't tell whether the process that made it is running: anything still in use is minutes old at most. */
const ABANDONED_MS = 60 * 60 * 1000;
/** Used if a process with its number is running: in a container, the number may be another process's by now. */
const ABANDONED_IN_USE_MS = 24 * ABANDONED_MS;

/** Removes what is in a folder under one of our names, if its process has ended or it's old. */
export async function removeAbandoned(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!isOurs(name)) continue;
    const path = join(folder, name);
    try {
      const ended = hasEnded(name);
      // Two machines can have one name, so a process that isn't here may be running there.
      const running = ended === undefined ? ABANDONED_MS : ABANDONED_IN_USE_MS;
      if (Date.now() - (await stat(path)).mtimeMs > (ended === true ? UNTOUCHED_MS : running))
        await rm(path, { recursive: true, force: true });
    } catch (error) {
      // Another process was quicker.
      if (!isFileMissing(error)) throw error;
    }
  }
}

const PERMISSIONS =
  "Check the permissions of the file and the folders around it, and that no other program has it open.";
const IN_THE_WAY = "Check that nothing else is where the file or its folder should be.";
/** What to do about a file system error, by its code; otherwise {@link PERMISSIONS}. */
const HINTS: Readonly<Record<string, string>> = {
  EROFS: "The file system is read-only; scope-gen check compares without writing.",
  EEXIST: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
  ENOTDIR: IN_THE_WAY,
  ERR_FS_EISDIR: IN_THE_WAY,
  ENOSPC: "Make room on the disk.",
  EDQUOT: "Make room on the disk.",
};

/** Reads something of the snapshot; a file system error becomes `snapshot_unreadable`, with its absolute path. */
export const explainUnreadable = explaining("snapshot_unreadable", "The snapshot can't be read here");

/** Writes something; a file system error becomes `snapshot_unwritable`, which names the file's absolute path. */
export const explainUnwritable = explaining("snapshot_unwritable", "The file can't be written");

function explaining(code: "snapshot_unreadable" | "snapshot_unwritable", problem: string) {
  return async <T>(file: string, work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const { code: reason, syscall } = error as NodeJS.ErrnoException;
      if (isScopeError(error) || reason === undefined || syscall === undefined) throw error;
      const hint = HINTS[reason] ?? PERMISSIONS;
      throw new ScopeError(`${problem} (${reason}).`, { code, where: { file }, hint, cause: error });
    }
  };
}
