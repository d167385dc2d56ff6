import { findNodeAtLocation, type ParseError, parseTree } from "jsonc-parser";
import { ResourceError } from "../errors/classes.ts";
import { type Diagnostic, excerptOf, type Span, type VersionSource, whereOf } from "../errors/diagnostic.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import type { Where } from "../errors/scope-error.ts";
import {
  type Answer,
  isObject,
  isTooDeep,
  type JsonObject,
  type JsonValue,
  type PromptVersionData,
} from "../prompt.ts";
import { checkSchema, MAX_LEVELS } from "./check-schema.ts";
import { KEYWORDS } from "./keywords.ts";
import type { Output } from "./output-type.ts";
import { type Pattern, SchemaProblem } from "./parse-pattern.ts";
import { readOutput } from "./read-output.ts";

/** A prompt's schema for a model's answers, and what is made from it. */
export interface CompiledOutput extends FoundSchema {
  readonly type: Output;
  /** What the output helper runs for a pattern, by its text. */
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** Keywords that decide nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

interface FoundSchema {
  /** Of the metadata that holds it; undefined: a file of the project does, and it's no part of the contract. */
  readonly key: string | undefined;
  readonly schema: JsonObject;
  /** Path and text of that file. */
  readonly file?: readonly [path: string, text: string] | undefined;
}

/** The config's own schema, with the text of its file if that is JSON. */
export interface ReadAnswer extends Answer {
  readonly text: string | undefined;
}

/** How many unknown keywords are reported. */
const MAX_REPORTED = 10;

/** What a version has as a schema; undefined if it has none. Anything but an object is ordinary metadata. */
function schemaOf(
  { metadata }: Pick<PromptVersionData, "metadata">,
  output: { readonly metadataKey: string } | false,
): FoundSchema | undefined {
  if (output === false || !Object.hasOwn(metadata, output.metadataKey)) return undefined;
  const schema = metadata[output.metadataKey];
  return isObject(schema) ? { key: output.metadataKey, schema } : undefined;
}

/**
 * Compiles the JSON Schema that a version's metadata holds under a key, or that a file of the project holds.
 *
 * @param output where to look for it in the metadata, as in the config
 * @param answer the config's own, instead
 * @returns undefined if there is none, or if it's an export of code
 * @throws ResourceError `output_schema_invalid` with place and code frame; also if metadata and config both have one
 */
export function compileOutput(
  source: VersionSource,
  output: { readonly metadataKey: string } | false,
  answer?: ReadAnswer,
): CompiledOutput | undefined {
  const inMetadata = schemaOf(source.version, output);
  if (answer !== undefined && inMetadata !== undefined) throw twoSchemas(source, inMetadata, answer);
  const found = answer?.text === undefined ? inMetadata : schemaIn(source, answer.file, answer.text);
  if (found === undefined) return undefined;
  try {
    const { patterns, unknown } = checkSchema(found.schema);
    const diagnostics = unknown.slice(0, MAX_REPORTED).map((path) => unknownKeyword(source, found, path));
    return { ...found, type: readOutput(found.schema), patterns, diagnostics };
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error;
    const fix = found.file === undefined ? "Fix it and save a new version." : "Fix it.";
    throw invalid(
      `${schemaName(found)} can't be used: ${error.message}.`,
      schemaPlace(source, found, error.path),
      error.hint ?? `${fix} Draft 2020-12 of JSON Schema is supported.`,
    );
  }
}

function invalid(message: string, where: Where, hint?: string): ResourceError {
  return new ResourceError(message, { code: "output_schema_invalid", where, hint });
}

function twoSchemas(source: VersionSource, found: FoundSchema, { written }: Answer): ResourceError {
  return invalid(
    `This prompt has two schemas for answers: ${JSON.stringify(found.key)} in its metadata, and answer: ${JSON.stringify(written)} in the config.`,
    whereOf(source),
    "Leave out answer, or save a version without the other. With output: false in the config, no metadata is used as a schema.",
  );
}

/** @throws ResourceError `output_schema_invalid` for anything but a JSON object */
function schemaIn(source: VersionSource, file: string, text: string): FoundSchema {
  const refused = (what: string, span?: Span) => {
    // Without a frame: a file that isn't JSON can hold anything.
    const { frame: _, ...where } = whereOf(source, span);
    return invalid(`The schema can't be used: ${what}.`, { ...where, file });
  };
  if (isTooDeep(text)) throw refused("it's nested too deep");
  let schema: JsonValue;
  try {
    schema = JSON.parse(text);
  } catch {
    const errors: ParseError[] = [];
    parseTree(text, errors, { disallowComments: true });
    const { offset: index = 0, length = 0 } = errors[0] ?? {};
    throw refused("it isn't JSON", { text, index, length });
  }
  if (!isObject(schema)) throw refused("it isn't a JSON object");
  return { key: undefined, schema, file: [file, text] };
}

function schemaName({ key }: FoundSchema): string {
  return key === undefined ? "The schema" : `The schema in the metadata under ${JSON.stringify(key)}`;
}

function unknownKeyword(source: VersionSource, found: FoundSchema, path: readonly string[]): Diagnostic {
  const name = path.at(-1) as string;
  return {
    code: "output_keyword_unknown",
    message: `${schemaName(found)} has ${excerptOf(JSON.stringify(name))}, which isn't a keyword of JSON Schema and has no effect.`,
    where: schemaPlace(source, found, path),
    hint: didYouMean(name, KEYWORDS, "A name that begins with x- is read as a note."),
  };
}

/** Where in a schema something is: line, column and frame of its file, or of the schema in the metadata as JSON. */
function schemaPlace(source: VersionSource, { schema, file }: FoundSchema, path: readonly string[]): Where {
  const inFile = file && { file: file[0] };
  // Its indentation alone could take a hundred megabytes.
  if (path.length >= MAX_LEVELS) return { ...whereOf(source), ...inFile };
  const text = file?.[1] ?? JSON.stringify(schema, null, 2);
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
  return { ...whereOf(source, { text, index: offset, length }), ...inFile };
}
