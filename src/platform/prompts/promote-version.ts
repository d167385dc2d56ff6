import { ConfigurationError } from "../../errors/classes.ts";
import { editSettings } from "./edit-settings.ts";
import type { PromptStore } from "./prompt-store.ts";

/**
 * Promotes a version as the platform does: it becomes production and published, and what was published is archived.
 * All of it goes into the prompt's `prompt.json`.
 *
 * @param by who promotes, as `promoted_by` shows it. Default: nobody is named
 * @throws ConfigurationError `platform_options_invalid` when there is no such version
 */
export async function promoteVersion(
  store: PromptStore,
  name: string,
  number: number,
  by: string | undefined,
): Promise<void> {
  const prompt = await store.byName(name);
  const promoted = prompt?.versions.find((version) => version.number === number);
  if (prompt === undefined || promoted === undefined) {
    const known = prompt?.versions.map((version) => version.number).join(", ");
    throw new ConfigurationError(`There is no version ${number} of the prompt "${name}" to promote.`, {
      code: "platform_options_invalid",
      hint: known === undefined ? "There is no prompt of that name." : `Its versions are ${known}.`,
    });
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
