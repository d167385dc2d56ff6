import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { Refusal } from "../loopback.ts";
import { invalidOption } from "../options.ts";
import { absentAsUndefined, type PromptSettings } from "./prompt-folders.ts";
import { type PromptsFolder, promptNames, readPrompt, type StoredPrompt } from "./read-prompt.ts";

/**
 * Promotes a version as the platform does: it becomes production and published, and what was published a draft, in one
 * edit of the prompt's `prompt.json`, which is returned.
 *
 * @throws ConfigurationError `platform_options_invalid`
 */
export async function promoteVersion(
  prompts: PromptsFolder,
  name: string,
  version: number,
  by?: string,
): Promise<string> {
  await checkDir(prompts.dir);
  const { settingsFile: file, versions: known } = await findPrompt(prompts, name);
  const numbers = known.map(({ number }) => number);
  if (!numbers.includes(version))
    throw invalidOption(
      `There's no version ${version} of the prompt "${name}".`,
      `Its versions are ${numbers.join(", ")}.`,
    );
  await editSettings(file, (settings) => {
    const versions = { ...settings.versions };
    for (const { number, status } of known)
      if (number !== version && status === "published")
        versions[number] = { ...versions[number], status: "draft" };
    const promotion = { promoted_at: new Date().toISOString(), promoted_by: by ?? null };
    versions[version] = { ...versions[version], status: "published", ...promotion };
    return { ...settings, production: version, versions };
  });
  return file;
}

async function findPrompt(prompts: PromptsFolder, name: string): Promise<StoredPrompt> {
  try {
    const prompt = await readPrompt(prompts, name);
    if (prompt !== undefined) return prompt;
  } catch (error) {
    throw error instanceof Refusal ? invalidOption(error.message) : error;
  }
  const names = await promptNames(prompts);
  throw invalidOption(
    `There's no prompt "${name}".`,
    didYouMean(name, names, `There are ${names.join(", ") || "none"}.`),
  );
}

/** @throws ConfigurationError `platform_options_invalid` */
export async function checkDir(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new ConfigurationError(`There's no folder of prompts at ${resolve(dir)}.`, {
    code: "platform_options_invalid",
    hint: `Create one with a first prompt in it, ${dir}/<prompt name>/1.md, or use another folder.`,
  });
}

/** Edits a `prompt.json` in one step, so that no request sees half of it. A missing one counts as `{}`. */
export async function editSettings(
  file: string,
  edit: (settings: PromptSettings) => PromptSettings,
): Promise<void> {
  const text = (await absentAsUndefined(readFile(file, "utf8"))) ?? "{}";
  const edited = edit(JSON.parse(text.replace(/^\uFEFF/, "")) as PromptSettings);
  const [, indentation = 2] = /^\{\r?\n([ \t]+)/.exec(text) ?? [];
  const staged = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(staged, `${JSON.stringify(edited, null, indentation)}\n`);
    await rename(staged, file);
  } finally {
    await rm(staged, { force: true });
  }
}
