import type { VariableType } from "../config/types.ts";

/** What a render call's parameter, or a part of it, may be. */
export type InputType =
  /** Anything that prints: string, number, bigint or boolean. */
  | { readonly kind: "value" }
  /** As the prompt's config entry says. */
  | { readonly kind: "narrowed"; readonly type: VariableType }
  /** Only asked whether it is there: any value, list or object, or nothing. */
  | { readonly kind: "condition" }
  | { readonly kind: "object"; readonly inputs: readonly Input[] }
  /** A section: a list of `element`, unless `isListOnly` also a single one, or nothing. */
  | { readonly kind: "section"; readonly element: InputType; readonly isListOnly: boolean }
  /** Used in several ways: any of these will do. */
  | { readonly kind: "any-of"; readonly types: readonly InputType[] };

/** One property of an object. */
export interface Input {
  readonly name: string;
  readonly type: InputType;
  /**
   * May be left out. `inverted`: the template says what happens without it. `outer`: a name inside a section that is
   * also there outside of it, where it is then taken from.
   */
  readonly optional: false | "inverted" | "outer";
}

/**
 * What calls must give, as paths: the names, and inside sections `items[].title` or `user.name`. A path that is new is
 * what breaks calls; what may be taken from outside a section is not asked for again.
 */
export function inputPaths(type: InputType, path = ""): readonly string[] {
  switch (type.kind) {
    case "object":
      return type.inputs
        .filter((input) => input.optional !== "outer")
        .flatMap(({ name, type: inner }) => inputPaths(inner, path === "" ? name : `${path}.${name}`));
    case "section":
      return inputPaths(type.element, `${path}[]`);
    case "any-of":
      return type.types.flatMap((one) => inputPaths(one, path));
    default:
      return [path === "" ? "." : path];
  }
}
