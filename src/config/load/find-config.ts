import { statSync } from "node:fs";
import { join } from "node:path";
import { readConfigText } from "./read-config-text.ts";
import { CONFIG_FILES, searchedFolders } from "./search-folders.ts";

/** A config, and what it says, not yet evaluated. */
export interface FoundConfig {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/**
 * Finds the config: `scope.config.{ts,mts,js,mjs,json}` or `scope` in package.json, in `cwd` and upwards to the folder with
 * a lock file or `.git`. Where there is no such folder, to the nearest package.json: files beyond the project are not
 * evaluated.
 *
 * @throws ConfigurationError `config_load_failed` for one that is not read
 */
export function findConfig(cwd: string): FoundConfig | undefined {
  for (const folder of searchedFolders(cwd)) {
    for (const name of [...CONFIG_FILES, "package.json"]) {
      const file = join(folder, name);
      if (!isFile(file)) continue;
      const text = readConfigText(file);
      if (name !== "package.json" || mayHaveScope(text)) return { file, text };
    }
  }
  return undefined;
}

/** Does a package.json say something about prompts? What is not JSON is found, and refused where it is evaluated. */
function mayHaveScope(text: string): boolean {
  try {
    return (JSON.parse(text)?.scope ?? null) !== null;
  } catch {
    return true;
  }
}

export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A folder above that may not be read cannot be part of the project.
    if (code === "ENOTDIR" || code === "EACCES") return false;
    throw error;
  }
}
