/** Windows reads it from the environment of the parent process. */
const VARIABLE = "NoDefaultCurrentDirectoryInExePath";

/**
 * Starts a program that is named without a folder, using only PATH. Windows would first look in the folder that the
 * program is started in, where a project could have a `git.exe`.
 */
export function startFromPath<T>(start: () => T): T {
  const before = process.env[VARIABLE];
  process.env[VARIABLE] = "1";
  try {
    return start();
  } finally {
    if (before === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = before;
  }
}
