/**
 * The first stops Windows, which reads it from the environment of the parent process, from looking in the current folder.
 * Git sets the others for its hooks: they name another repository or index than the one of a folder.
 */
const VARIABLES: Readonly<Record<string, string | undefined>> = {
  NoDefaultCurrentDirectoryInExePath: "1",
  GIT_DIR: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_PREFIX: undefined,
};

/** Starts git from PATH alone, where a project's own folder can't have one, and for the folder that it runs in. */
export function startFromPath<T>(start: () => T): T {
  const before = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, process.env[name]]));
  setVariables(VARIABLES);
  try {
    return start();
  } finally {
    setVariables(before);
  }
}

function setVariables(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
