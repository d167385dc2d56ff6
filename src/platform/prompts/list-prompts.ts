import { resolve } from "node:path";
import type { PromptType } from "../../prompt.ts";
import { derivePromptId, isPromptId } from "../identifiers.ts";
import { Refusal } from "../refusal.ts";
import { PromptStore, type StoredPrompt } from "./prompt-store.ts";

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
export async function listPrompts(dir: string): Promise<readonly PromptListing[]> {
  const store = new PromptStore(resolve(dir));
  const listings: PromptListing[] = [];
  for (const { name } of await store.folders()) {
    try {
      const prompt = await store.byName(name);
      if (prompt !== undefined) listings.push(await toListing(store, prompt));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const unknown = { id: derivePromptId(name), type: "text", versions: [], production: null } as const;
      listings.push({ name, ...unknown, problem: error.message });
    }
  }
  return listings;
}

async function toListing(store: PromptStore, prompt: StoredPrompt): Promise<PromptListing> {
  const latest = prompt.versions.at(-1) ?? prompt.versions[0];
  return {
    name: prompt.name,
    id: prompt.id,
    type: latest.type,
    versions: prompt.versions.map((version) => version.number),
    production: prompt.production,
    problem: await problemOf(store, prompt),
  };
}

async function problemOf(store: PromptStore, prompt: StoredPrompt): Promise<string | undefined> {
  try {
    for (const version of prompt.versions) await store.content(version);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
  if (isPromptId(prompt.name)) return `"${prompt.name}" has the form of an ID, so it isn't found by name.`;
  const missing = prompt.described[0];
  if (missing === undefined) return undefined;
  return `${prompt.name}/prompt.json describes version ${missing}, and there's no ${missing}.md or ${missing}.json.`;
}
