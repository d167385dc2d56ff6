import moduleTypesTemplate from "../../../templates/module-types.mustache?raw";
import type { CompiledPrompt } from "../compiled-prompt.ts";
import { stringLiteral } from "./escape-js.ts";
import { fillTemplate } from "./fill-template.ts";
import { jsdoc, metadataDoc } from "./jsdoc.ts";
import { mayBeLeftOut, shapeType, typeAliases, variablesType } from "./type-text.ts";

export interface ModuleTypesOptions {
  /** The module is a live one, which exports `current` besides. Default false. */
  readonly live?: boolean | undefined;
  /** Each export says `declare`, as in a file that tsc writes: unbuild reads it as code too. Default false. */
  readonly declares?: boolean | undefined;
}

/**
 * The declaration of a prompt's module: the `.d.ts` beside an emitted `.js`, and the inside of its `declare module`
 * block. Self-contained: no import, and no name outside the module.
 */
export function emitModuleTypes(
  compiled: CompiledPrompt,
  { live = false, declares = false }: ModuleTypesOptions = {},
): string {
  const { contract, parameter, source } = compiled;
  const { ref } = source;
  return fillTemplate(moduleTypesTemplate, {
    aliases: typeAliases(parameter),
    variablesType: variablesType(parameter),
    jsdoc: jsdoc(compiled).split("\n"),
    parameter:
      parameter === undefined ? "" : `variables${mayBeLeftOut(parameter.type) ? "?" : ""}: Variables`,
    resultType: messagesType(contract.roles, ""),
    contentType: messagesType(contract.roles, "readonly "),
    namesType: `readonly [${compiled.variables.map(stringLiteral).join(", ")}]`,
    metadataDoc: metadataDoc(source.version.metadata),
    metadataType: shapeType(contract.metadata),
    name: stringLiteral(ref.name),
    label: ref.pin.kind === "label" ? stringLiteral(ref.pin.label) : "undefined",
    type: stringLiteral(contract.type),
    live,
    declare: declares ? "declare " : "",
  });
}

/** `string`, or for a chat prompt the tuple of its messages. A role is a literal, so that SDKs accept the result. */
function messagesType(roles: readonly string[] | null, readonly: "" | "readonly "): string {
  if (roles === null) return "string";
  const messages = roles.map(
    (role) => `{ ${readonly}role: ${stringLiteral(role)}; ${readonly}content: string }`,
  );
  return `${readonly}[${messages.join(", ")}]`;
}
