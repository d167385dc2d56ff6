import { checkPatterns } from "../compiler/output/check-patterns.ts";
import type { CompiledOutput, FoundSchema } from "../compiler/output/compile-output.ts";
import { SchemaCompiler } from "../compiler/output/compile-schema.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";

/**
 * As a build compiles it, but at once: an assertion is no promise. A file of its own in `dist`, which is loaded when the
 * first schema comes: the check of regular expressions is larger than all else.
 *
 * @throws ResourceError `output_schema_invalid`
 */
export function compileSchema(
  source: { readonly ref: PromptRef; readonly version: PromptVersionData },
  found: FoundSchema,
): CompiledOutput {
  const compiler = new SchemaCompiler(source, found);
  compiler.checkPatterns(checkPatterns);
  return compiler.compile();
}
