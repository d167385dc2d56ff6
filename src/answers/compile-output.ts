import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { ResourceError } from "../errors/classes.ts";
import { type Diagnostic, oneLine, type VersionSource, whereOf } from "../errors/diagnostic.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import type { Where } from "../errors/scope-error.ts";
import { isObject, type JsonObject, type PromptVersionData } from "../prompt.ts";
import { checkSchema, MAX_LEVELS } from "./check-schema.ts";
import { KEYWORDS } from "./keywords.ts";
import type { Output } from "./output-type.ts";
import { type Pattern, SchemaProblem } from "./parse-pattern.ts";
import { readOutput } from "./read-output.ts";

/** A version's schema for a model's answers, and what is made from it. */
export interface CompiledOutput extends FoundSchema {
  readonly type: Output;
  /** What the output helper runs for a pattern, by its text. */
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** Keywords that decide nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

interface FoundSchema {
  readonly key: string;
  readonly schema: JsonObject;
}

/** How many unknown keywords are reported. */
const MAX_REPORTED = 10;

/** What a version has as a schema; undefined if it has none. Anything but an object is ordinary metadata. */
export function schemaOf(
  { metadata }: Pick<PromptVersionData, "metadata">,
  output: { readonly metadataKey: string } | false,
): FoundSchema | undefined {
  if (output === false || !Object.hasOwn(metadata, output.metadataKey)) return undefined;
  const schema = metadata[output.metadataKey];
  return isObject(schema) ? { key: output.metadataKey, schema } : undefined;
}

/**
 * Compiles the schema that a version's metadata holds under a key.
 *
 * @param output where to look for it, as in the config
 * @returns undefined if there is none
 * @throws ResourceError `output_schema_invalid` with place and code frame
 */
export function compileOutput(
  source: VersionSource,
  output: { readonly metadataKey: string } | false,
): CompiledOutput | undefined {
  const found = schemaOf(source.version, output);
  if (found === undefined) return undefined;
  const { key, schema } = found;
  try {
    const { patterns, unknown } = checkSchema(schema);
    const diagnostics = unknown.slice(0, MAX_REPORTED).map((path) => unknownKeyword(source, found, path));
    return { key, schema, type: readOutput(schema), patterns, diagnostics };
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error;
    throw new ResourceError(
      `The schema in the metadata under ${JSON.stringify(key)} can't be used: ${error.message}.`,
      {
        code: "output_schema_invalid",
        where: schemaPlace(source, schema, error.path),
        hint: error.hint ?? "Fix it and save a new version. Draft 2020-12 of JSON Schema is supported.",
      },
    );
  }
}

function unknownKeyword(
  source: VersionSource,
  { key, schema }: FoundSchema,
  path: readonly string[],
): Diagnostic {
  const name = path.at(-1) as string;
  return {
    code: "output_keyword_unknown",
    message: `The schema in the metadata under ${JSON.stringify(key)} has ${oneLine(JSON.stringify(name))}, which isn't a keyword of JSON Schema and has no effect.`,
    where: schemaPlace(source, schema, path),
    hint: didYouMean(name, KEYWORDS, "A name that begins with x- is read as a note."),
  };
}

/** Where in a schema something is: line, column and frame of the schema as JSON. */
function schemaPlace(source: VersionSource, schema: JsonObject, path: readonly string[]): Where {
  // Its indentation alone could take a hundred megabytes.
  if (path.length >= MAX_LEVELS) return whereOf(source);
  const text = JSON.stringify(schema, null, 2);
  const root = parseTree(text);
  if (root === undefined) return whereOf(source);
  let found = root;
  for (const key of path) {
    const next = findNodeAtLocation(found, [found.type === "array" ? Number(key) : key]);
    if (next === undefined) break;
    found = next;
  }
  // The name leads to the value, and comes before it.
  const { offset, length } =
    found.parent?.type === "property" ? (found.parent.children?.[0] ?? found) : found;
  return whereOf(source, { text, index: offset, length });
}
