import type { Label } from "../prompt.ts";

/** What a span or a log line says about a prompt. */
export interface TracedPrompt {
  /** As requested from the platform. */
  readonly name: string;
  /** Undefined: pinned to a version. */
  readonly label: Label | undefined;
  readonly environment: string;
  readonly promptId: string;
  readonly versionId: string;
  readonly versionNumber: number;
}

/**
 * Attributes of a span or a log line: `scope.prompt.*`, which Scope's own traces use to find a prompt, and the two from
 * OpenTelemetry's conventions for generative AI (https://github.com/open-telemetry/semantic-conventions-genai), where a
 * version is text.
 */
export function attributesOf(prompt: TracedPrompt) {
  const { name, label, environment, promptId, versionId, versionNumber } = prompt;
  return {
    "gen_ai.prompt.name": name,
    "gen_ai.prompt.version": String(versionNumber),
    "scope.prompt.name": name,
    "scope.prompt.id": promptId,
    "scope.prompt.version": versionNumber,
    "scope.prompt.version_id": versionId,
    // An attribute of undefined isn't valid, and some exporters warn about it.
    ...(label && { "scope.prompt.label": label }),
    "scope.prompt.environment": environment,
  };
}
