import { isScopeError, ScopeError } from "../errors/scope-error.ts";

const PERMISSIONS =
  "Check the permissions of the file and the folders around it, and that no other program has it open.";
const IN_THE_WAY = "Check that nothing else is where the file or its folder should be.";
const FULL = "Make room on the disk.";

/** What to do about a file system error, by its code. */
const HINTS: Readonly<Record<string, string>> = {
  EACCES: PERMISSIONS,
  EPERM: PERMISSIONS,
  EBUSY: PERMISSIONS,
  EROFS: "The file system is read-only; scope-gen check compares without writing.",
  EEXIST: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
  ENOTDIR: IN_THE_WAY,
  ERR_FS_EISDIR: IN_THE_WAY,
  ENOSPC: FULL,
  EDQUOT: FULL,
};

/**
 * Reads something of the snapshot, a file or the folder; a file system error becomes one that names its absolute path.
 *
 * @throws ScopeError `snapshot_unreadable`
 */
export const namingUnreadable = naming("snapshot_unreadable", "The snapshot can't be read here");

/**
 * Writes something; a file system error becomes one that names the file's absolute path.
 *
 * @throws ScopeError `snapshot_unwritable`
 */
export const namingFile = naming("snapshot_unwritable", "The file can't be written");

function naming(code: "snapshot_unreadable" | "snapshot_unwritable", problem: string) {
  return async <T>(file: string, work: () => Promise<T>): Promise<T> => {
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
