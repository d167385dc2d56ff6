import { alternativesOf, type Field, type ObjectType, type Output, type OutputType } from "./output-type.ts";

/** How many pairs to compare before two schemas count as too complex. */
const MAX_PAIRS = 100_000;

/**
 * Which types of one output can be used where types of another were read. Types can contain themselves, by name.
 *
 * @returns `fits`: can every value of `to` be used where one of `from` was read? `pair`: one text per pair. Both throw
 * RangeError when there are too many pairs
 */
export function createFitting(fromOutput: Output, toOutput: Output) {
  const numbers = new Map<OutputType, number>();
  /** Pairs that fit, or are assumed to until everything is known. */
  const met = new Set<string>();
  /** Pairs that don't fit, which is final: every pair met again was assumed to fit. */
  const unfit = new Set<string>();
  let pairs = 0;

  const numberOf = (type: OutputType): number => {
    const number = numbers.get(type) ?? numbers.size;
    numbers.set(type, number);
    return number;
  };
  const pair = (from: OutputType, to: OutputType): string => {
    pairs += 1;
    if (pairs > MAX_PAIRS) throw new RangeError("Too many pairs.");
    return `${numberOf(from)} ${numberOf(to)}`;
  };
  const fits = (from: OutputType, to: OutputType): boolean => {
    for (;;) {
      const known = unfit.size;
      met.clear();
      const isFitting = compare(from, to);
      // A pair assumed to fit doesn't, so whatever relied on it is compared again.
      if (unfit.size === known) return isFitting;
    }
  };
  const compare = (from: OutputType, to: OutputType): boolean => {
    const [wanted, given] = [lookUp(fromOutput, from), lookUp(toOutput, to)];
    const key = pair(wanted, given);
    if (unfit.has(key)) return false;
    if (met.has(key)) return true;
    met.add(key);
    const isFitting = compareOpen(wanted, given);
    if (!isFitting) unfit.add(key);
    return isFitting;
  };
  const compareOpen = (from: OutputType, to: OutputType): boolean => {
    if (from.kind === "unknown") return true;
    if (to.kind === "any-of" || to.kind === "boolean") {
      if (from.kind === to.kind && from.kind === "boolean") return true;
      return alternativesOf(to).every((one) => compare(from, one));
    }
    if (to.kind === "literal" && from.kind === "any-of") {
      const isThere = from.types.some((one) => one.kind === "literal" && one.value === to.value);
      if (isThere) return true;
    }
    if (from.kind === "any-of") return from.types.some((one) => compare(one, to));
    switch (to.kind) {
      case "never":
        return true;
      case "literal":
        return from.kind === "literal" ? from.value === to.value : from.kind === typeof to.value;
      case "array":
      case "tuple":
        return (from.kind === "array" || from.kind === "tuple") && compareLists(from, to);
      case "object":
        return from.kind === "object" && compareObjects(from, to);
      default:
        return from.kind === to.kind;
    }
  };
  const compareLists = (from: OutputType, to: OutputType): boolean => {
    const [read, given] = [listOf(from), listOf(to)];
    if (given.required < read.required) return false;
    const length = Math.max(read.items.length, given.items.length);
    for (let at = 0; at <= length; at++)
      if (!compare(read.items[at] ?? read.rest, given.items[at] ?? given.rest)) return false;
    return true;
  };
  const compareObjects = (from: ObjectType, to: ObjectType): boolean => {
    const [read, given] = [fieldsOf(from), fieldsOf(to)];
    for (const field of from.fields) {
      const other = fieldIn(given, to, field.name);
      if (other === undefined || (other.optional && !field.optional) || !compare(field.type, other.type))
        return false;
    }
    if (!readsByKey(from)) return true;
    const others = to.fields.filter(({ name }) => !read.has(name)).map(({ type }) => type);
    return [to.rest, ...others].every((type) => compare(from.rest, type));
  };
  return { fits, pair };
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
