import moduleTypesTemplate from "../../../../templates/module-types.mustache?raw";
import { ruleKeys } from "../../../contract/check-metadata.ts";
import type { Shape } from "../../../contract/contract.ts";
import { allowsUndefined, type Input, type InputType } from "../../../contract/input-type.ts";
import { dotted } from "../../../errors/printable.ts";
import type { CompiledPrompt } from "../../compiled-prompt.ts";
import { attributesOf, fillTemplate } from "../emit-module.ts";
import { memberKey, stringLiteral } from "../escape-js.ts";

export interface ModuleTypesOptions {
  /** The module is a live one, which exports `current` as well. Default false. */
  readonly live?: boolean | undefined;
  /** Each export says `declare`, as in a file that tsc writes: unbuild reads it as code too. Default false. */
  readonly declares?: boolean | undefined;
  /** {@link SHARED_TYPES} are in the same file. Default false: it names nothing outside the module. */
  readonly sharesTypes?: boolean | undefined;
}

/**
 * What the blocks of a types file have in common. Declaring it in each block makes tsc a few per cent slower. No condition
 * is the true branch of another: formatters put those in parentheses, and the types would count as others.
 */
export const SHARED_TYPES = `
type UnpluginScopeJson = string | number | boolean | null | readonly UnpluginScopeJson[] | { readonly [key: string]: UnpluginScopeJson };
type UnpluginScopeWidened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T extends bigint ? bigint : T;
type UnpluginScopeMetadataValue<Metadata, K extends PropertyKey, T> = Metadata extends never ? never : K extends Exclude<K, keyof Metadata> ? ({} extends Record<K, 1> ? UnpluginScopeJson : never) | UnpluginScopeWidened<T> : {} extends Pick<Metadata, K & keyof Metadata> ? Exclude<Metadata[K & keyof Metadata], undefined> | T : Metadata[K & keyof Metadata];
type UnpluginScopeGetMetadata<Metadata> = <T extends string | number | boolean | {} | null | undefined = undefined, K extends keyof Metadata | (string & {}) = string>(key: K, fallback?: T) => UnpluginScopeMetadataValue<Metadata, K, NoInfer<T>>;
`;

/**
 * The declaration of a prompt's module: the `.d.ts` next to an emitted `.js`, and the inside of its `declare module`
 * block. No import, except inside a type.
 */
export function emitModuleTypes(
  compiled: CompiledPrompt,
  { live = false, declares = false, sharesTypes = false }: ModuleTypesOptions = {},
): string {
  const { contract, parameter, source } = compiled;
  const { ref } = source;
  return fillTemplate(moduleTypesTemplate, {
    aliases: typeAliases(parameter),
    variablesType: variablesType(parameter),
    comment: promptComment(compiled),
    local: localName(ref.name),
    parameter: parameterText(parameter),
    resultType: resultType(contract.roles),
    contentType: contentType(contract.roles),
    namesType: `readonly [${compiled.variables.map(stringLiteral).join(", ")}]`,
    metadataType: metadataType(compiled, sharesTypes ? "UnpluginScopeJson" : "JsonValue"),
    name: stringLiteral(ref.name),
    label: ref.pin.kind === "label" ? stringLiteral(ref.pin.label) : "undefined",
    type: stringLiteral(contract.type),
    attributesType: attributesType(compiled),
    live,
    sharesTypes,
    declare: declares ? "declare " : "",
  });
}

/** The comment that editors show on hover: which prompt it is. What changes with its text or version isn't in the types. */
export function promptComment({ source: { ref } }: Pick<CompiledPrompt, "source">): string {
  const name = ref.name.replace(/[\r\n\u2028\u2029`]+/g, " ");
  const pin = ref.pin.kind === "label" ? `label \`${ref.pin.label}\`` : "pinned to a version";
  return `/** Prompt \`${commentSafe(name)}\`, ${pin} */`;
}

/** Not the comment's end, a tag or link of JSDoc, or a character that a text file shouldn't contain. */
function commentSafe(line: string): string {
  // An invisible joiner: after white space or a brace there would be a tag.
  return (
    dotted(line)
      // The joiners of scripts and emoji are invisible as well.
      .replace(/[\u200c\u200d]/g, "\u00b7")
      .replaceAll("*/", "*\\/")
      .replace(/(?<=^|[\s{])@/g, "\u2060@")
      .replace(/source(?=MappingURL)/gi, "$&\u2060")
      .replace(/\p{Surrogate}/gu, "\ufffd")
  );
}

/** What the declarations have under other names, and what no function in a module can be called. */
const TAKEN = new Set(
  "render content variables cachePrefix metadata getMetadata name label promptId versionId versionNumber type attributes current arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  ),
);

/**
 * Outside of the Latin, Greek and Cyrillic alphabets, kana, Chinese characters and Hangul. TypeScript's tables of letters are
 * older than Node's, and these have been the same for long.
 */
const UNKNOWN = /[^\0-\u04FF\u3040-\u30FF\u4E00-\u9FFF\uAC00-\uD7A3]/gu;

/** The prompt's name as an identifier: editors offer the import of a default export by its own name. */
export function localName(name: string): string {
  const known = name.replace(UNKNOWN, " ");
  const words = known.replace(/^[^\p{ID_Start}]+/u, "").split(/[^\p{ID_Continue}]+/u);
  const [first = "", ...rest] = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const local = first.charAt(0).toLowerCase() + first.slice(1) + rest.join("");
  return local === "" || TAKEN.has(local) ? `${local}Prompt` : local;
}

function parameterText(parameter: CompiledPrompt["parameter"]): string {
  if (parameter === undefined) return "";
  return `variables${allowsUndefined(parameter) ? "?" : ""}: Variables`;
}

/** The type of the metadata: what the project's own rule says of its keys, and of the others the shape. */
function metadataType(
  { contract: { metadata }, source: { metadataRule = {} } }: CompiledPrompt,
  open: string,
) {
  const named = ruleKeys(metadataRule).map(({ key: name, isOptional, choice }): Property => {
    const type = typeof choice === "string" ? choice : choice.map((one) => literalType(one)).join(" | ");
    return { name, isReadonly: true, isOptional, type };
  });
  if (named.length === 0 || metadata.kind !== "object") return shapeType(metadata, open);
  const others = metadata.keys.filter(([key]) => named.every(({ name }) => name !== key));
  return objectType([...named, ...shapeProperties(others, open)]);
}

function literalType(value: string | number | boolean): string {
  return typeof value === "string" ? stringLiteral(value) : String(value);
}

function attributesType(compiled: CompiledPrompt): string {
  const members = Object.entries(attributesOf(compiled)).map(([key, value]) => {
    const isKnown = key.endsWith(".prompt.name") || key === "scope.prompt.label";
    return `readonly ${stringLiteral(key)}: ${isKnown ? stringLiteral(String(value)) : typeof value}`;
  });
  return `{ ${members.join("; ")} }`;
}

/** `string`, or for a chat prompt the tuple of its messages. A role is a literal, so that SDKs accept the result. */
function resultType(roles: readonly string[] | null): string {
  if (roles === null) return "string";
  return `[${roles.map((role) => `{ role: ${stringLiteral(role)}; content: string }`).join(", ")}]`;
}

/** `string`, or the messages as they are stored. A stored role isn't part of the contract, so its type is open. */
function contentType(roles: readonly string[] | null): string {
  if (roles === null) return "string";
  return `readonly [${roles.map(() => "{ readonly role: string; readonly content: string }").join(", ")}]`;
}

/** What a variable can be: a value, as it's spelled in the types. */
export const VALUE_TYPE = "string | number | bigint | boolean";

/** The type of a render call's parameter. Undefined: it has none. */
export function variablesType(parameter: InputType | undefined): string {
  return parameter === undefined ? "Record<string, never>" : inputType(parameter);
}

/** The type of metadata, deeply readonly. `json` names the type of a value that the shape leaves open. */
function shapeType(shape: Shape, json: string): string {
  switch (shape.kind) {
    case "null":
    case "empty":
    case "mixed":
      return json;
    case "array":
      return shape.items.kind === "array"
        ? `readonly (${shapeType(shape.items, json)})[]`
        : `readonly ${shapeType(shape.items, json)}[]`;
    case "object":
      return objectType(shapeProperties(shape.keys, json));
    case "string":
    case "number":
    case "boolean":
      return shape.kind;
  }
}

function shapeProperties(
  keys: Extract<Shape, { kind: "object" }>["keys"],
  json: string,
): readonly Property[] {
  return keys.map(([name, item]) => ({ name, isReadonly: true, type: shapeType(item, json) }));
}

const NO_CALL = "{ readonly bind?: never; readonly then?: never";

/** A type that {@link variablesType} uses by name, as it's declared next to it. */
const ALIASES = {
  section: "type Section<T> = readonly T[] | T | false | null | undefined;",
  // Neither a function nor a promise, which would be silently wrong: objects that are neither don't have such a
  // property. With an index signature an object literal can have any other property, without it an instance of a class
  // can.
  condition: `type Condition = ${VALUE_TYPE} | (object & ${NO_CALL} }) | ${NO_CALL}; readonly [key: string]: unknown } | null | undefined;`,
} as const;

/** The declarations that the text of {@link variablesType} needs. */
export function typeAliases(parameter: InputType | undefined): readonly string[] {
  if (parameter === undefined) return [];
  const kinds = new Set<InputType["kind"]>();
  const walk = (one: InputType): void => {
    if (one.kind !== "section" || !one.isListOnly) kinds.add(one.kind);
    if (one.kind === "section") walk(one.element);
    if (one.kind === "any-of") one.types.forEach(walk);
    if (one.kind === "object") for (const input of one.inputs) walk(input.type);
  };
  walk(parameter);
  return (["section", "condition"] as const).filter((kind) => kinds.has(kind)).map((kind) => ALIASES[kind]);
}

function inputType(type: InputType): string {
  return alternatives(type).join(" | ");
}

/** The members of a type's union, without duplicates. */
function alternatives(type: InputType): readonly string[] {
  switch (type.kind) {
    case "value":
      return [VALUE_TYPE];
    case "narrowed":
      return [narrowedType(type.type)];
    case "condition":
      return ["Condition"];
    case "nothing":
      return ["false", "null", "undefined"];
    case "object":
      return [type.inputs.length === 0 ? "object" : inputsType(type.inputs)];
    case "section": {
      const element = inputType(type.element);
      return type.isListOnly
        ? [`readonly (${element})[]`, "false", "null", "undefined"]
        : [`Section<${element}>`];
    }
    case "any-of":
      return [...new Set(type.types.flatMap(alternatives))];
  }
}

function inputsType(inputs: readonly Input[]): string {
  return objectType(
    inputs.map((input) => ({
      name: input.name,
      // A name that an inverted section asks about can be undefined on purpose: forgetting one is an error.
      isOptional: input.optional === "outer",
      // An optional property can be given as undefined too, even under exactOptionalPropertyTypes.
      type: `${inputType(input.type)}${input.optional !== false && !allowsUndefined(input.type) ? " | undefined" : ""}`,
    })),
  );
}

function narrowedType(type: string | readonly string[]): string {
  if (typeof type === "string") return type;
  return type.length === 0 ? "never" : type.map(stringLiteral).join(" | ");
}

interface Property {
  readonly name: string;
  readonly type: string;
  readonly isOptional?: boolean;
  readonly isReadonly?: boolean;
}

function objectType(properties: readonly Property[]): string {
  if (properties.length === 0) return "{}";
  const texts = properties.map(({ name, type, isOptional, isReadonly }) => {
    return `${isReadonly ? "readonly " : ""}${memberKey(name)}${isOptional ? "?" : ""}: ${type}`;
  });
  return `{ ${texts.join("; ")} }`;
}
