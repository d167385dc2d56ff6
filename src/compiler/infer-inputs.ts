import type { VariableType } from "../config/types.ts";
import type { Input, InputType } from "../template/input-type.ts";
import type { Scope, Use } from "./name-uses.ts";

/**
 * The type of a mustache prompt's parameter, from how its templates use each name; undefined when they use none.
 * `docs/mustache.md` says what is inferred from what.
 *
 * @param narrowed types of top-level names that the config gives
 */
export function inferInputs(
  root: Scope,
  narrowed: Readonly<Record<string, VariableType>>,
): InputType | undefined {
  return scopeType(root, [], narrowed);
}

/** What the items of a scope must be; undefined when nothing is used of them. */
function scopeType(
  scope: Scope,
  outer: readonly Scope[],
  narrowed: Readonly<Record<string, VariableType>> = {},
): InputType | undefined {
  const item = useType(scope.item, [...outer, scope]);
  const inputs = [...scope.names].map(([name, use]): Input => {
    const type = Object.hasOwn(narrowed, name) ? narrowed[name] : undefined;
    return {
      name,
      type:
        type === undefined
          ? (useType(use, [...outer, scope]) ?? { kind: "condition" })
          : { kind: "narrowed", type },
      optional: outer.some((one) => one.names.has(name)) ? "outer" : use.isInverted ? "inverted" : false,
    };
  });
  const object: InputType | undefined = inputs.length > 0 ? { kind: "object", inputs } : undefined;
  return anyOf([item, object]);
}

function useType(use: Use, outer: readonly Scope[]): InputType | undefined {
  const printed: InputType | undefined = use.isPrinted ? { kind: "value" } : undefined;
  const members = use.members === undefined ? undefined : scopeType(use.members, []);
  if (use.section === undefined) {
    const asked: InputType | undefined = use.isInverted ? { kind: "condition" } : undefined;
    return anyOf([printed, members]) ?? asked;
  }
  const inside = scopeType(use.section, outer);
  if (inside === undefined || isAllOuter(inside)) {
    // Nothing that only its items could have: it says whether, not what.
    return printed ?? (members && orNothing(members)) ?? { kind: "condition" };
  }
  if (members === undefined) return anyOf([printed, { kind: "section", element: inside, isListOnly: false }]);
  if (isLength(members)) return anyOf([printed, { kind: "section", element: inside, isListOnly: true }]);
  return anyOf([printed, orNothing(merged(inside, members))]);
}

/** `{{#user}}{{user.name}}{{/user}}`: the section is skipped without it. */
function orNothing(type: InputType): InputType {
  return { kind: "any-of", types: [type, { kind: "nothing" }] };
}

/** Does everything inside come from outside, should it be missing inside? */
function isAllOuter(type: InputType): boolean {
  return type.kind === "object" && type.inputs.every((input) => input.optional === "outer");
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
  return { kind: "object", inputs: [...byName.values()] };
}

function sameType(a: InputType | undefined, b: InputType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function anyOf(types: readonly (InputType | undefined)[]): InputType | undefined {
  const given = types.filter((type) => type !== undefined);
  return given.length > 1 ? { kind: "any-of", types: given } : given[0];
}
