import type { VariableType } from "../config/types.ts";
import type { Input, InputType, ParameterType } from "../template/input-type.ts";
import type { Level, Scope, Use } from "./name-uses.ts";

/**
 * The type of a mustache prompt's parameter, from how its templates use each name; undefined when they use none.
 * `docs/mustache.md` says what is inferred from what.
 *
 * @param narrowed types of top-level names that the config gives
 */
export function inferInputs(
  root: Scope,
  narrowed: Readonly<Record<string, VariableType>>,
): ParameterType | undefined {
  const inference = new Inference(root, narrowed);
  const type = inference.scopeType(root, []);
  return type && { type, levels: inference.levels() };
}

class Inference {
  readonly #root: Scope;
  readonly #narrowed: Readonly<Record<string, VariableType>>;
  /** The levels that something repeats, by their number. */
  readonly #levels: Level[] = [];

  constructor(root: Scope, narrowed: Readonly<Record<string, VariableType>>) {
    this.#root = root;
    this.#narrowed = narrowed;
  }

  levels(): readonly (readonly Input[])[] {
    const levels: Input[][] = [];
    // What a level holds may repeat others: the list grows while it is walked.
    for (const { scope, outer, names } of this.#levels)
      levels.push(this.#inputs(scope, outer).filter(({ name }) => names.has(name)));
    return levels;
  }

  /** What the items of a scope must be; undefined when nothing is used of them. */
  scopeType(scope: Scope, outer: readonly Scope[]): InputType | undefined {
    const item = this.#useType(scope.item, [...outer, scope]);
    const inputs = this.#inputs(scope, outer);
    const again = [...scope.repeats].map((level) => this.#numberOf(level));
    if (again.length > 0) return anyOf([item, { kind: "object", inputs, again }]);
    return anyOf([item, inputs.length > 0 ? { kind: "object", inputs } : undefined]);
  }

  #numberOf(level: Level): number {
    if (!this.#levels.includes(level)) this.#levels.push(level);
    return this.#levels.indexOf(level);
  }

  #inputs(scope: Scope, outer: readonly Scope[]): Input[] {
    return [...scope.names].map(([name, use]): Input => {
      const isNarrowed = scope === this.#root && Object.hasOwn(this.#narrowed, name);
      const type = isNarrowed ? this.#narrowed[name] : undefined;
      return {
        name,
        type:
          type === undefined
            ? (this.#useType(use, [...outer, scope]) ?? { kind: "condition" })
            : { kind: "narrowed", type },
        optional: outer.some((one) => one.names.has(name)) ? "outer" : use.isInverted ? "inverted" : false,
      };
    });
  }

  #useType(use: Use, outer: readonly Scope[]): InputType | undefined {
    const printed: InputType | undefined = use.isPrinted ? { kind: "value" } : undefined;
    const members = use.members === undefined ? undefined : this.scopeType(use.members, []);
    if (use.section === undefined) {
      const asked: InputType | undefined = use.isInverted ? { kind: "condition" } : undefined;
      return anyOf([printed, members]) ?? asked;
    }
    const inside = this.scopeType(use.section, outer);
    if (inside === undefined || isAllOuter(inside)) {
      // Nothing that only its items could have: it says whether, not what.
      return printed ?? (members && orNothing(members)) ?? { kind: "condition" };
    }
    if (members === undefined)
      return anyOf([printed, { kind: "section", element: inside, isListOnly: false }]);
    if (isLength(members)) return anyOf([printed, { kind: "section", element: inside, isListOnly: true }]);
    return anyOf([printed, orNothing(merged(inside, members))]);
  }
}

/** `{{#user}}{{user.name}}{{/user}}`: the section is skipped without it. */
function orNothing(type: InputType): InputType {
  return { kind: "any-of", types: [type, { kind: "nothing" }] };
}

/** Does everything inside come from outside, should it be missing inside? */
function isAllOuter(type: InputType): boolean {
  if (type.kind !== "object" || type.again !== undefined) return false;
  return type.inputs.every((input) => input.optional === "outer");
}

/** `{{#items.length}}`: every list has it, and nothing but a list. */
function isLength(type: InputType): boolean {
  return type.kind === "object" && type.inputs.length === 1 && type.inputs[0]?.name === "length";
}

/** `{{#user}}{{name}}{{/user}} {{user.email}}`: one object with both. */
function merged(inside: InputType, members: InputType): InputType {
  if (inside.kind !== "object" || members.kind !== "object")
    return { kind: "any-of", types: [inside, members] };
  const byName = new Map(inside.inputs.map((input) => [input.name, input]));
  for (const input of members.inputs) {
    const known = byName.get(input.name);
    const type =
      known === undefined ? input.type : { kind: "any-of" as const, types: [known.type, input.type] };
    byName.set(input.name, { ...input, type: sameType(known?.type, input.type) ? input.type : type });
  }
  return { ...inside, inputs: [...byName.values()] };
}

function sameType(a: InputType | undefined, b: InputType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function anyOf(types: readonly (InputType | undefined)[]): InputType | undefined {
  const given = types.filter((type) => type !== undefined);
  return given.length > 1 ? { kind: "any-of", types: given } : given[0];
}
