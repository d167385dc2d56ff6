/** What an editor may choose: a project's own schema for the metadata of its prompts. Pure and browser-safe. */

import { shortQuoted } from "../errors/printable.ts";
import { isObject, type JsonObject, type JsonValue } from "../prompt.ts";
import { checkSchema } from "./check-schema.ts";
import { compile } from "./checker/compile.ts";
import { patternsOf } from "./checker/patterns.ts";
import { type AnswerProblem, problemsIn } from "./checker/walk.ts";
import { pathText } from "./checker/words.ts";

/** What a project's own schema says about the metadata of a version. */
export interface CheckedMetadata {
  readonly schema: JsonObject;
  /** The top-level keys that the schema names. */
  readonly keys: readonly string[];
  readonly refused: readonly RefusedMetadata[];
  /** The key of the schema for answers, which was left out; null for none. */
  readonly without: string | null;
}

/** One value that a schema refuses. */
interface RefusedMetadata {
  /** As a sentence without its end. Safe to print. */
  readonly message: string;
  /** The value, if it's a text, and the texts that it may be. */
  readonly text: string | undefined;
  readonly accepted: readonly string[];
}

/**
 * What a schema says about a version's metadata.
 *
 * @param schema that {@link checkSchema} accepts
 * @param without the key of the schema for answers, which is left out first
 * @example checkMetadata({ properties: { model: { enum: ["a", "b"] } } }, { model: "c" }).refused
 * // [{ message: 'metadata.model is "c"; this project accepts "a", "b"', … }]
 */
export function checkMetadata(
  schema: JsonObject,
  whole: JsonObject,
  without: string | null = null,
): CheckedMetadata {
  const metadata = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== without));
  const keys = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  return {
    schema,
    keys,
    without,
    refused: problemsOf(schema, metadata).map((one) => refusal(metadata, one)),
  };
}

function problemsOf(schema: JsonObject, metadata: JsonObject): readonly AnswerProblem[] {
  try {
    const { patterns } = checkSchema(schema);
    return problemsIn(compile(schema, patternsOf(Object.fromEntries(patterns))), metadata, false);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ path: [], message: "is nested too deep, or takes too long to check" }];
  }
}

function refusal(metadata: JsonObject, { path, message }: AnswerProblem): RefusedMetadata {
  const place = pathText(path).replace("$", "metadata");
  const value = path.reduce<JsonValue | undefined>((at, key) => Object(at)[key], metadata);
  const text = typeof value === "string" ? value : undefined;
  const [, list] = /^must be (?:one of )?(["\d[{].*)$/.exec(message) ?? [];
  if (list !== undefined && value !== undefined) {
    const what = `${place} is ${shortQuoted(value)}; this project accepts ${list}`;
    return { message: what, text, accepted: textsIn(list) };
  }
  const isSimple = message.startsWith("must") && value !== undefined && !isObject(value);
  const what = isSimple ? `is ${shortQuoted(value)}; it ${message}` : message;
  return { message: `${place} ${what}`, text, accepted: [] };
}

function textsIn(list: string): readonly string[] {
  try {
    return (JSON.parse(`[${list}]`) as readonly JsonValue[]).filter((one) => typeof one === "string");
  } catch {
    // A long list is cut.
    return [];
  }
}
