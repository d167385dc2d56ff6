/** What an editor may choose: a project's own schema for the metadata of its prompts. Pure and browser-safe. */

import { shortQuoted } from "../errors/short-quoted.ts";
import { isObject, type JsonObject, type JsonValue } from "../prompt.ts";
import { checkSchema } from "./check-schema.ts";
import { compile } from "./checker/compile.ts";
import { patternsOf } from "./checker/patterns.ts";
import { type AnswerProblem, MAX_SHOWN, pathText, problemsIn } from "./checker/walk.ts";
import { alternativesOf, type Output, type OutputType, UNKNOWN } from "./output-type.ts";
import { readOutput } from "./read-output.ts";

/** What a project's own schema says about the metadata of a version. */
export interface CheckedMetadata {
  readonly schema: JsonObject;
  /** Of the metadata that it accepts. */
  readonly type: Output;
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
  /** The text that is refused, a value or a key, and those that may be there instead. */
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
  const type = readOutput(schema);
  const refused = metadataProblems(schema, metadata).map((one) => refusal(metadata, type, one));
  return {
    schema,
    type,
    without,
    keys: typesAt(type, []).flatMap(fieldNames),
    // Alternatives can refuse a value with the same words.
    refused: [...new Map(refused.map((one) => [one.message, one])).values()],
  };
}

function metadataProblems(schema: JsonObject, metadata: JsonObject): readonly AnswerProblem[] {
  try {
    const { patterns } = checkSchema(schema);
    return problemsIn(compile(schema, patternsOf(Object.fromEntries(patterns))), metadata, false);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ path: [], message: "is nested too deep, or takes too long to check" }];
  }
}

function refusal(metadata: JsonObject, type: Output, { path, message }: AnswerProblem): RefusedMetadata {
  const place = pathText(path).replace("$", "metadata");
  const value = path.reduce<JsonValue | undefined>(
    (at, key) => (Object.hasOwn(Object(at), key) ? Object(at)[key] : undefined),
    metadata,
  );
  const types = typesAt(type, path);
  if (types.length === 0) {
    const accepted = typesAt(type, path.slice(0, -1)).flatMap(fieldNames);
    return { message: `${place} ${message}`, text: String(path.at(-1)), accepted };
  }
  const accepted = types.flatMap((one) =>
    one.kind === "literal" ? [one.value] : one.kind === "null" ? [null] : [],
  );
  const texts = accepted.filter((one) => typeof one === "string");
  const text = typeof value === "string" ? value : undefined;
  if (value === undefined || isObject(value))
    return { message: `${place} ${message}`, text: undefined, accepted: [] };
  const isListed = accepted.length === types.length;
  const list = accepted.slice(0, MAX_SHOWN).map(shortQuoted).join(", ");
  const more = accepted.length > MAX_SHOWN ? ` and ${accepted.length - MAX_SHOWN} more` : "";
  const what = isListed ? `this project accepts ${list}${more}` : `it ${message}`;
  return { message: `${place} is ${shortQuoted(value)}; ${what}`, text, accepted: texts };
}

/** The types that a value may have at a path; none where nothing may be. */
function typesAt({ type, named }: Output, path: AnswerProblem["path"]): readonly OutputType[] {
  const open = (one: OutputType): readonly OutputType[] =>
    alternativesOf(one).flatMap((each) =>
      each.kind === "named" ? open(named.get(each.name) ?? UNKNOWN) : [each],
    );
  const inside = (one: OutputType, key: string | number): OutputType => {
    if (one.kind === "object") return one.fields.find(({ name }) => name === key)?.type ?? one.rest;
    if (one.kind === "tuple") return one.items[key as number] ?? one.rest;
    return one.kind === "array" ? one.items : UNKNOWN;
  };
  // Each once: alternatives that lead back to themselves would double with each level.
  return path.reduce((all, key) => [...new Set(all.flatMap((one) => open(inside(one, key))))], open(type));
}

function fieldNames(type: OutputType): readonly string[] {
  return type.kind === "object" ? type.fields.map(({ name }) => name) : [];
}
