import { type Input, type InputType, inputPaths, memberPath } from "./input-type.ts";
import { quoted } from "./quoted.ts";

/** A difference between what two versions of a mustache prompt ask of their callers. */
export interface InputChange {
  readonly kind: "variable-added" | "variable-kind" | "variable-dropped";
  /** A call that was written against the old version no longer works. */
  readonly breaks: boolean;
  /** In words: `new variable "items[].title"`. */
  readonly message: string;
}

const ORDER: readonly InputChange["kind"][] = ["variable-added", "variable-kind", "variable-dropped"];

/**
 * How what a call must give has changed: names, and how each is used. New names come first, names that are gone last.
 *
 * @example compareInputs(from, to).map((change) => change.message) // ['variable "vip" must be a value now']
 */
export function compareInputs(from: InputType, to: InputType): readonly InputChange[] {
  const changes: InputChange[] = [];
  compareTypes(from, to, "", (kind, breaks, message) => changes.push({ kind, breaks, message }));
  return ORDER.flatMap((kind) => changes.filter((change) => change.kind === kind));
}

type Add = (kind: InputChange["kind"], breaks: boolean, message: string) => void;

function compareTypes(from: InputType, to: InputType, path: string, add: Add): void {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  if (from.kind === "object" && to.kind === "object") {
    compareObjects(from.inputs, to.inputs, path, add);
  } else if (from.kind === "section" && to.kind === "section") {
    compareTypes(from.element, to.element, `${path}[]`, add);
    if (from.isListOnly !== to.isListOnly)
      add(
        "variable-kind",
        to.isListOnly,
        `variable ${quoted(path)} ${to.isListOnly ? "must" : "need not"} be a list now`,
      );
  } else if (accepts(to, from)) {
    add("variable-kind", false, `variable ${quoted(path === "" ? "." : path)} may be ${wordsOf(to)} now`);
  } else {
    const known = new Set([path === "" ? "." : path, ...inputPaths(from, path)].map(namesOf));
    const added = inputPaths(to, path).filter((one) => !known.has(namesOf(one)));
    for (const one of added) add("variable-added", true, `new variable ${quoted(one)}`);
    if (added.length === 0)
      add("variable-kind", true, `variable ${quoted(path === "" ? "." : path)} must be ${wordsOf(to)} now`);
  }
}

/** A path without what says that a name stands for a list. */
function namesOf(path: string): string {
  return path.replaceAll("[]", "");
}

function compareObjects(from: readonly Input[], to: readonly Input[], path: string, add: Add): void {
  const before = byName(from);
  const after = byName(to);
  for (const [name, input] of after) {
    const at = memberPath(path, name);
    const old = before.get(name);
    if (old === undefined || (old.optional === "outer" && input.optional !== "outer")) {
      if (input.optional === "outer") add("variable-added", false, `variable ${quoted(at)} may be given`);
      else
        for (const one of inputPaths(input.type, at))
          add("variable-added", true, `new variable ${quoted(one)}`);
      continue;
    }
    if (old.optional !== false && input.optional === false)
      add("variable-kind", true, `variable ${quoted(at)} can no longer be left out`);
    if (old.optional === false && input.optional !== false)
      add("variable-kind", false, `variable ${quoted(at)} may be left out`);
    compareTypes(old.type, input.type, at, add);
  }
  for (const [name, input] of before) {
    if (after.has(name) || input.optional === "outer") continue;
    for (const one of inputPaths(input.type, memberPath(path, name)))
      add("variable-dropped", false, `variable ${quoted(one)} is gone`);
  }
}

function byName(inputs: readonly Input[]): ReadonlyMap<string, Input> {
  return new Map(inputs.map((input) => [input.name, input]));
}

/** Is everything that `from` allowed good for a template that asks for `to`? */
function accepts(to: InputType, from: InputType): boolean {
  if (from.kind === "any-of") return from.types.every((one) => accepts(to, one));
  switch (to.kind) {
    case "any-of":
      return to.types.some((one) => accepts(one, from));
    case "condition":
      return true;
    case "nothing":
      return from.kind === "nothing";
    case "value":
    case "narrowed":
      return from.kind === "value" || from.kind === "narrowed";
    case "section":
      if (from.kind === "section")
        return accepts(to.element, from.element) && (from.isListOnly || !to.isListOnly);
      return from.kind === "nothing" || (!to.isListOnly && accepts(to.element, from));
    case "object":
      return from.kind === "object" && hasInputs(byName(from.inputs), to.inputs);
  }
}

function hasInputs(given: ReadonlyMap<string, Input>, asked: readonly Input[]): boolean {
  return asked.every(({ name, type, optional }) => {
    const input = given.get(name);
    if (input === undefined) return optional === "outer";
    return (input.optional === false || optional !== false) && accepts(type, input.type);
  });
}

function wordsOf(type: InputType): string {
  switch (type.kind) {
    case "value":
    case "narrowed":
      return "a value";
    case "condition":
      return "anything";
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
