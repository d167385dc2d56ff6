import { isScopeError, ScopeError } from "../errors/scope-error.ts";

const PERMISSIONS = "Check the permissions of the file and of the folders around it.";
const HELD = "Check the permissions of the file and its folder, and that no other program holds it open.";
const IN_THE_WAY = "Check that nothing else lies where the file or its folder should be.";
const FULL = "Make room on the disk.";

/**
 * Reads something of the snapshot, a file or the folder; a file system error becomes one that names its absolute path.
 *
 * @throws ScopeError `snapshot_unreadable`
 */
export const namingUnreadable = naming({
  code: "snapshot_unreadable",
  problem: "The snapshot cannot be read here",
  hint: "Check that this is a file, in a folder, that may be read.",
  hints: {
    EACCES: PERMISSIONS,
    EPERM: PERMISSIONS,
    EISDIR: "A folder lies where the snapshot has a file: move it away, and run: scope-gen pull",
  },
});

/**
 * Writes something; a file system error becomes one that names the file's absolute path.
 *
 * @throws ScopeError `snapshot_unwritable`
 */
export const namingFile = naming({
  code: "snapshot_unwritable",
  problem: "The file cannot be written",
  hint: "Check that the file and its folder can be written to.",
  hints: {
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
  },
});

interface Refused {
  readonly code: "snapshot_unreadable" | "snapshot_unwritable";
  readonly problem: string;
  readonly hint: string;
  /** By the file system's own code. */
  readonly hints: Readonly<Record<string, string>>;
}

function naming({ code, problem, hint, hints }: Refused) {
  return async <T>(file: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const { code: reason, syscall } = error as NodeJS.ErrnoException;
      if (isScopeError(error) || reason === undefined || syscall === undefined) throw error;
      const options = { code, where: { file }, hint: hints[reason] ?? hint, cause: error };
      throw new ScopeError(`${problem} (${reason}).`, options);
    }
  };
}
