/** What a mustache prompt's render call takes, or a part of it. Plain data: it's part of the contract. */
export type InputType =
  /** Anything that prints: string, number, bigint or boolean. */
  | { readonly kind: "value" }
  /** As the prompt's config entry says: the name of a type, or the allowed texts. */
  | {
      readonly kind: "narrowed";
      readonly type: string | readonly string[];
      /** It's only checked for presence, not printed. */
      readonly isTested?: true;
    }
  /** Only checked for presence: any value, list or object, or nothing. */
  | { readonly kind: "condition" }
  /** Without inputs any object. */
  | { readonly kind: "object"; readonly inputs: readonly Input[] }
  /** A section: a list of `element`, unless `isListOnly` also a single one, or nothing. */
  | { readonly kind: "section"; readonly element: InputType; readonly isListOnly: boolean }
  /** `false`, `null` or `undefined`: these skip a section. */
  | { readonly kind: "nothing" }
  /** Used in several ways: any of these will do. */
  | { readonly kind: "any-of"; readonly types: readonly InputType[] };

/** One property of an object. */
export interface Input {
  readonly name: string;
  readonly type: InputType;
  /**
   * `inverted`: can be undefined, since the template says what happens then; calls still have to name it. `outer`:
   * optional, a name inside a section that also exists outside it, and is then taken from there.
   */
  readonly optional: false | "inverted" | "outer";
}

/** What a prompt without variables takes. */
export const NO_INPUTS: InputType = { kind: "object", inputs: [] };

/**
 * What calls must give, as paths: the names, and inside sections `items[].title` or `user.name`. What can be taken from
 * outside a section isn't listed again.
 */
export function inputPaths(type: InputType, path = ""): readonly string[] {
  switch (type.kind) {
    case "object": {
      const paths = type.inputs
        .filter((input) => input.optional !== "outer")
        .flatMap(({ name, type: inner }) => inputPaths(inner, memberPath(path, name)));
      // Its own path if nothing inside it has one.
      return paths.length > 0 || path === "" ? paths : [path];
    }
    case "section":
      return inputPaths(type.element, `${path}[]`);
    case "any-of":
      return type.types.flatMap((one) => inputPaths(one, path));
    case "nothing":
      return [];
    default:
      return [path === "" ? "." : path];
  }
}

/** Is all that's done with a name something that a single value allows: print it, or check whether it's there? */
export function isValueIn(type: InputType, name: string): boolean {
  const isValue = (one: InputType): boolean =>
    one.kind === "any-of" ? one.types.every(isValue) : ["value", "narrowed", "condition"].includes(one.kind);
  return type.kind === "object" && type.inputs.every((input) => input.name !== name || isValue(input.type));
}

/**
 * An object type that has some names as values, whether or not it asks for them.
 *
 * @param typeOf the type of one, such as a narrowed one
 */
export function withValues(
  type: InputType,
  names: readonly string[],
  typeOf: (name: string) => InputType = () => ({ kind: "value" }),
): InputType {
  if (type.kind !== "object" || names.length === 0) return type;
  const inputs = new Map(type.inputs.map((input) => [input.name, input]));
  for (const name of names) inputs.set(name, { name, type: typeOf(name), optional: false });
  return { ...type, inputs: [...inputs.values()] };
}

/** The path of a name inside another; a name that could be read as a path itself is quoted. */
export function memberPath(path: string, name: string): string {
  if (name === "" || /[[\]]/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** Does a value of this type include `undefined`? */
export function allowsUndefined(type: InputType): boolean {
  if (type.kind === "any-of") return type.types.some(allowsUndefined);
  return type.kind === "section" || type.kind === "condition" || type.kind === "nothing";
}
