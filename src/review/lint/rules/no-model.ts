import { oneLine } from "../../../compiler/diagnostic.ts";
import { isObject, type JsonObject } from "../../../prompt.ts";
import type { ReadPrompt } from "../read-prompt.ts";
import type { Rule } from "../rule.ts";
import { counted } from "../words.ts";

/** How many other prompts must name a model before its absence means something. */
const MIN_OTHERS = 3;

const MODEL_KEY = /^(?:llm_?|ai_?)?model(?:_?(?:name|id))?$/i;

/** A prompt that others include never goes to a model alone. */
export const noModel: Rule = {
  id: "prompt-no-model",
  find(prompts) {
    const partials = new Set(prompts.flatMap(({ prompt }) => [...prompt.partials.keys()].map(idOf)));
    const whole = prompts.filter(({ prompt }) => !partials.has(idOf(prompt.source)));
    const without = whole.filter((one) => modelKey(one) === undefined);
    const keys = new Map(whole.map((one) => [idOf(one.prompt.source), modelKey(one)]));
    const named = [...keys.values()].filter((key) => key !== undefined);
    if (named.length < MIN_OTHERS || named.length * 2 <= keys.size - 1) return [];
    return without.map((prompt) => ({
      prompt,
      message: `The metadata names no model; that of ${counted(named.length, "other prompt")} does.`,
      hint: `Save a new version with it. The others have it under ${oneLine(mostFrequent(named))}.`,
    }));
  },
};

function idOf({ version }: ReadPrompt["prompt"]["source"]): string {
  return version.promptId;
}

/** Where the metadata names a model, at the top or one level down. */
function modelKey({ prompt }: ReadPrompt): string | undefined {
  const { metadata } = prompt.source.version;
  const inside = Object.entries(metadata).flatMap(([key, value]) =>
    isObject(value) ? keysOf(value as JsonObject).map((inner) => `${key}.${inner}`) : [],
  );
  return [...keysOf(metadata), ...inside][0];
}

function keysOf(object: JsonObject): readonly string[] {
  return Object.keys(object).filter((key) => {
    const value = object[key];
    return MODEL_KEY.test(key) && (isObject(value) || (typeof value === "string" && value !== ""));
  });
}

function mostFrequent(keys: readonly string[]): string {
  const count = (key: string) => keys.filter((one) => one === key).length;
  return [...new Set(keys)].sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1))[0] as string;
}
