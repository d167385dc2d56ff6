import { randomUUID } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { Refusal } from "../loopback.ts";
import { type PromptsFolder, promptNames, readPrompt, type StoredPrompt } from "./read-prompt.ts";

export interface Promotion {
  /** The prompt's name. */
  readonly name: string;
  /** The version's number. An archived one needs no unarchiving first. */
  readonly version: number;
  /** Who promotes, for `promoted_by`. Default: nobody is named. */
  readonly by?: string | undefined;
  /** Whether what was published is archived. Default: it's a draft again. */
  readonly archivePrevious?: boolean | undefined;
}

/**
 * Promotes a version as the platform does: it becomes production and published, and what was published a draft. All of
 * this goes into the prompt's `prompt.json`, in one step.
 *
 * @returns the file
 * @throws ConfigurationError `platform_options_invalid` if there's no such version, or its prompt can't be used,
 *   `platform_dir_missing`
 */
export async function promoteVersion(
  prompts: PromptsFolder,
  { name, version: number, by, archivePrevious = false }: Promotion,
): Promise<string> {
  await checkDir(prompts.dir);
  const { settingsFile: file, versions: known } = await findPrompt(prompts, name);
  const numbers = known.map((version) => version.number);
  if (!numbers.includes(number))
    throw invalid(
      `There's no version ${number} of the prompt "${name}".`,
      `Its versions are ${numbers.join(", ")}.`,
    );
  const demoted = numbers.filter((one, index) => one !== number && known[index]?.status === "published");
  await editSettings(file, (settings) => {
    const versions = { ...settings.versions };
    const status = archivePrevious ? "archived" : "draft";
    for (const one of demoted) versions[one] = { ...versions[one], status };
    const promotion = { promoted_at: new Date().toISOString(), promoted_by: by ?? null };
    versions[number] = { ...versions[number], status: "published", ...promotion };
    return { ...settings, production: number, versions };
  });
  return file;
}

async function findPrompt(prompts: PromptsFolder, name: string): Promise<StoredPrompt> {
  try {
    const prompt = await readPrompt(prompts, name);
    if (prompt !== undefined) return prompt;
  } catch (error) {
    throw error instanceof Refusal ? invalid(error.message) : error;
  }
  const names = await promptNames(prompts);
  throw invalid(
    `There's no prompt "${name}".`,
    didYouMean(name, names, `There are ${names.join(", ") || "none"}.`),
  );
}

function invalid(problem: string, hint?: string): ConfigurationError {
  return new ConfigurationError(problem, { code: "platform_options_invalid", hint });
}

/** @throws ConfigurationError `platform_dir_missing` */
export async function checkDir(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new ConfigurationError(`There's no folder of prompts at ${resolve(dir)}.`, {
    code: "platform_dir_missing",
    hint: `Create one with a first prompt in it, ${dir}/<prompt name>/1.md, or use another folder.`,
  });
}

/** The JSON of a `prompt.json`, with everything that an edit must keep. */
interface SettingsJson {
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
  const [, indentation = 2] = /^\{\r?\n([ \t]+)/.exec(text) ?? [];
  const staged = `${file}.${randomUUID()}.tmp`;
  await writeFile(staged, `${JSON.stringify(edited, null, indentation)}\n`);
  await rename(staged, file);
}
