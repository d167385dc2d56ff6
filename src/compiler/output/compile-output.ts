import type { Output } from "../../contract/output/output-type.ts";
import { readOutput } from "../../contract/output/read-output.ts";
import { ResourceError } from "../../errors/classes.ts";
import { isObject, type JsonObject } from "../../prompt.ts";
import type { PromptSource } from "../prompt-source.ts";
import type { ValidatorCode } from "./validator-code.ts";

/** The schema of a version for the answers of a model, and what is made of it. */
export interface CompiledOutput {
  /** The key of the metadata that holds it. */
  readonly key: string;
  readonly schema: JsonObject;
  readonly type: Output;
  readonly validator: ValidatorCode;
}

/** What a version has for a schema; undefined where it has none. What is no object is metadata as any other. */
export function schemaOf(
  { metadata }: PromptSource["version"],
  output: { readonly metadataKey: string } | false,
): { readonly key: string; readonly schema: JsonObject } | undefined {
  if (output === false || !Object.hasOwn(metadata, output.metadataKey)) return undefined;
  const schema = metadata[output.metadataKey];
  return isObject(schema) ? { key: output.metadataKey, schema: schema as JsonObject } : undefined;
}

/**
 * Compiles the schema that the metadata of a version holds under a key. What it takes to do so is loaded when the first
 * schema comes.
 *
 * @param output where it is looked for, as in the config
 * @returns undefined where there is none
 * @throws ResourceError `output_schema_invalid` with place and code frame
 */
export async function compileOutput(
  { ref, version }: Pick<PromptSource, "ref" | "version">,
  output: { readonly metadataKey: string } | false,
): Promise<CompiledOutput | undefined> {
  const found = schemaOf(version, output);
  if (found === undefined) return undefined;
  const { key, schema } = found;
  const { SchemaProblem } = await import("./schema-problem.ts");
  try {
    const { readSchema } = await import("./read-schema.ts");
    const read = readSchema(schema);
    const { checkKeywords, validatorCode } = await import("./validator-code.ts");
    checkKeywords(schema);
    if (read.patterns.length > 0) {
      const { checkPatterns } = await import("./check-patterns.ts");
      checkPatterns(read.patterns);
    }
    return { key, schema, type: readOutput(schema), validator: validatorCode(read) };
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error;
    const { schemaPlace } = await import("./schema-place.ts");
    throw new ResourceError(
      `The schema in the metadata under ${JSON.stringify(key)} cannot be used: ${error.message}.`,
      {
        code: "output_schema_invalid",
        where: schemaPlace({ ref, version }, schema, error.path),
        hint: error.hint ?? "Mend it and save a new version. Draft 2020-12 of JSON Schema is supported.",
      },
    );
  }
}
