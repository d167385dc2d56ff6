import { resolve } from "node:path";
import type { PromptType } from "../../prompt.ts";
import { deriveId, isPromptId } from "../identifiers.ts";
import type { PlatformOptions } from "../options.ts";
import { Refusal } from "../refusal.ts";
import {
  type PromptsFolder,
  promptNames,
  readContent,
  readPrompt,
  type StoredPrompt,
} from "./read-prompt.ts";

/** One prompt of a folder, for a listing. */
export interface PromptListing {
  readonly name: string;
  readonly id: string;
  /** Type of the latest version. */
  readonly type: PromptType;
  /** Version numbers, ascending. */
  readonly versions: readonly number[];
  /** Number of the production version; null if there is none. */
  readonly production: number | null;
  /** What is wrong with it, in a sentence; undefined if nothing is. */
  readonly problem: string | undefined;
}

/**
 * The prompts that {@link startPlatform} serves from this folder, sorted by name. A prompt that can't be served is
 * listed too, with its problem.
 *
 * @param dir the folder of prompts; relative to the working directory
 * @example for (const prompt of await listPrompts("prompts")) console.log(prompt.name, prompt.versions.length);
 */
export async function listPrompts(
  dir: string,
  { drafts = false }: Pick<PlatformOptions, "drafts"> = {},
): Promise<readonly PromptListing[]> {
  const prompts = { dir: resolve(dir), drafts };
  const listings: PromptListing[] = [];
  for (const name of await promptNames(prompts)) {
    try {
      const prompt = await readPrompt(prompts, name);
      if (prompt === undefined) continue;
      const { id, production, versions } = prompt;
      const { type } = versions.at(-1) ?? versions[0];
      const numbers = versions.map(({ number }) => number);
      listings.push({
        name,
        id,
        type,
        versions: numbers,
        production,
        problem: await problemOf(prompts, prompt),
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const unknown = { id: deriveId("prompt", name), type: "text", versions: [], production: null } as const;
      listings.push({ name, ...unknown, problem: error.message });
    }
  }
  return listings;
}

async function problemOf(prompts: PromptsFolder, prompt: StoredPrompt): Promise<string | undefined> {
  try {
    for (const version of prompt.versions) await readContent(prompts, prompt, version);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
  if (isPromptId(prompt.name)) return `"${prompt.name}" has the form of an ID, so it isn't found by name.`;
  const missing = prompt.described[0];
  if (missing === undefined) return undefined;
  return `${prompt.name}/prompt.json describes version ${missing}, and there's no ${missing}.md or ${missing}.json.`;
}
