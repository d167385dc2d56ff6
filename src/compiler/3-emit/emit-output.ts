import outputTemplate from "../../../templates/output.mustache?raw";
import type { JsonObject } from "../../prompt.ts";
import type { CompiledPrompt } from "../compiled-prompt.ts";
import { jsonLiteral, propertyKey, stringLiteral } from "./escape-js.ts";

/** The code of the output helper module, which modules of prompts with a schema import. It imports nothing. */
export function emitOutputHelper(): string {
  return outputTemplate;
}

/** The parts of a module about a model's answers, as code; undefined if the version has no schema. */
export function outputView({ output, source }: CompiledPrompt, frozen: (code: string) => string) {
  if (output === undefined) return undefined;
  const { schema, patterns } = output;
  const hasPatterns = patterns.size > 0;
  return {
    helpers: hasPatterns ? "makeOutput, patternsOf" : "makeOutput",
    key: stringLiteral(output.key),
    schema: frozen(jsonLiteral(schema)),
    patterns: hasPatterns
      ? `/* @__PURE__ */ patternsOf(${jsonLiteral(Object.fromEntries(patterns) as JsonObject)})`
      : "undefined",
    prompt: jsonLiteral([source.ref.name, source.version.versionNumber, source.version.id]).slice(1, -1),
  };
}

/** Metadata as an expression. The schema in it is a binding of the module, so it isn't there twice. */
export function metadataCode({ output, source }: CompiledPrompt): string {
  const { metadata } = source.version;
  if (output === undefined) return jsonLiteral(metadata);
  const entries = Object.entries(metadata).map(([key, value]) => {
    return `${propertyKey(key)}: ${key === output.key ? "outputSchema" : jsonLiteral(value)}`;
  });
  return `{ ${entries.join(", ")} }`;
}
