/**
 * Refuses a Node that is too old, for entries to call before anything in them needs a newer one. What only newer ones export
 * has to be imported with the whole module: a name that is missing fails before any code runs.
 */
export function requireNode(version: string = globalThis.process?.versions?.node ?? "24.0"): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  throw new Error(
    `unplugin-scope needs Node 20.19 or newer, or 22.12 or newer, and this is Node ${version}.`,
  );
}
