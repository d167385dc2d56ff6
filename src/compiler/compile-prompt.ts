import { ResourceError } from "../errors/classes.ts";
import { type Contract, shapeOf } from "../template/contract.ts";
import { parseScope } from "../template/parse-scope.ts";
import { variablesOf } from "../template/parts.ts";
import type { Body, CompiledPrompt } from "./compiled-prompt.ts";
import { diagnose } from "./diagnose.ts";
import { whereOf } from "./diagnostic.ts";
import type { Input } from "./input.ts";
import type { PromptSource } from "./prompt-source.ts";

export type { CompiledPrompt } from "./compiled-prompt.ts";
export type { Diagnostic } from "./diagnostic.ts";
export type { PromptSource } from "./prompt-source.ts";

/**
 * Reads a prompt version: parses its templates, finds its variables and its contract, and what looks wrong.
 *
 * @throws ResourceError with place and code frame, for a template that does not compile
 */
export function compilePrompt(source: PromptSource): CompiledPrompt {
  const texts = templatesOf(source);
  const bodies: readonly Body[] = texts.map((text) => ({ syntax: "scope", parts: parseScope(text) }));
  const variables = variablesOf(bodies.flatMap((body) => body.parts));
  const inputs: readonly Input[] = variables.map((name) => ({
    name,
    isOptional: false,
    type: narrowed(source, name) ?? { kind: "value" },
  }));
  return {
    source,
    contract: contractOf(source, variables),
    diagnostics: diagnose(source, bodies, variables),
    variables,
    inputs,
    bodies,
  };
}

function contractOf({ version }: PromptSource, variables: readonly string[]): Contract {
  const { type, content, metadata } = version;
  const roles = typeof content === "string" ? null : content.map((message) => message.role);
  return { type, roles, variables, metadata: shapeOf(metadata) };
}

function narrowed(source: PromptSource, name: string): Input["type"] | undefined {
  const type = Object.hasOwn(source.variables, name) ? source.variables[name] : undefined;
  return type === undefined ? undefined : { kind: "narrowed", type };
}

/** The template texts of a version: one, or one per message. */
function templatesOf(source: PromptSource): readonly string[] {
  const { type, content } = source.version;
  if (typeof content === "string" && type === "text") return [content];
  if (typeof content !== "string" && type === "chat") {
    content.forEach((message, index) => {
      if (typeof message.role !== "string" || message.role === "" || typeof message.content !== "string")
        throw invalidChat(source, `message ${index + 1} is not { role, content } with two strings`);
    });
    return content.map((message) => message.content);
  }
  throw invalidChat(
    source,
    type === "chat" ? "its content is a text" : "a text prompt has messages for content",
  );
}

function invalidChat(source: PromptSource, what: string): ResourceError {
  return new ResourceError(`The content of this ${source.version.type} prompt cannot be used: ${what}.`, {
    code: "template_chat_invalid",
    where: whereOf(source),
    hint: "A chat prompt is a list of messages, each with a role and a content. Save a new version of it.",
  });
}
