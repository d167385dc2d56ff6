import { type Change, type ChangeKind, quoted } from "../contract.ts";
import { createFitting, fieldIn, fieldsOf, listOf, lookUp, readsByKey } from "./fitting.ts";
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
  const found = new Map<string, Change>();
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

/** Reports where two outputs differ, as close to the reason as names lead. */
function explain(
  from: Output,
  to: Output,
  report: (kind: ChangeKind, message: string, breaks: boolean) => void,
): void {
  const [forward, backward] = [createFitting(from, to), createFitting(to, from)];
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
