import { join } from "node:path";
import { loadFailed } from "./load-failed.ts";
import { readPlaces } from "./places.ts";
import { isData } from "./search-folders.ts";

/** Where cosmiconfig looks for its own settings, in the working directory, as soon as an explorer is created. */
const PLACES = [
  "package.json",
  "package.yaml",
  ...["json", "yaml", "yml", "js", "ts", "cjs", "mjs"].map((ending) => `.config/config.${ending}`),
];

/**
 * Refuses what cosmiconfig would trip over before it has searched for anything: a device, a pipe, and code, which it
 * runs without awaiting it, whichever tool it belongs to.
 *
 * @throws ConfigurationError `config_load_failed`
 */
export function refuseOwnSettings(folder: string): void {
  const files = readPlaces(PLACES.map((place) => join(folder, place)));
  for (const [file, text] of files) {
    if (text === undefined || isData(file)) continue;
    throw loadFailed(
      file,
      "cosmiconfig, which searches for the config, would run this file for its own settings. Rename it, or write it as JSON or YAML.",
    );
  }
}
