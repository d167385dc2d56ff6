import type { Output } from "../../contract/output/output-type.ts";
import { isObject, type JsonObject } from "../../prompt.ts";
import type { PromptSource } from "../prompt-source.ts";
import type { ValidatorCode } from "./validator-code.ts";

/** The schema of a version for the answers of a model, and what is made of it. */
export interface CompiledOutput extends FoundSchema {
  readonly type: Output;
  readonly validator: ValidatorCode;
}

/** What metadata holds for a schema. */
export interface FoundSchema {
  /** The key of the metadata that holds it. */
  readonly key: string;
  readonly schema: JsonObject;
}

/** What a version has for a schema; undefined where it has none. What is no object is metadata as any other. */
export function schemaOf(
  { metadata }: Pick<PromptSource["version"], "metadata">,
  output: { readonly metadataKey: string } | false,
): FoundSchema | undefined {
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
  source: Pick<PromptSource, "ref" | "version">,
  output: { readonly metadataKey: string } | false,
): Promise<CompiledOutput | undefined> {
  const found = schemaOf(source.version, output);
  if (found === undefined) return undefined;
  const { SchemaCompiler } = await import("./compile-schema.ts");
  const compiler = new SchemaCompiler(source, found);
  if (compiler.hasPatterns) {
    const { checkPatterns } = await import("./check-patterns.ts");
    compiler.checkPatterns(checkPatterns);
  }
  return compiler.compile();
}
