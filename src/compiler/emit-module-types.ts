import moduleTypesTemplate from "../../templates/module-types.mustache?raw";
import type { CompiledPrompt } from "./compiled-prompt.ts";
import { fillTemplate } from "./fill-template.ts";
import { jsdoc } from "./jsdoc.ts";
import { literalType, shapeType, usesJsonValue, variablesType } from "./type-text.ts";

/**
 * The declaration of a prompt's module: the `.d.ts` beside an emitted `.js`, and the inside of its `declare module`
 * block. Self-contained: no import, and no name outside the module.
 */
export function emitModuleTypes(compiled: CompiledPrompt): string {
  const { contract, parameter, source } = compiled;
  const { ref } = source;
  return fillTemplate(moduleTypesTemplate, {
    usesJsonValue: usesJsonValue(contract.metadata),
    variablesType: variablesType(parameter),
    jsdoc: jsdoc(compiled).split("\n"),
    parameter: parameter === undefined ? "" : "variables: Variables",
    resultType: messagesType(contract.roles, ""),
    contentType: messagesType(contract.roles, "readonly "),
    namesType: `readonly [${compiled.variables.map(literalType).join(", ")}]`,
    metadataType: shapeType(contract.metadata),
    hasMetadata: contract.metadata.kind === "object" && contract.metadata.keys.length > 0,
    name: literalType(ref.name),
    label: ref.pin.kind === "label" ? literalType(ref.pin.label) : "undefined",
    type: literalType(contract.type),
  });
}

/** `string`, or for a chat prompt the tuple of its messages. A role is a literal, so that SDKs accept the result. */
function messagesType(roles: readonly string[] | null, readonly: "" | "readonly "): string {
  if (roles === null) return "string";
  const messages = roles.map(
    (role) => `{ ${readonly}role: ${literalType(role)}; ${readonly}content: string }`,
  );
  return `${readonly}[${messages.join(", ")}]`;
}
