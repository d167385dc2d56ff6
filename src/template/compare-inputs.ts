import { type Input, type InputType, inputPaths, memberPath, type ParameterType } from "./input-type.ts";
import { quoted } from "./quoted.ts";

/** A difference between what two versions of a prompt ask of their callers, for the worse or in what is there. */
export interface InputChange {
  readonly kind: "variable-added" | "variable-kind" | "variable-dropped";
  /** A call that was written against the old version no longer works. */
  readonly breaks: boolean;
  /** In words: `new variable "items[].title"`. */
  readonly message: string;
}

const ORDER: readonly InputChange["kind"][] = ["variable-added", "variable-kind", "variable-dropped"];

/**
 * How what a call must give has changed: names that are new or gone, and names that are used in a way that calls did
 * not have to think of. What asks for less than before is no change. New names come first, names that are gone last.
 *
 * @example compareInputs(from, to).map((change) => change.message) // ['variable "vip" must be a value now']
 */
export function compareInputs(from: ParameterType, to: ParameterType): readonly InputChange[] {
  const comparison = new Comparison(from.levels, to.levels);
  comparison.compareTypes(from.type, to.type, "");
  return ORDER.flatMap((kind) => comparison.changes.filter((change) => change.kind === kind));
}

type Levels = ParameterType["levels"];
type ObjectType = Extract<InputType, { kind: "object" }>;

class Comparison {
  readonly changes: InputChange[] = [];
  readonly #from: Levels;
  readonly #to: Levels;
  /** Pairs of what repeats a level, once they are met: data may repeat them without end. */
  readonly #compared = new Set<string>();
  readonly #accepted = new Map<string, boolean>();

  constructor(from: Levels, to: Levels) {
    this.#from = from;
    this.#to = to;
  }

  compareTypes(from: InputType, to: InputType, path: string): void {
    const shown = quoted(path === "" ? "." : path);
    if (from.kind === "object" && to.kind === "object") {
      const pair = pairOf(from, to);
      if (pair !== undefined && this.#compared.has(pair)) return;
      if (pair !== undefined) this.#compared.add(pair);
      this.#compareObjects(from, to, path);
    } else if (from.kind === "section" && to.kind === "section") {
      this.compareTypes(from.element, to.element, `${path}[]`);
      if (to.isListOnly && !from.isListOnly)
        this.#add("variable-kind", true, `variable ${shown} must be a list now`);
    } else if (!this.#accepts(to, from)) {
      const known = new Set([path === "" ? "." : path, ...inputPaths(from, path)].map(namesOf));
      const added = inputPaths(to, path).filter((one) => !known.has(namesOf(one)));
      for (const one of added) this.#addNew(one);
      if (added.length === 0)
        this.#add("variable-kind", true, `variable ${shown} must be ${wordsOf(to)} now`);
    }
  }

  #compareObjects(from: ObjectType, to: ObjectType, path: string): void {
    const before = inputsOf(from, this.#from);
    const after = inputsOf(to, this.#to);
    for (const [name, input] of after) {
      const at = memberPath(path, name);
      const old = before.get(name);
      if (old === undefined || (old.optional === "outer" && input.optional !== "outer")) {
        if (input.optional !== "outer") for (const one of inputPaths(input.type, at)) this.#addNew(one);
        continue;
      }
      if (old.optional !== false && input.optional === false)
        this.#add("variable-kind", true, `variable ${quoted(at)} can no longer be left out`);
      this.compareTypes(old.type, input.type, at);
    }
    for (const [name, input] of before) {
      if (after.has(name) || input.optional === "outer") continue;
      for (const one of inputPaths(input.type, memberPath(path, name)))
        this.#add("variable-dropped", false, `variable ${quoted(one)} is gone`);
    }
  }

  /** Is everything that `from` allowed good for a template that asks for `to`? */
  #accepts(to: InputType, from: InputType): boolean {
    if (from.kind === "any-of") return from.types.every((one) => this.#accepts(to, one));
    switch (to.kind) {
      case "any-of":
        return to.types.some((one) => this.#accepts(one, from));
      case "condition":
        return true;
      case "nothing":
        return from.kind === "nothing";
      case "value":
      case "narrowed":
        return from.kind === "value" || from.kind === "narrowed";
      case "section":
        if (from.kind === "section")
          return this.#accepts(to.element, from.element) && (from.isListOnly || !to.isListOnly);
        return from.kind === "nothing" || (!to.isListOnly && this.#accepts(to.element, from));
      case "object":
        return from.kind === "object" && this.#acceptsObject(to, from);
    }
  }

  #acceptsObject(to: ObjectType, from: ObjectType): boolean {
    const pair = pairOf(from, to);
    const known = pair === undefined ? undefined : this.#accepted.get(pair);
    if (known !== undefined) return known;
    // What meets itself again on the way is as good as the rest of it.
    if (pair !== undefined) this.#accepted.set(pair, true);
    const given = inputsOf(from, this.#from);
    const accepts = [...inputsOf(to, this.#to).values()].every(({ name, type, optional }) => {
      const input = given.get(name);
      if (input === undefined) return optional === "outer";
      return (input.optional === false || optional !== false) && this.#accepts(type, input.type);
    });
    if (pair !== undefined) this.#accepted.set(pair, accepts);
    return accepts;
  }

  #addNew(path: string): void {
    this.#add("variable-added", true, `new variable ${quoted(path)}`);
  }

  #add(kind: InputChange["kind"], breaks: boolean, message: string): void {
    this.changes.push({ kind, breaks, message });
  }
}

/** Two objects as one text; undefined where neither repeats a level, so that they cannot meet again on the way. */
function pairOf(from: ObjectType, to: ObjectType): string | undefined {
  return from.again === undefined && to.again === undefined ? undefined : JSON.stringify([from, to]);
}

/** The properties of an object, those of the levels that it repeats included. */
function inputsOf({ inputs, again = [] }: ObjectType, levels: Levels): ReadonlyMap<string, Input> {
  const repeated = again.flatMap((level) => levels[level] ?? []);
  return new Map([...inputs, ...repeated].map((input) => [input.name, input]));
}

/** A path without what says that a name stands for a list. */
function namesOf(path: string): string {
  return path.replaceAll("[]", "");
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
