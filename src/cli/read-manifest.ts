import { isManifestOutput, type Manifest } from "../build/manifest/manifest.ts";
import { readJson, unreadable } from "./arguments/variable-flags.ts";

/**
 * Reads `.scope/manifest.json`, or the `scope-manifest.json` beside a bundle.
 *
 * @throws ConfigurationError `cli_file_unreadable` for a file that is none, or of another format
 */
export async function readManifest(file: string): Promise<Manifest> {
  const { formatVersion, outputs } = Object(await readJson(file)) as Partial<Record<keyof Manifest, unknown>>;
  if (formatVersion === 1) {
    throw unreadable(
      file,
      "This manifest was written by an older version of unplugin-scope. Build again to replace it.",
    );
  }
  if (typeof formatVersion === "number" && formatVersion > 2) {
    throw unreadable(file, "This manifest was written by a newer version of unplugin-scope.");
  }
  if (formatVersion !== 2 || !Array.isArray(outputs) || !outputs.every(isManifestOutput)) {
    throw unreadable(file, "This file is no manifest of a build.");
  }
  return { formatVersion, outputs };
}
