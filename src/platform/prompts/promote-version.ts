import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { ConfigurationError } from "../../errors/classes.ts";
import { Refusal } from "../refusal.ts";
import type { PromptStore, StoredPrompt } from "./prompt-store.ts";

/**
 * Promotes a version as the platform does: it becomes production and published, and what was published is archived. All
 * of this goes into the prompt's `prompt.json`.
 *
 * @param by who promotes, shown as `promoted_by`. Default: nobody is named
 * @throws ConfigurationError `platform_options_invalid` if there's no such version, or its prompt can't be used
 */
export async function promoteVersion(
  store: PromptStore,
  name: string,
  number: number,
  by: string | undefined,
): Promise<void> {
  const prompt = await findPrompt(store, name);
  const promoted = prompt.versions.find((version) => version.number === number);
  if (promoted === undefined) {
    const known = prompt.versions.map((version) => version.number).join(", ");
    throw invalid(`There's no version ${number} of the prompt "${name}".`, `Its versions are ${known}.`);
  }
  const before = prompt.versions.filter((one) => one !== promoted && one.status === "published");
  await editSettings(prompt.settingsFile, (settings) => {
    const versions = { ...settings.versions };
    for (const one of before) versions[one.number] = { ...versions[one.number], status: "archived" };
    versions[number] = {
      ...versions[number],
      status: "published",
      promoted_at: new Date().toISOString(),
      promoted_by: by ?? null,
    };
    return { ...settings, production: number, versions };
  });
}

async function findPrompt(store: PromptStore, name: string): Promise<StoredPrompt> {
  try {
    const prompt = await store.byName(name);
    if (prompt !== undefined) return prompt;
  } catch (error) {
    throw error instanceof Refusal ? invalid(error.message) : error;
  }
  throw invalid(`There's no prompt "${name}".`);
}

function invalid(problem: string, hint?: string): ConfigurationError {
  return new ConfigurationError(problem, { code: "platform_options_invalid", hint });
}

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
