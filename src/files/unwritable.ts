import { isScopeError, ScopeError } from "../errors/scope-error.ts";

/**
 * Does some writing; what the file system says against it becomes an error that names the file.
 *
 * @param file absolute
 * @throws ScopeError `snapshot_unwritable`
 */
export async function namingFile<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (isScopeError(error) || code === undefined || syscall === undefined) throw error;
    throw new ScopeError(`The file cannot be written (${code}).`, {
      code: "snapshot_unwritable",
      where: { file },
      hint: HINTS[code] ?? "Check that the file and its folder can be written to.",
      cause: error,
    });
  }
}

const HELD = "Check the permissions of the file and its folder, and that no other program holds it open.";
const IN_THE_WAY = "Check that nothing else lies where the file or its folder should be.";
const FULL = "Make room on the disk.";

const HINTS: Readonly<Record<string, string>> = {
  EACCES: HELD,
  EPERM: HELD,
  EBUSY: HELD,
  EROFS: "The file system is read-only; scope-gen check compares without writing.",
  EEXIST: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
  ENOTDIR: IN_THE_WAY,
  ERR_FS_EISDIR: IN_THE_WAY,
  ENOSPC: FULL,
  EDQUOT: FULL,
};
