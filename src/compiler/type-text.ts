import type { VariableType } from "../config/types.ts";
import type { Shape } from "../template/contract.ts";
import { isPlainName, stringLiteral } from "./escape-js.ts";
import type { InputType } from "./input.ts";

/** What stands for a variable: CONTRACT's "value", as it is spelled in the types. */
export const VALUE_TYPE = "string | number | bigint | boolean";

/** The type of a render call's parameter. Undefined: it has none. */
export function variablesType(parameter: InputType | undefined): string {
  return parameter === undefined ? "Record<string, never>" : inputType(parameter);
}

/** The type of metadata, deeply readonly. Uses the name `JsonValue` where the shape leaves a value open. */
export function shapeType(shape: Shape): string {
  switch (shape.kind) {
    case "any":
      return "JsonValue";
    case "array":
      return shape.items.kind === "array"
        ? `readonly (${shapeType(shape.items)})[]`
        : `readonly ${shapeType(shape.items)}[]`;
    case "object":
      return objectType(
        shape.keys.map(([name, item]) => ({ name, isReadonly: true, type: shapeType(item) })),
      );
    default:
      return shape.kind;
  }
}

/** Does {@link shapeType} use the name `JsonValue`? */
export function usesJsonValue(shape: Shape): boolean {
  if (shape.kind === "any") return true;
  if (shape.kind === "array") return usesJsonValue(shape.items);
  return shape.kind === "object" && shape.keys.some(([, item]) => usesJsonValue(item));
}

function inputType(type: InputType): string {
  return alternatives(type).join(" | ");
}

/** The members of a type's union, each once. */
function alternatives(type: InputType): readonly string[] {
  switch (type.kind) {
    case "value":
      return [VALUE_TYPE];
    case "narrowed":
      return [narrowedType(type.type)];
    case "condition":
      return [VALUE_TYPE, "object", "null"];
    case "object":
      return [
        objectType(
          type.inputs.map((input) => ({
            name: input.name,
            isOptional: input.optional !== false,
            type: inputType(input.type),
          })),
        ),
      ];
    case "section": {
      const element = alternatives(type.element);
      const isSimple = element.length === 1 && type.element.kind === "object";
      const list = isSimple ? `readonly ${element[0]}[]` : `readonly (${element.join(" | ")})[]`;
      return [...new Set([list, ...(type.isListOnly ? [] : element), "false", "null"])];
    }
    case "any-of":
      return [...new Set(type.types.flatMap(alternatives))];
  }
}

function narrowedType(type: VariableType): string {
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
    const key = isPlainName(name) && name !== "__proto__" ? name : stringLiteral(name);
    // A property that may be left out may be given as undefined too, also under exactOptionalPropertyTypes.
    const typed = isOptional ? `?: ${type} | undefined` : `: ${type}`;
    return `${isReadonly ? "readonly " : ""}${key}${typed}`;
  });
  return `{ ${texts.join("; ")} }`;
}
