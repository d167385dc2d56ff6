import type { VariableType } from "../config/types.ts";

/** One property of a render call's parameter. */
export interface Input {
  readonly name: string;
  /** The template says what happens without it: an inverted section. */
  readonly isOptional: boolean;
  readonly type: InputType;
}

/** What a property may be. */
export type InputType =
  /** Anything that prints: string, number, bigint or boolean. */
  | { readonly kind: "value" }
  /** As the prompt's config entry says. */
  | { readonly kind: "narrowed"; readonly type: VariableType }
  /** Only asked whether it is there: any value, list or object, or none. */
  | { readonly kind: "condition" }
  /** An object with these properties, from dotted names. */
  | { readonly kind: "object"; readonly inputs: readonly Input[] }
  /** A section: a list of `element`, unless `isListOnly` also a single one, or nothing. */
  | { readonly kind: "section"; readonly element: InputType; readonly isListOnly: boolean };
