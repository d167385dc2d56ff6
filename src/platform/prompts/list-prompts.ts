import { resolve } from "node:path";
import type { PromptType } from "../../prompt.ts";
import { deriveId, isPromptId } from "../identifiers.ts";
import type { PlatformOptions } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { promptNames, readContent, readPrompt, type StoredPrompt } from "./read-prompt.ts";

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
    let prompt: StoredPrompt | undefined;
    let problem = isPromptId(name)
      ? `"${name}" has the form of an ID, so it isn't found by name.`
      : undefined;
    try {
      prompt = await readPrompt(prompts, name);
      for (const version of prompt?.versions ?? [])
        await readContent(prompts, prompt as StoredPrompt, version);
      const missing = prompt?.described[0];
      if (missing !== undefined)
        problem ??= `${name}/prompt.json describes version ${missing}, and there's no ${missing}.md or ${missing}.json.`;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem = error.message;
    }
    listings.push({
      name,
      id: prompt?.id ?? deriveId("prompt", name),
      type: prompt?.versions.at(-1)?.type ?? "text",
      versions: prompt?.versions.map(({ number }) => number) ?? [],
      production: prompt?.production ?? null,
      problem,
    });
  }
  return listings;
}
