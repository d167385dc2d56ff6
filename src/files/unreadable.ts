import { isScopeError, ScopeError } from "../errors/scope-error.ts";

/**
 * Reads something of the snapshot; what the file system says against it becomes an error that names the file.
 *
 * @param path absolute, of a snapshot file or of the folder
 * @throws ScopeError `snapshot_unreadable`
 */
export async function namingUnreadable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (isScopeError(error) || code === undefined || syscall === undefined) throw error;
    throw new ScopeError(`The snapshot cannot be read here (${code}).`, {
      code: "snapshot_unreadable",
      where: { file: path },
      hint: HINTS[code] ?? "Check that this is a file, in a folder, that may be read.",
      cause: error,
    });
  }
}

const PERMISSIONS = "Check the permissions of the file and of the folders around it.";

const HINTS: Readonly<Record<string, string>> = {
  EACCES: PERMISSIONS,
  EPERM: PERMISSIONS,
  EISDIR: "A folder lies where the snapshot has a file: move it away, and run: scope-gen pull",
};
