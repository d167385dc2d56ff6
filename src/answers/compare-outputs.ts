import { quoted } from "../errors/printable.ts";
import { alternativesOf, type Field, type ObjectType, type Output, type OutputType } from "./output-type.ts";

/** One difference between the answers of two versions. */
interface OutputChange {
  readonly kind: OutputChangeKind;
  /** A read written for the old answers no longer works. */
  readonly breaks: boolean;
  /** In words. Safe to print. */
  readonly message: string;
}

export type OutputChangeKind =
  | "output-added"
  | "output-dropped"
  /** An answer may be missing, or have a type, that code reading the old answers doesn't expect. */
  | "output-kind"
  | "output-narrower"
  /** The two are too complex to compare. */
  | "output-uncompared";

/** How many pairs to compare before two schemas count as too complex. */
const MAX_PAIRS = 100_000;

/** For a union of many alternatives, only the first ones are shown. */
const MAX_ALTERNATIVES = 6;
const MAX_TEXT_LENGTH = 40;

/**
 * How the type of the answers has changed for code that reads them. What is gone, became optional or has a wider type
 * breaks it; a new field and a narrower type don't. Two that are too complex to compare are reported as such, and break
 * nothing.
 *
 * @param from undefined: the version before has no schema
 */
export function compareOutputs(from: Output | undefined, to: Output | undefined): readonly OutputChange[] {
  if (from === undefined) return to === undefined ? [] : [change("output-added", "new output", false)];
  if (to === undefined) return [change("output-dropped", "output is gone", true)];
  if (isSame(from, to)) return [];
  const found = new Map<string, OutputChange>();
  try {
    explain(from, to, (kind, message, breaks) => found.set(message, change(kind, message, breaks)));
    return [...found.values()];
  } catch (error) {
    // Too many pairs, or the stack ended before them.
    if (!(error instanceof RangeError)) throw error;
    const message = "couldn't compare output: the schemas lead to too many types, so look at them yourself";
    return [change("output-uncompared", message, false)];
  }
}

function change(kind: OutputChangeKind, message: string, breaks: boolean): OutputChange {
  return { kind, message, breaks };
}

/** The same except for descriptions. */
function isSame(from: Output, to: Output): boolean {
  const [one, other] = [from, to].map(({ type, named }) =>
    JSON.stringify([type, ...named], (key, value) => (key === "description" ? undefined : value)),
  );
  return one === other;
}

/** Reports where two outputs differ, as close to the reason as names lead. */
function explain(
  from: Output,
  to: Output,
  report: (kind: OutputChangeKind, message: string, breaks: boolean) => void,
): void {
  const [forward, backward] = [new Fitting(from, to), new Fitting(to, from)];
  /** Pairs that were explained, or are being explained. */
  const open = new Set<string>();
  const types = (before: OutputType, after: OutputType, path: string): void => {
    const [old, now] = [lookUp(from, before), lookUp(to, after)];
    const pair = forward.pair(old, now);
    if (open.has(pair)) return;
    open.add(pair);
    const [pairs, isWhole] = pairUp(alternativesIn(from, old), alternativesIn(to, now));
    for (const [one, other] of pairs) {
      if (one.kind === "object" && other.kind === "object") objects(one, other, path);
      else lists(one, other, path);
    }
    if (isWhole) return;
    const [words, newWords] = [typeWords(old), typeWords(now)];
    const message =
      words === newWords
        ? `output${at(path)} is another ${newWords}`
        : `output${at(path)} changed from ${words} to ${newWords}`;
    if (!forward.fits(old, now)) report("output-kind", message, true);
    else if (!backward.fits(now, old)) report("output-narrower", message, false);
  };
  const objects = (old: ObjectType, now: ObjectType, path: string): void => {
    const [read, given] = [fieldsOf(old), fieldsOf(now)];
    const inside = (name: string) => (path === "" ? name : `${path}.${name}`);
    for (const field of old.fields) {
      const place = inside(field.name);
      const other = fieldIn(given, now, field.name);
      if (other === undefined) {
        report("output-dropped", `output${at(place)} is gone`, true);
        continue;
      }
      if (other.optional && !field.optional)
        report("output-kind", `output${at(place)} is optional now`, true);
      if (!other.optional && field.optional)
        report("output-narrower", `output${at(place)} is always there now`, false);
      types(field.type, other.type, place);
    }
    for (const { name, type } of now.fields) {
      if (read.has(name)) continue;
      const place = inside(name);
      if (readsByKey(old) && !forward.fits(old.rest, type))
        report("output-kind", `output${at(place)} is new and not ${typeWords(old.rest)}`, true);
      else report("output-added", `new output${at(place)}`, false);
    }
    if (readsByKey(old)) types(old.rest, now.rest, inside("*"));
  };
  const lists = (old: OutputType, now: OutputType, path: string): void => {
    const [read, given] = [listOf(old), listOf(now)];
    if (given.required !== read.required) {
      const message = `output${at(path)} has at least ${given.required} items now, not ${read.required}`;
      const breaks = given.required < read.required;
      report(breaks ? "output-kind" : "output-narrower", message, breaks);
    }
    const length = Math.max(read.items.length, given.items.length);
    for (let index = 0; index < length; index++)
      types(read.items[index] ?? read.rest, given.items[index] ?? given.rest, `${path}[${index}]`);
    types(read.rest, given.rest, `${path}[]`);
  };
  types(from.type, to.type, "");
}

function alternativesIn(output: Output, type: OutputType): readonly OutputType[] {
  return alternativesOf(type).map((one) => lookUp(output, one));
}

/** The objects and lists of both that are compared part by part, and whether that covers everything. */
function pairUp(
  before: readonly OutputType[],
  after: readonly OutputType[],
): [pairs: (readonly [OutputType, OutputType])[], isWhole: boolean] {
  const pairs: (readonly [OutputType, OutputType])[] = [];
  for (const isOfKind of [isObjectType, isListType]) {
    const [[old, ...olds], [now, ...news]] = [before.filter(isOfKind), after.filter(isOfKind)];
    if (old && now && olds.length === 0 && news.length === 0) pairs.push([old, now]);
  }
  const paired = new Set(pairs.flat());
  const [left, right] = [before, after].map((types) => types.filter((one) => !paired.has(one)));
  const isStructural = [left, right].flat().some((one) => one && (isObjectType(one) || isListType(one)));
  const textOf = (types: readonly OutputType[] = []) =>
    types
      .map((one) => JSON.stringify(one))
      .sort()
      .join();
  return [pairs, textOf(left) === textOf(right) && !isStructural];
}

function isObjectType(type: OutputType): boolean {
  return type.kind === "object";
}

function isListType(type: OutputType): boolean {
  return type.kind === "array" || type.kind === "tuple";
}

function at(path: string): string {
  return path === "" ? "" : ` ${quoted(path)}`;
}

/** A type in words, in one line that is safe to print: `string or null`. Doesn't say what an object contains. */
function typeWords(type: OutputType): string {
  if (type.kind === "any-of") {
    const words = [...new Set(type.types.map(typeWords))];
    const rest = words.length - MAX_ALTERNATIVES;
    const shown = rest > 1 ? [...words.slice(0, MAX_ALTERNATIVES), `${rest} more`] : words;
    return `${shown.slice(0, -1).join(", ")}${shown.length > 1 ? " or " : ""}${shown.at(-1)}`;
  }
  if (type.kind === "literal") {
    const { value } = type;
    const isLong = typeof value === "string" && value.length > MAX_TEXT_LENGTH;
    return quoted(isLong ? `${[...value.slice(0, MAX_TEXT_LENGTH)].slice(0, -1).join("")}…` : value);
  }
  if (type.kind === "tuple") return "array";
  if (type.kind === "named") return "object";
  return type.kind === "unknown" ? "anything" : type.kind === "never" ? "nothing" : type.kind;
}

/**
 * Which types of one output can be used where types of another were read. Types can contain themselves, by name. Its
 * methods throw RangeError when there are too many pairs.
 */
class Fitting {
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

  #numberOf(type: OutputType): number {
    const number = this.#numbers.get(type) ?? this.#numbers.size;
    this.#numbers.set(type, number);
    return number;
  }

  /** One text per pair. */
  pair(from: OutputType, to: OutputType): string {
    this.#pairs += 1;
    if (this.#pairs > MAX_PAIRS) throw new RangeError("Too many pairs.");
    return `${this.#numberOf(from)} ${this.#numberOf(to)}`;
  }

  /** Can every value of `to` be used where one of `from` was read? */
  fits(from: OutputType, to: OutputType): boolean {
    for (;;) {
      const known = this.#unfit.size;
      this.#met.clear();
      const isFitting = this.#compare(from, to);
      // A pair assumed to fit doesn't, so whatever relied on it is compared again.
      if (this.#unfit.size === known) return isFitting;
    }
  }

  #compare(from: OutputType, to: OutputType): boolean {
    const [wanted, given] = [lookUp(this.#from, from), lookUp(this.#to, to)];
    const key = this.pair(wanted, given);
    if (this.#unfit.has(key)) return false;
    if (this.#met.has(key)) return true;
    this.#met.add(key);
    const isFitting = this.#compareOpen(wanted, given);
    if (!isFitting) this.#unfit.add(key);
    return isFitting;
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
        return (from.kind === "array" || from.kind === "tuple") && this.#compareLists(from, to);
      case "object":
        return from.kind === "object" && this.#compareObjects(from, to);
      default:
        return from.kind === to.kind;
    }
  }

  #compareLists(from: OutputType, to: OutputType): boolean {
    const [read, given] = [listOf(from), listOf(to)];
    if (given.required < read.required) return false;
    const length = Math.max(read.items.length, given.items.length);
    for (let at = 0; at <= length; at++)
      if (!this.#compare(read.items[at] ?? read.rest, given.items[at] ?? given.rest)) return false;
    return true;
  }

  #compareObjects(from: ObjectType, to: ObjectType): boolean {
    const [read, given] = [fieldsOf(from), fieldsOf(to)];
    for (const field of from.fields) {
      const other = fieldIn(given, to, field.name);
      if (
        other === undefined ||
        (other.optional && !field.optional) ||
        !this.#compare(field.type, other.type)
      )
        return false;
    }
    if (!readsByKey(from)) return true;
    const others = to.fields.filter(({ name }) => !read.has(name)).map(({ type }) => type);
    return [to.rest, ...others].every((type) => this.#compare(from.rest, type));
  }
}

/** What a type is if it's a name. */
function lookUp(output: Output, type: OutputType): OutputType {
  let found: OutputType | undefined = type;
  for (const seen = new Set<string>(); found?.kind === "named"; found = output.named.get(found.name)) {
    if (seen.has(found.name)) return { kind: "unknown" };
    seen.add(found.name);
  }
  return found ?? { kind: "unknown" };
}

/** An array is a tuple without fixed items. */
function listOf(type: OutputType) {
  if (type.kind === "tuple") return type;
  return { items: [], required: 0, rest: (type as Extract<OutputType, { kind: "array" }>).items };
}

function fieldsOf({ fields }: ObjectType): ReadonlyMap<string, Field> {
  return new Map(fields.map((field) => [field.name, field]));
}

/** If no field has the name, what other fields are; undefined if nothing is said about these. */
function fieldIn(fields: ReadonlyMap<string, Field>, { rest }: ObjectType, name: string): Field | undefined {
  const isNamed = fields.has(name) || rest.kind === "never" || rest.kind === "unknown";
  return isNamed ? fields.get(name) : { name, type: rest, optional: true };
}

/** Is what has no declared field read by its key? */
function readsByKey({ rest }: ObjectType): boolean {
  return rest.kind !== "never" && rest.kind !== "unknown";
}
