/**
 * The type of a model's answers, as code can rely on it: every answer that a schema accepts has this type. Plain data.
 * Whatever else a schema says, such as lengths and patterns, isn't part of a type.
 */
export type OutputType =
  | { readonly kind: "unknown" | "never" | "string" | "number" | "boolean" | "null" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "array"; readonly items: OutputType }
  | TupleType
  | ObjectType
  | { readonly kind: "any-of"; readonly types: readonly OutputType[] }
  /** What a `$ref` names: a key of {@link Output.named}. */
  | { readonly kind: "named"; readonly name: string };

interface TupleType {
  readonly kind: "tuple";
  readonly items: readonly OutputType[];
  /** How many of the items are always there. */
  readonly required: number;
  /** What comes after them; `never`: nothing does. */
  readonly rest: OutputType;
}

export interface ObjectType {
  readonly kind: "object";
  readonly fields: readonly Field[];
  /** What has no declared field; `never`: there is none, `unknown`: nothing is said about it. */
  readonly rest: OutputType;
}

export interface Field {
  readonly name: string;
  readonly type: OutputType;
  readonly optional: boolean;
  readonly description?: string | undefined;
}

/** The type of an answer, with the types that it names. */
export interface Output {
  readonly type: OutputType;
  /** By the `$ref` that names it; `#` is the answer itself. */
  readonly named: ReadonlyMap<string, OutputType>;
  readonly description?: string | undefined;
}

export const UNKNOWN: OutputType = { kind: "unknown" };
export const NEVER: OutputType = { kind: "never" };

/** The alternatives of a type, without duplicates: just one if it isn't a union. `boolean` is two. */
export function alternativesOf(type: OutputType): readonly OutputType[] {
  if (type.kind === "any-of") return type.types.flatMap(alternativesOf);
  if (type.kind === "never") return [];
  if (type.kind !== "boolean") return [type];
  return [
    { kind: "literal", value: true },
    { kind: "literal", value: false },
  ];
}

/** The union of some types: what another one contains is left out. */
export function unionOf(types: readonly OutputType[]): OutputType {
  // Most unions have one member, which can be large.
  if (types.length === 1) return types[0] as OutputType;
  const each = new Map<string, OutputType>();
  for (const type of types.flatMap((one) => (one.kind === "any-of" ? one.types : [one]))) {
    if (type.kind === "unknown") return UNKNOWN;
    if (type.kind !== "never") each.set(JSON.stringify(type), type);
  }
  const has = (type: OutputType) => each.has(JSON.stringify(type));
  const [yes, no] = alternativesOf({ kind: "boolean" }) as [OutputType, OutputType];
  if (has(yes) && has(no)) each.set('{"kind":"boolean"}', { kind: "boolean" });
  const left = [...each.values()].filter(
    (type) => type.kind !== "literal" || !has({ kind: typeof type.value as "string" | "number" | "boolean" }),
  );
  if (left.length === 0) return NEVER;
  return left.length === 1 ? (left[0] as OutputType) : { kind: "any-of", types: left };
}
