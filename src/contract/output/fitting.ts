import type { Field, ObjectType, Output, OutputType } from "./output-type.ts";
import { alternativesOf } from "./output-type.ts";

/** How many pairs to compare before two schemas count as too complex. */
const MAX_PAIRS = 100_000;

export class TooManyPairs extends Error {}

/** Which types of one output can be used where types of another were read. Types can contain themselves, by name. */
export class Fitting {
  readonly #from: Output;
  readonly #to: Output;
  readonly #numbers = new Map<OutputType, number>();
  /** Pairs that fit, or are assumed to until everything is known. */
  readonly #met = new Set<string>();
  /** Pairs that don't fit, which is final: every pair met again was assumed to fit. */
  readonly #unfit = new Set<string>();
  #pairs = 0;

  constructor(from: Output, to: Output) {
    this.#from = from;
    this.#to = to;
  }

  /**
   * Can every value of `to` be used where one of `from` was read?
   *
   * @throws TooManyPairs
   */
  fits(from: OutputType, to: OutputType): boolean {
    for (;;) {
      const known = this.#unfit.size;
      this.#met.clear();
      const fits = this.#compare(from, to);
      // A pair assumed to fit doesn't, so whatever relied on it is compared again.
      if (this.#unfit.size === known) return fits;
    }
  }

  #compare(from: OutputType, to: OutputType): boolean {
    const [wanted, given] = [lookUp(this.#from, from), lookUp(this.#to, to)];
    const pair = this.pair(wanted, given);
    if (this.#unfit.has(pair)) return false;
    if (this.#met.has(pair)) return true;
    this.#met.add(pair);
    const fits = this.#compareOpen(wanted, given);
    if (!fits) this.#unfit.add(pair);
    return fits;
  }

  #compareOpen(from: OutputType, to: OutputType): boolean {
    if (from.kind === "unknown") return true;
    if (to.kind === "any-of" || to.kind === "boolean") {
      if (from.kind === to.kind && from.kind === "boolean") return true;
      return alternativesOf(to).every((one) => this.#compare(from, one));
    }
    if (to.kind === "literal" && from.kind === "any-of") {
      const isThere = from.types.some((one) => one.kind === "literal" && one.value === to.value);
      if (isThere) return true;
    }
    if (from.kind === "any-of") return from.types.some((one) => this.#compare(one, to));
    switch (to.kind) {
      case "never":
        return true;
      case "literal":
        return from.kind === "literal" ? from.value === to.value : from.kind === typeof to.value;
      case "array":
      case "tuple":
        return this.#compareLists(from, to);
      case "object":
        return from.kind === "object" && this.#compareObjects(from, to);
      default:
        return from.kind === to.kind;
    }
  }

  #compareLists(from: OutputType, to: OutputType): boolean {
    if (from.kind !== "array" && from.kind !== "tuple") return false;
    const [read, given] = [listOf(from), listOf(to)];
    if (given.required < read.required) return false;
    const length = Math.max(read.items.length, given.items.length);
    for (let at = 0; at <= length; at++)
      if (!this.#compare(read.items[at] ?? read.rest, given.items[at] ?? given.rest)) return false;
    return true;
  }

  #compareObjects(from: ObjectType, to: ObjectType): boolean {
    const given = fieldsOf(to);
    const read = fieldsOf(from);
    const isEachThere = from.fields.every((field) => {
      const other = fieldIn(given, to, field.name);
      return (
        other !== undefined && !(other.optional && !field.optional) && this.#compare(field.type, other.type)
      );
    });
    if (!isEachThere) return false;
    if (!readsByKey(from)) return true;
    const others = to.fields.filter(({ name }) => !read.has(name)).map(({ type }) => type);
    return [to.rest, ...others].every((type) => this.#compare(from.rest, type));
  }

  /** One text per pair; counts the pair. Throws TooManyPairs. */
  pair(from: OutputType, to: OutputType): string {
    this.#pairs += 1;
    if (this.#pairs > MAX_PAIRS) throw new TooManyPairs();
    return `${this.#number(from)} ${this.#number(to)}`;
  }

  #number(type: OutputType): number {
    const number = this.#numbers.get(type) ?? this.#numbers.size;
    this.#numbers.set(type, number);
    return number;
  }
}

/** What a type is if it's a name. */
export function lookUp(output: Output, type: OutputType): OutputType {
  let found: OutputType | undefined = type;
  for (const seen = new Set<string>(); found?.kind === "named"; found = output.named.get(found.name)) {
    if (seen.has(found.name)) return { kind: "unknown" };
    seen.add(found.name);
  }
  return found ?? { kind: "unknown" };
}

/** An array is a tuple without fixed items. */
export function listOf(type: OutputType) {
  if (type.kind === "tuple") return type;
  return { items: [], required: 0, rest: (type as Extract<OutputType, { kind: "array" }>).items };
}

export function fieldsOf({ fields }: ObjectType): ReadonlyMap<string, Field> {
  return new Map(fields.map((field) => [field.name, field]));
}

/** If no field has the name, what other fields are; undefined if nothing is said about these. */
export function fieldIn(
  fields: ReadonlyMap<string, Field>,
  { rest }: ObjectType,
  name: string,
): Field | undefined {
  const isNamed = fields.has(name) || rest.kind === "never" || rest.kind === "unknown";
  return isNamed ? fields.get(name) : { name, type: rest, optional: true };
}

/** Is what has no declared field read by its key? */
export function readsByKey({ rest }: ObjectType): boolean {
  return rest.kind !== "never" && rest.kind !== "unknown";
}
