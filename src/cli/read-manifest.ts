import type { Manifest, ManifestPrompt } from "../build/manifest.ts";
import { readText, unreadable } from "./variable-flags.ts";

/**
 * Reads a build's `manifest.json`.
 *
 * @throws ConfigurationError `cli_file_unreadable` for a file that is none
 */
export async function readManifest(file: string): Promise<Manifest> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, "This file is not JSON.", error);
  }
  const { formatVersion, prompts } = Object(value) as Partial<Record<keyof Manifest, unknown>>;
  if (typeof formatVersion === "number" && formatVersion > 1) {
    throw unreadable(file, "This manifest was written by a newer version of unplugin-scope.");
  }
  if (formatVersion !== 1 || !Array.isArray(prompts) || !prompts.every(isPrompt)) {
    throw unreadable(file, "This file is no manifest of a build.");
  }
  return { formatVersion, prompts };
}

function isPrompt(value: unknown): value is ManifestPrompt {
  const prompt = Object(value) as Partial<Record<keyof ManifestPrompt, unknown>>;
  return (
    ["name", "versionId", "contentHash", "source", "environment"].every(
      (key) => typeof prompt[key as keyof ManifestPrompt] === "string",
    ) &&
    typeof prompt.versionNumber === "number" &&
    (prompt.label === undefined || typeof prompt.label === "string")
  );
}
