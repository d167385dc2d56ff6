import { checkMetadata } from "../contract/check-metadata.ts";
import { shapeOf } from "../contract/contract.ts";
import {
  type Input,
  type InputType,
  inputPaths,
  isValueIn,
  NO_INPUTS,
  withValues,
} from "../contract/input-type.ts";
import { ResourceError } from "../errors/classes.ts";
import { whereOf } from "../errors/diagnostic.ts";
import { mapRole } from "../prompt.ts";
import { isBlank, parseScope, variablesOf } from "../template/parse-scope.ts";
import { type MustacheNode, readMustache, templateProblem } from "./1-parse/read-mustache.ts";
import { MAX_CHARACTERS, tooLarge } from "./1-parse/read-tags.ts";
import { inferInputs, propagateUses } from "./2-infer/infer-inputs.ts";
import { nameUses } from "./2-infer/name-uses.ts";
import type { Body, CompiledPrompt, PromptSource } from "./compiled-prompt.ts";
import { diagnose } from "./diagnose.ts";

/**
 * Reads a prompt version: parses its templates, and finds its variables, its contract, and what looks wrong.
 *
 * @throws ResourceError with place and code frame, for a template that doesn't compile
 * @example compilePrompt(source).contract.variables // ["name"]
 */
export function compilePrompt(source: PromptSource): CompiledPrompt {
  const stored = source.version.content;
  const texts = typeof stored === "string" ? [stored] : stored.map((message) => message.content);
  const read = source.syntax === "mustache" ? readAsMustache(source, texts) : readAsScope(source, texts);
  const { type, content, metadata } = source.version;
  const input = read.parameter ?? NO_INPUTS;
  const { provides, metadataRule } = source;
  return {
    source,
    contract: {
      type,
      roles: typeof content === "string" ? null : content.map(({ role }) => mapRole(role, source.roles)),
      variables: [...new Set(inputPaths(input))],
      input: source.syntax === "mustache" ? input : undefined,
      provides: provides.length === 0 ? undefined : [...provides].sort(),
      blank: read.bodies.map(isBlankBody),
      metadata: shapeOf(metadata),
      chosen: metadataRule && checkMetadata(metadataRule, metadata),
    },
    diagnostics: diagnose({ source, ...read }),
    ...read,
    parameter: withProvided(read.parameter, source),
  };
}

function withProvided(parameter: InputType | undefined, source: PromptSource): InputType | undefined {
  const asked = parameter ?? NO_INPUTS;
  const names = source.provides.filter((name) => isValueIn(asked, name));
  return names.length === 0 ? parameter : withValues(asked, names, (name) => variableType(source, name));
}

function isBlankBody(body: Body): boolean {
  if (body.syntax === "scope") return body.parts.every((part) => part.kind === "text" && isBlank(part.text));
  const drawsNothing = (node: MustacheNode): boolean => {
    if (node.kind === "text") return isBlank(node.text);
    return node.kind === "section" && node.nodes.every(drawsNothing);
  };
  return body.nodes.every(drawsNothing);
}

type Reading = Pick<CompiledPrompt, "bodies" | "variables" | "parameter">;

function readAsScope(source: PromptSource, texts: readonly string[]): Reading {
  const parts = texts.map((text, i) => {
    const message = source.version.type === "chat" ? i : undefined;
    if (text.length > MAX_CHARACTERS)
      throw templateProblem(source, { text, message }, tooLarge("characters", MAX_CHARACTERS, 0));
    return parseScope(text);
  });
  const variables = variablesOf(parts.flat());
  const inputs = variables.map(
    (name): Input => ({ name, type: variableType(source, name), optional: false }),
  );
  return {
    bodies: parts.map((one): Body => ({ syntax: "scope", parts: one })),
    variables,
    parameter: inputs.length > 0 ? { kind: "object", inputs } : undefined,
  };
}

function variableType(source: PromptSource, name: string): InputType {
  const type = Object.hasOwn(source.variables, name) ? source.variables[name] : undefined;
  return type === undefined ? { kind: "value" } : { kind: "narrowed", type };
}

function readAsMustache(source: PromptSource, texts: readonly string[]): Reading {
  const isChat = source.version.type === "chat";
  const nodes = texts.map((text, i) => readMustache(source, text, isChat ? i : undefined));
  const uses = nameUses(nodes, new Set(Object.keys(source.variables)));
  if (!propagateUses(uses)) throw tooManyPlaces(source);
  return {
    bodies: nodes.map((one): Body => ({ syntax: "mustache", nodes: one })),
    variables: [...uses.names.keys()],
    parameter: inferInputs(uses, source.variables),
  };
}

function tooManyPlaces(source: PromptSource): ResourceError {
  return new ResourceError("The sections of this prompt lead to too many different places.", {
    code: "template_invalid",
    where: whereOf(source),
    hint: "Use fewer names both inside sections and outside.",
  });
}
