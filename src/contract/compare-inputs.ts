import { quoted } from "../errors/printable.ts";
import { type Change, droppedVariable, newVariable } from "./contract.ts";
import { allowsUndefined, type Input, type InputType, inputPaths, memberPath } from "./input-type.ts";

const ORDER: readonly Change["kind"][] = ["variable-added", "variable-kind", "variable-dropped"];

/**
 * How what a call must give has changed: names that are new or gone, and names that are used in a way that calls didn't
 * have to account for. A name that was printed and is only tested now is gone too: its value doesn't arrive. New names
 * come first, names that are gone last.
 *
 * @example compareInputs(from, to).map((change) => change.message) // ['variable "vip" must be a value now']
 */
export function compareInputs(from: InputType, to: InputType): readonly Change[] {
  const changes = [...new Map(compareTypes(from, to, "").map((change) => [change.message, change])).values()];
  return ORDER.flatMap((kind) => changes.filter((change) => change.kind === kind));
}

/** Would all that a call gave still be accepted, whether or not it arrives? */
function keepsValid(changes: readonly Change[]): boolean {
  return changes.every(({ kind }) => kind === "variable-dropped");
}

type ObjectType = Extract<InputType, { kind: "object" }>;

/** What changes for a call that gave what `from` asks for, when `to` is required. */
function compareTypes(from: InputType, to: InputType, path: string): readonly Change[] {
  if (from.kind === "any-of" || to.kind === "any-of") {
    const each = alternatives(from).map((one) => compareToAny(one, alternatives(to), path));
    const isOtherwiseUsed = each.some((changes) => changes !== undefined);
    const found = each.map((changes, at) => {
      const isLost = isOtherwiseUsed && isPrinted(alternatives(from)[at] as InputType);
      return changes ?? (isLost ? [droppedVariable(path || ".", NOT_PRINTED)] : undefined);
    });
    return found.some((changes) => changes === undefined)
      ? mismatch(from, to, path)
      : (found.flat() as Change[]);
  }
  if (to.kind === "section") return compareToSection(from, to, path);
  if (from.kind === "object" && to.kind === "object") return compareObjects(from, to, path);
  if (!fits(from, to)) return mismatch(from, to, path);
  return isPrinted(to) ? [] : lost(from, path);
}

/** Undefined: it fits none. */
function compareToAny(
  from: InputType,
  to: readonly InputType[],
  path: string,
): readonly Change[] | undefined {
  const fitting = to
    .filter((one) => !isUnrelated(from, one))
    .map((one) => compareTypes(from, one, path))
    .filter(keepsValid);
  return fitting.find((changes) => changes.length === 0) ?? fitting[0];
}

function compareToSection(
  from: InputType,
  to: InputType & { kind: "section" },
  path: string,
): readonly Change[] {
  if (from.kind === "nothing") return [];
  if (from.kind !== "section") {
    const changes = compareTypes(from, to.element, path);
    const isTaken = !to.isListOnly && keepsValid(changes) && !isUnrelated(from, to.element);
    return isTaken ? changes : mismatch(from, to, path);
  }
  const changes = compareTypes(from.element, to.element, `${path}[]`);
  if (!to.isListOnly || from.isListOnly) return changes;
  return [...changes, broken("variable-kind", `variable ${shown(path)} must be a list now`)];
}

/** An object with none of the names, all of which are optional: it only fits because it has nothing. */
function isUnrelated(from: InputType, to: InputType): boolean {
  if (from.kind !== "object" || to.kind !== "object") return false;
  const given = namesOfObject(from);
  if (given.size === 0 || to.inputs.length === 0) return false;
  return to.inputs.every(({ name, optional }) => !given.has(name) && optional !== false);
}

const NOT_PRINTED = "no longer printed";

function isPrinted(type: InputType): boolean {
  return type.kind === "value" || (type.kind === "narrowed" && !type.isTested);
}

/** What doesn't arrive any more of a value of which only its presence counts now. */
function lost(from: InputType, path: string): readonly Change[] {
  if (from.kind === "condition" || from.kind === "nothing" || (from.kind === "narrowed" && from.isTested))
    return [];
  if (isPrinted(from)) return [droppedVariable(path || ".", NOT_PRINTED)];
  return inputPaths(from, path).map((one) => droppedVariable(one));
}

/** For what can't be compared by elements or by properties. */
function fits(from: InputType, to: InputType): boolean {
  if (to.kind === "nothing") return from.kind === "nothing";
  if (to.kind !== "condition") return [from, to].every(({ kind }) => kind === "value" || kind === "narrowed");
  // A condition accepts no function and no promise, which are recognised by these names.
  if (from.kind === "section")
    return from.isListOnly || alternatives(from.element).every((one) => fits(one, to));
  if (from.kind !== "object") return true;
  const given = namesOfObject(from);
  return !given.has("bind") && !given.has("then");
}

function compareObjects(from: ObjectType, to: ObjectType, path: string): readonly Change[] {
  const before = new Map(from.inputs.map((input) => [input.name, input]));
  const after = namesOfObject(to);
  const changes = to.inputs.flatMap((asked) =>
    compareInput(before.get(asked.name), asked, memberPath(path, asked.name)),
  );
  const gone = from.inputs
    .filter(({ name }) => !after.has(name))
    .flatMap(({ name, type }) => inputPaths(type, memberPath(path, name)));
  return [...changes, ...gone.map((one) => droppedVariable(one))];
}

function compareInput(given: Input | undefined, asked: Input, path: string): readonly Change[] {
  const isFromOutside = given === undefined || given.optional === "outer";
  if (isFromOutside && asked.optional !== "outer") return inputPaths(asked.type, path).map(newVariable);
  if (given === undefined) return [];
  const changes = compareTypes(given.type, asked.type, path);
  if (given.optional === false || asked.optional !== false || allowsUndefined(asked.type)) return changes;
  return [broken("variable-kind", `variable ${quoted(path)} can no longer be undefined`), ...changes];
}

function broken(kind: Change["kind"], message: string): Change {
  return { kind, breaks: true, message };
}

/** What doesn't fit: by the names that are new, otherwise in words. */
function mismatch(from: InputType, to: InputType, path: string): readonly Change[] {
  // Without the marker for a list.
  const namesOf = (one: string) => one.replaceAll("[]", "");
  const known = new Set([path === "" ? "." : path, ...inputPaths(from, path)].map(namesOf));
  const unknown = inputPaths(to, path).filter((one) => !known.has(namesOf(one)));
  if (unknown.length > 0) return unknown.map(newVariable);
  return [broken("variable-kind", `variable ${shown(path)} must be ${wordsOf(to)} now`)];
}

function shown(path: string): string {
  return quoted(path === "" ? "." : path);
}

function alternatives(type: InputType): readonly InputType[] {
  return type.kind === "any-of" ? type.types.flatMap(alternatives) : [type];
}

function namesOfObject({ inputs }: ObjectType): ReadonlySet<string> {
  return new Set(inputs.map(({ name }) => name));
}

function wordsOf(type: InputType): string {
  switch (type.kind) {
    case "value":
    case "narrowed":
      return "a value";
    case "condition":
      return "without bind and then";
    case "nothing":
      return "nothing";
    case "object":
      return "one object";
    case "section":
      return type.isListOnly ? "a list" : "a list or nothing";
    case "any-of":
      return [...new Set(type.types.map(wordsOf))].join(" or ");
  }
}
