import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";

/** The JSON of a `prompt.json`, with everything that an edit must keep. */
export interface SettingsJson {
  production?: number | null;
  versions?: Record<string, Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** Edits a `prompt.json` in one step, so that no request sees half of it. A missing one counts as `{}`. */
export async function editSettings(
  file: string,
  edit: (settings: SettingsJson) => SettingsJson,
): Promise<void> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as { code?: unknown }).code === "ENOENT") return "{}";
    throw error;
  });
  const edited = edit(JSON.parse(text.replace(/^\uFEFF/, "")) as SettingsJson);
  const staged = `${file}.${randomUUID()}.tmp`;
  await writeFile(staged, `${JSON.stringify(edited, null, 2)}\n`);
  await rename(staged, file);
}
