import { ApiError, MissingVariableError, type ScopeClient, ScopeError } from "../../src/client/index.ts";
import { type AnyPromptVersion, versionData } from "../../src/client/prompt-version.ts";
import type { Label } from "../../src/prompt.ts";
import { fingerprint, flatten } from "./fingerprint.ts";
import type { Answer, Call, Outcome, Values } from "./python-sdk.ts";

/** What our client answers to a call, in the form in which the Python driver answers. */
export async function ourResult(client: ScopeClient, call: Call): Promise<Answer> {
  let version: AnyPromptVersion;
  try {
    version = await client.getPromptVersion(call.name, {
      label: call.label as Label | undefined,
      version: call.version,
    });
  } catch (error) {
    return describeError(error);
  }
  return {
    id: version.id,
    promptId: version.promptId,
    versionNumber: version.versionNumber,
    type: version.type,
    status: version.status,
    isProduction: version.isProduction,
    content: fingerprint(flatten(version.content)),
    declared: versionData(version).declaredVariables,
    variables: version.type === "text" ? version.variables : null,
    metadata: version.metadata,
    renders: (call.renders ?? []).map((values) => render(version, values)),
  };
}

function render(version: AnyPromptVersion, values: Values): Outcome {
  try {
    // fromEntries makes `__proto__` a property like any other.
    return { text: fingerprint(flatten(version.render(Object.fromEntries(values)))) };
  } catch (error) {
    return describeError(error);
  }
}

function describeError(error: unknown): Exclude<Outcome, { text: string }> {
  if (!(error instanceof ScopeError)) throw error;
  return {
    error: error.name,
    ...(error instanceof ApiError ? { status: error.httpStatus } : {}),
    ...(error instanceof MissingVariableError ? { missing: error.missingVariables } : {}),
  };
}
