import type { Change } from "./contract.ts";
import {
  allowsUndefined,
  type Input,
  type InputType,
  inputPaths,
  memberPath,
  type ParameterType,
} from "./input-type.ts";
import { quoted } from "./quoted.ts";

const ORDER: readonly Change["kind"][] = ["variable-added", "variable-kind", "variable-dropped"];

/**
 * How what a call must give has changed: names that are new or gone, and names that are used in a way that calls did
 * not have to think of. What asks for less than before is no change. New names come first, names that are gone last.
 *
 * @example compareInputs(from, to).map((change) => change.message) // ['variable "vip" must be a value now']
 */
export function compareInputs(from: ParameterType, to: ParameterType): readonly Change[] {
  const changes = new Comparison(from.levels, to.levels).changes(from.type, to.type);
  return ORDER.flatMap((kind) => changes.filter((change) => change.kind === kind));
}

/** What is said of a name that is new. */
export function newVariable(path: string): string {
  return `new variable ${quoted(path)}`;
}

type Levels = ParameterType["levels"];
type ObjectType = Extract<InputType, { kind: "object" }>;

/** Types are compared once: data may repeat what repeats a level without end. */
interface FoundChange extends Change {
  /** It is reported elsewhere, where the same two types met first. */
  readonly isReported?: boolean;
}

class Comparison {
  readonly #from: Levels;
  readonly #to: Levels;
  readonly #numbers = new Map<string, number>();
  /** The pairs of objects that have met. */
  readonly #met = new Set<string>();
  /** Those that do not fit, which holds for good: it was found while all that met again was taken to fit. */
  readonly #unfit = new Set<string>();

  constructor(from: Levels, to: Levels) {
    this.#from = from;
    this.#to = to;
  }

  changes(from: InputType, to: InputType): readonly Change[] {
    for (;;) {
      const known = this.#unfit.size;
      this.#met.clear();
      const changes = this.#compare(from, to, "");
      // Something was taken to fit that did not, so that what rests on it must be compared anew.
      if (this.#unfit.size > known) continue;
      const first = changes.filter((change) => change.isReported !== true);
      return unique(breaks(first) === breaks(changes) ? first : changes);
    }
  }

  /** What changes for a call that gave what `from` asks for where `to` is asked for. */
  #compare(from: InputType, to: InputType, path: string): readonly FoundChange[] {
    if (from.kind === "any-of" || to.kind === "any-of") {
      const each = alternatives(from).map((one) => this.#compareToAny(one, alternatives(to), path));
      return each.some((changes) => changes === undefined)
        ? mismatch(from, to, path)
        : (each.flat() as FoundChange[]);
    }
    if (to.kind === "section") return this.#compareToSection(from, to, path);
    if (from.kind === "object" && to.kind === "object") return this.#compareMet(from, to, path);
    return this.#fits(from, to) ? [] : mismatch(from, to, path);
  }

  /** Undefined: it fits none. */
  #compareToAny(from: InputType, to: readonly InputType[], path: string): readonly FoundChange[] | undefined {
    const fitting = to
      .filter((one) => !this.#isUnrelated(from, one))
      .map((one) => this.#compare(from, one, path))
      .filter((changes) => !breaks(changes));
    return fitting.find((changes) => changes.length === 0) ?? fitting[0];
  }

  #compareToSection(
    from: InputType,
    to: InputType & { kind: "section" },
    path: string,
  ): readonly FoundChange[] {
    if (from.kind === "nothing") return [];
    if (from.kind !== "section") {
      const changes = this.#compare(from, to.element, path);
      const fits = !to.isListOnly && !breaks(changes) && !this.#isUnrelated(from, to.element);
      return fits ? changes : mismatch(from, to, path);
    }
    const changes = this.#compare(from.element, to.element, `${path}[]`);
    if (!to.isListOnly || from.isListOnly) return changes;
    return [...changes, broken("variable-kind", `variable ${shown(path)} must be a list now`)];
  }

  /** An object with none of the names that may all be left out: it fits by its lack of everything. */
  #isUnrelated(from: InputType, to: InputType): boolean {
    if (from.kind !== "object" || to.kind !== "object") return false;
    const [given, asked] = [inputsOf(from, this.#from), inputsOf(to, this.#to)];
    if (given.size === 0 || asked.size === 0) return false;
    return [...asked].every(
      ([name, inputs]) => !given.has(name) && inputs.every(({ optional }) => optional !== false),
    );
  }

  /** For what is neither compared by its elements nor by its properties. */
  #fits(from: InputType, to: InputType): boolean {
    if (to.kind === "nothing") return from.kind === "nothing";
    if (to.kind !== "condition") return (to.kind === "value" || to.kind === "narrowed") && isValue(from);
    // A condition takes no function and no promise, which are recognised by these names.
    if (from.kind === "section")
      return from.isListOnly || alternatives(from.element).every((one) => this.#fits(one, to));
    if (from.kind !== "object") return true;
    const given = inputsOf(from, this.#from);
    return !given.has("bind") && !given.has("then");
  }

  #compareMet(from: ObjectType, to: ObjectType, path: string): readonly FoundChange[] {
    if (from.again === undefined && to.again === undefined) return this.#compareObjects(from, to, path);
    const pair = `${this.#number(from)} ${this.#number(to)}`;
    if (this.#met.has(pair))
      return this.#unfit.has(pair)
        ? mismatch(from, to, path).map((one) => ({ ...one, isReported: true }))
        : [];
    this.#met.add(pair);
    const changes = this.#compareObjects(from, to, path);
    if (breaks(changes)) this.#unfit.add(pair);
    return changes;
  }

  /** The same for types that read the same. */
  #number(type: InputType): number {
    const text = JSON.stringify(type);
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }

  #compareObjects(from: ObjectType, to: ObjectType, path: string): readonly FoundChange[] {
    const before = inputsOf(from, this.#from);
    const after = inputsOf(to, this.#to);
    const changes = [...after].flatMap(([name, asked]) =>
      asked.flatMap((input) => this.#compareInput(before.get(name) ?? [], input, memberPath(path, name))),
    );
    const gone = [...before].flatMap(([name, given]) => (after.has(name) ? [] : given));
    return [
      ...changes,
      ...gone
        .filter(({ optional }) => optional !== "outer")
        .flatMap(({ name, type }) => inputPaths(type, memberPath(path, name)))
        .map(
          (one): FoundChange => ({
            kind: "variable-dropped",
            breaks: false,
            message: `variable ${quoted(one)} is gone`,
          }),
        ),
    ];
  }

  /** @param given what was asked of the property: all of it, so that any of it will do */
  #compareInput(given: readonly Input[], asked: Input, path: string): readonly FoundChange[] {
    const isGiven = given.some(({ optional }) => optional === false);
    const isFromOutside = given.every(({ optional }) => optional === "outer");
    if (isFromOutside && asked.optional !== "outer")
      return inputPaths(asked.type, path).map((one) => broken("variable-added", newVariable(one)));
    const each = given.map(({ type }) => this.#compare(type, asked.type, path));
    const changes = each.find((one) => !breaks(one)) ?? each[0] ?? [];
    if (isGiven || asked.optional !== false || allowsUndefined(asked.type)) return changes;
    return [broken("variable-kind", `variable ${quoted(path)} can no longer be undefined`), ...changes];
  }
}

function broken(kind: Change["kind"], message: string): FoundChange {
  return { kind, breaks: true, message };
}

function breaks(changes: readonly Change[]): boolean {
  return changes.some((change) => change.breaks);
}

function unique(changes: readonly Change[]): readonly Change[] {
  return [
    ...new Map(changes.map(({ kind, breaks, message }) => [message, { kind, breaks, message }])).values(),
  ];
}

/** What does not fit, by the names that are new, else in words. */
function mismatch(from: InputType, to: InputType, path: string): readonly FoundChange[] {
  const known = new Set([path === "" ? "." : path, ...inputPaths(from, path)].map(namesOf));
  const added = inputPaths(to, path).filter((one) => !known.has(namesOf(one)));
  if (added.length > 0) return added.map((one) => broken("variable-added", newVariable(one)));
  return [broken("variable-kind", `variable ${shown(path)} must be ${wordsOf(to)} now`)];
}

function shown(path: string): string {
  return quoted(path === "" ? "." : path);
}

function alternatives(type: InputType): readonly InputType[] {
  return type.kind === "any-of" ? type.types.flatMap(alternatives) : [type];
}

function isValue({ kind }: InputType): boolean {
  return kind === "value" || kind === "narrowed";
}

/** The properties of an object, each with all that is asked of it: those of the levels that it repeats included. */
function inputsOf({ inputs, again = [] }: ObjectType, levels: Levels): ReadonlyMap<string, readonly Input[]> {
  const byName = new Map<string, Input[]>();
  for (const input of [...inputs, ...again.flatMap((level) => levels[level] ?? [])])
    byName.set(input.name, [...(byName.get(input.name) ?? []), input]);
  return byName;
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
