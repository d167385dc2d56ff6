import type { Change, ChangeKind } from "../contract.ts";
import { quoted } from "../quoted.ts";
import { Fitting, fieldIn, fieldsOf, listOf, lookUp, readsByKey, TooManyPairs } from "./fitting.ts";
import { alternativesOf, type ObjectType, type Output, type OutputType } from "./output-type.ts";

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
export function compareOutputs(from: Output | undefined, to: Output | undefined): readonly Change[] {
  if (from === undefined) return to === undefined ? [] : [change("output-added", "new output", false)];
  if (to === undefined) return [change("output-dropped", "output is gone", true)];
  if (isSame(from, to)) return [];
  return new Comparison(from, to).changes();
}

function change(kind: ChangeKind, message: string, breaks: boolean): Change {
  return { kind, message, breaks };
}

/** The same except for descriptions. */
function isSame(from: Output, to: Output): boolean {
  const [one, other] = [from, to].map(({ type, named }) =>
    JSON.stringify([type, ...named], (key, value) => (key === "description" ? undefined : value)),
  );
  return one === other;
}

class Comparison {
  readonly #from: Output;
  readonly #to: Output;
  readonly #forward: Fitting;
  readonly #backward: Fitting;
  /** Pairs that were explained, or are being explained. */
  readonly #open = new Set<string>();
  readonly #found = new Map<string, Change>();

  constructor(from: Output, to: Output) {
    this.#from = from;
    this.#to = to;
    this.#forward = new Fitting(from, to);
    this.#backward = new Fitting(to, from);
  }

  changes(): readonly Change[] {
    try {
      this.#explain(this.#from.type, this.#to.type, "");
      return [...this.#found.values()];
    } catch (error) {
      // The stack can end before the pairs do.
      if (!(error instanceof TooManyPairs || error instanceof RangeError)) throw error;
      const message = "couldn't compare output: the schemas lead to too many types, so look at them yourself";
      return [change("output-uncompared", message, false)];
    }
  }

  #report(kind: ChangeKind, message: string, breaks: boolean): void {
    this.#found.set(message, change(kind, message, breaks));
  }

  /** Reports where two types differ, as close to the reason as names lead. */
  #explain(before: OutputType, after: OutputType, path: string): void {
    const [from, to] = [lookUp(this.#from, before), lookUp(this.#to, after)];
    const pair = this.#forward.pair(from, to);
    if (this.#open.has(pair)) return;
    this.#open.add(pair);
    const [pairs, isWhole] = this.#pairUp(from, to);
    for (const [one, other] of pairs) {
      if (one.kind === "object" && other.kind === "object") this.#explainObjects(one, other, path);
      else this.#explainLists(one, other, path);
    }
    if (isWhole) return;
    const [words, now] = [typeWords(from), typeWords(to)];
    const message =
      words === now
        ? `output${at(path)} is another ${now}`
        : `output${at(path)} changed from ${words} to ${now}`;
    if (!this.#forward.fits(from, to)) this.#report("output-kind", message, true);
    else if (!this.#backward.fits(to, from)) this.#report("output-narrower", message, false);
  }

  /** The objects and lists of both that are compared part by part, and whether that covers everything. */
  #pairUp(
    from: OutputType,
    to: OutputType,
  ): [pairs: (readonly [OutputType, OutputType])[], isWhole: boolean] {
    const known = (output: Output, type: OutputType) =>
      alternativesOf(type).map((one) => lookUp(output, one));
    const [before, after] = [known(this.#from, from), known(this.#to, to)];
    const pairs: (readonly [OutputType, OutputType])[] = [];
    for (const isOfKind of [isObjectType, isListType]) {
      const [olds, news] = [before.filter(isOfKind), after.filter(isOfKind)];
      const [old, now] = [olds[0], news[0]];
      if (old && now && olds.length === 1 && news.length === 1) pairs.push([old, now]);
    }
    const paired = new Set(pairs.flat());
    const left = [before, after].map((types) =>
      types
        .filter((one) => !paired.has(one))
        .map((one) => JSON.stringify(one))
        .sort()
        .join(),
    );
    const isStructural = [...before, ...after].some(
      (one) => !paired.has(one) && (isObjectType(one) || isListType(one)),
    );
    return [pairs, left[0] === left[1] && !isStructural];
  }

  #explainObjects(from: ObjectType, to: ObjectType, path: string): void {
    const [read, given] = [fieldsOf(from), fieldsOf(to)];
    const inside = (name: string) => (path === "" ? name : `${path}.${name}`);
    for (const field of from.fields) {
      const place = inside(field.name);
      const other = fieldIn(given, to, field.name);
      if (other === undefined) {
        this.#report("output-dropped", `output${at(place)} is gone`, true);
        continue;
      }
      if (other.optional && !field.optional)
        this.#report("output-kind", `output${at(place)} is optional now`, true);
      if (!other.optional && field.optional)
        this.#report("output-narrower", `output${at(place)} is always there now`, false);
      this.#explain(field.type, other.type, place);
    }
    for (const { name, type } of to.fields) {
      if (read.has(name)) continue;
      const place = inside(name);
      if (readsByKey(from) && !this.#forward.fits(from.rest, type)) {
        this.#report("output-kind", `output${at(place)} is new and not ${typeWords(from.rest)}`, true);
      } else this.#report("output-added", `new output${at(place)}`, false);
    }
    if (readsByKey(from)) this.#explain(from.rest, to.rest, inside("*"));
  }

  #explainLists(from: OutputType, to: OutputType, path: string): void {
    const [read, given] = [listOf(from), listOf(to)];
    if (given.required !== read.required) {
      const message = `output${at(path)} has at least ${given.required} items now, not ${read.required}`;
      const breaks = given.required < read.required;
      this.#report(breaks ? "output-kind" : "output-narrower", message, breaks);
    }
    const length = Math.max(read.items.length, given.items.length);
    for (let index = 0; index < length; index++)
      this.#explain(read.items[index] ?? read.rest, given.items[index] ?? given.rest, `${path}[${index}]`);
    this.#explain(read.rest, given.rest, `${path}[]`);
  }
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
