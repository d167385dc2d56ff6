/** Windows reads it in the environment of the process that starts another. */
const VARIABLE = "NoDefaultCurrentDirectoryInExePath";

/**
 * Starts a program that is named without a folder, by PATH alone. Windows would look in the folder that the program is started
 * in first, where a project may have brought a `git.exe`.
 *
 * @param start starts the program before it returns
 * @example startFromPath(() => execFile("git", ["status"], { cwd: root }));
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
