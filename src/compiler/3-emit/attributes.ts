import type { PromptSource } from "../prompt-source.ts";

/**
 * What a span or a log line says of a prompt, by names of OpenTelemetry's conventions for generative AI where they have
 * one. Versions of these: https://github.com/open-telemetry/semantic-conventions-genai
 */
export function attributesOf({
  ref,
  version,
  environment,
}: Pick<PromptSource, "ref" | "version" | "environment">) {
  return {
    "gen_ai.prompt.name": ref.name,
    "scope.prompt.id": version.promptId,
    "scope.prompt.version_id": version.id,
    "scope.prompt.version_number": version.versionNumber,
    // A value that is undefined is none, and some exporters warn of it.
    ...(ref.pin.kind === "label" ? { "scope.prompt.label": ref.pin.label } : {}),
    "scope.prompt.environment": environment,
  };
}
