/** What an editor may choose: a project's own rule for the metadata of its prompts. Pure and browser-safe. */

import { quoted } from "../errors/printable.ts";
import { shortQuoted } from "../errors/short-quoted.ts";
import type { JsonObject, JsonValue, MetadataChoice, MetadataRule } from "../prompt.ts";

/** What a rule says about the metadata of a version. */
export interface CheckedMetadata {
  /** The keys that it names: they can come, go and change as far as it allows. */
  readonly keys: readonly string[];
  readonly refused: readonly RefusedMetadata[];
}

/** One key that a rule refuses. */
interface RefusedMetadata {
  /** As a sentence without its end. Safe to print. */
  readonly message: string;
  /** The text that is refused, and those that may be there instead. */
  readonly text: string | undefined;
  readonly accepted: readonly string[];
}

/** The keys of a rule, in its order; `?` after a key says that it may be absent. */
export function ruleKeys(
  rule: MetadataRule,
): readonly { readonly key: string; readonly isOptional: boolean; readonly choice: MetadataChoice }[] {
  return Object.entries(rule).map(([written, choice]) => {
    const isOptional = written.endsWith("?");
    return { key: isOptional ? written.slice(0, -1) : written, isOptional, choice };
  });
}

/**
 * What a project's rule says about a version's metadata.
 *
 * @example checkMetadata({ model: ["a", "b"] }, { model: "c" }).refused
 * // [{ message: 'metadata.model is "c"; this project accepts "a", "b"', … }]
 */
export function checkMetadata(rule: MetadataRule, metadata: JsonObject): CheckedMetadata {
  const keys = ruleKeys(rule);
  const refused = keys.flatMap(({ key, isOptional, choice }): RefusedMetadata[] => {
    const place = /^[\w-]+$/.test(key) ? `metadata.${key}` : `metadata[${quoted(key)}]`;
    const value = Object.hasOwn(metadata, key) ? (metadata[key] as JsonValue) : undefined;
    if (value === undefined)
      return isOptional ? [] : [{ message: `${place} is missing`, text: undefined, accepted: [] }];
    const isAccepted =
      typeof choice === "string" ? typeof value === choice : choice.some((one) => one === value);
    if (isAccepted) return [];
    const what =
      typeof choice === "string" ? `it must be a ${choice}` : `this project accepts ${listOf(choice)}`;
    return [
      {
        message: `${place} is ${shortQuoted(value)}; ${what}`,
        text: typeof value === "string" ? value : undefined,
        accepted: typeof choice === "string" ? [] : choice.filter((one) => typeof one === "string"),
      },
    ];
  });
  return { keys: keys.map(({ key }) => key), refused };
}

/** How many allowed values one message lists. */
const MAX_LISTED = 10;

function listOf(values: Exclude<MetadataChoice, string>): string {
  const rest = values.length - MAX_LISTED;
  return `${values.slice(0, MAX_LISTED).map(shortQuoted).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
