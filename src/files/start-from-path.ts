/** Windows reads it from the environment of the parent process. */
const VARIABLE = "NoDefaultCurrentDirectoryInExePath";

/** Starts a program from PATH alone. Windows would first look in the current folder, where a project could have one. */
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
