/** The public entry `unplugin-scope/testing`. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { isObject, type JsonObject, type PromptContent } from "../../prompt.ts";
import { type Platform, startPlatform } from "../index.ts";
import { invalidOption } from "../options.ts";
import { editSettings } from "../prompts/promote-version.ts";

export type { PromptContent } from "../../prompt.ts";

/** A prompt in a test: the template of a text prompt, the messages of a chat prompt, or either with its metadata. */
export type ServedPrompt =
  | PromptContent
  | { readonly content: PromptContent; readonly metadata?: JsonObject | undefined };

/** The local platform with a test's prompts. */
export interface ServedPrompts extends Platform {
  /**
   * Adds a version and promotes it: it's production from then on, and the one before a draft. Without its own metadata
   * it gets that of the one before. The prompt can be a new one.
   */
  publish(name: string, prompt: ServedPrompt): Promise<void>;
}

/**
 * Starts the local platform with these prompts, by name: each is version 1, and production. What it serves is gone when
 * you close it.
 *
 * @throws ConfigurationError `platform_options_invalid` for a name that no folder can have, or a value that isn't a
 *   prompt
 * @example
 * await using platform = await servePrompts({ "greeting-template": "Hello {{name}}" });
 * const client = new ScopeClient({ credentials, baseUrl: platform.url, authApiUrl: platform.url });
 */
export async function servePrompts(prompts: Readonly<Record<string, ServedPrompt>>): Promise<ServedPrompts> {
  const dir = await mkdtemp(join(tmpdir(), "scope-prompts-"));
  const platform = await startPlatform({ dir, drafts: true });
  const latest = new Map<string, number>();
  const publish = async (name: string, prompt: ServedPrompt) => {
    const folder = resolve(dir, name);
    if (name === "" || folder !== `${dir}${sep}${name.replaceAll("/", sep)}` || name.includes("\0"))
      throw invalidOption(
        `A prompt in a test can't be called ${JSON.stringify(name)}.`,
        "A name is the path of a folder, such as support_triage.",
      );
    const given: object = isObject(prompt) ? prompt : { content: prompt };
    const { content, metadata } = given as { content?: PromptContent; metadata?: JsonObject };
    if (typeof content !== "string" && !Array.isArray(content))
      throw invalidOption(
        `The prompt ${JSON.stringify(name)} has no content.`,
        "Pass text, a list of messages, or { content, metadata }.",
      );
    const number = (latest.get(name) ?? 0) + 1;
    latest.set(name, number);
    await mkdir(folder, { recursive: true });
    // Before the version itself: what is served at any moment is complete.
    await editSettings(join(folder, "prompt.json"), (settings) => ({
      ...settings,
      versions: { ...settings.versions, [number]: { metadata } },
    }));
    if (typeof content === "string") await writeFile(join(folder, `${number}.md`), content);
    else await writeFile(join(folder, `${number}.json`), JSON.stringify(content));
    await platform.promote(name, number);
  };
  const close = async () => {
    await platform.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    for (const [name, prompt] of Object.entries(prompts)) await publish(name, prompt);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...platform, publish, close, [Symbol.asyncDispose]: close };
}
