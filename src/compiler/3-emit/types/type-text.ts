import { allowsUndefined, type Input, type InputType } from "../../../contract/input-type.ts";
import type { Shape } from "../../../contract/metadata-shape.ts";
import { memberKey, stringLiteral } from "../escape-js.ts";

/** What a variable can be: a value, as it's spelled in the types. */
export const VALUE_TYPE = "string | number | bigint | boolean";

/** The type of a render call's parameter. Undefined: it has none. */
export function variablesType(parameter: InputType | undefined): string {
  return parameter === undefined ? "Record<string, never>" : inputType(parameter);
}

/** The type of metadata, deeply readonly. `json` names the type of a value that the shape leaves open. */
export function shapeType(shape: Shape, json: string): string {
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
      return objectType(
        shape.keys.map(([name, item]) => ({ name, isReadonly: true, type: shapeType(item, json) })),
      );
    case "string":
    case "number":
    case "boolean":
      return shape.kind;
  }
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
      return [type.inputs.length === 0 || type.isOpen ? "object" : inputsType(type.inputs)];
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
