import type { Input, InputType } from "../../contract/input-type.ts";
import type { VariableType } from "../../prompt.ts";
import type { Scope, Use } from "./name-uses.ts";
import { isCondition, scopesAround } from "./propagate-uses.ts";

/**
 * The type of a mustache prompt's parameter, inferred from how its templates use each name; undefined when they use
 * none. `docs/mustache.md` says what is inferred from what.
 *
 * @param root the uses of all its templates, propagated
 * @param narrowed types of top-level names that the config gives
 */
export function inferInputs(
  root: Scope,
  narrowed: Readonly<Record<string, VariableType>>,
): InputType | undefined {
  const inputsOf = (scope: Scope, outer: readonly Scope[]): readonly Input[] =>
    [...scope.names].map(([name, use]): Input => {
      const type = scope === root && Object.hasOwn(narrowed, name) ? narrowed[name] : undefined;
      const isOuter = !use.isOwn && outer.some(({ names }) => names.has(name));
      return {
        name,
        type:
          type === undefined
            ? (typeOf(use, scopesAround(use, scope, outer)) ?? { kind: "condition" })
            : {
                kind: "narrowed",
                type,
                ...(!use.isPrinted && !use.section?.item.isPrinted && { isTested: true as const }),
              },
        optional: isOuter ? "outer" : use.isInverted ? "inverted" : false,
      };
    });

  /** What the items of a scope must be; undefined when nothing is used of them. */
  const itemType = (scope: Scope, outer: readonly Scope[]): InputType | undefined => {
    const inputs = inputsOf(scope, outer);
    if (scope.isLoose) return { kind: "object", inputs, isOpen: true };
    const item = typeOf(scope.item, [...outer, scope]);
    if (inputs.length === 0) return item;
    // A condition asks for nothing itself.
    if (item?.kind === "condition") return { kind: "object", inputs };
    return anyInput([item, { kind: "object", inputs }]);
  };

  const typeOf = (use: Use, outer: readonly Scope[]): InputType | undefined => {
    const printed: InputType | undefined = use.isPrinted ? { kind: "value" } : undefined;
    const members = use.members && membersType(use.members, outer);
    if (use.section === undefined) {
      const asked: InputType | undefined = use.isInverted ? { kind: "condition" } : undefined;
      return anyInput([printed, members]) ?? asked;
    }
    const inside = isCondition(use.section, outer) ? undefined : itemType(use.section, outer);
    // Nothing that only its items could have: it only asks whether it's there.
    if (inside === undefined) return printed ?? (members && orNothing(members)) ?? { kind: "condition" };
    const type: InputType = use.isSingle
      ? orNothing(inside)
      : { kind: "section", element: inside, isListOnly: members !== undefined };
    // A value has no names, so a partial that includes itself would find those around it again, forever.
    return use.section.isLoose ? type : anyInput([printed, type]);
  };

  /** `{{x.y}}`: what follows a dot is only looked up there; what its sections use is looked up around the tag. */
  const membersType = (members: Scope, outer: readonly Scope[]): InputType => {
    const inputs = [...members.names].map(([name, use]): Input => {
      const type = typeOf(use, outer) ?? { kind: "condition" };
      return { name, type, optional: use.isInverted ? "inverted" : false };
    });
    return { kind: "object", inputs };
  };
  return itemType(root, []);
}

/** `{{#user}}{{user.name}}{{/user}}`: the section is skipped without it. */
function orNothing(type: InputType): InputType {
  return { kind: "any-of", types: [type, { kind: "nothing" }] };
}

function anyInput(types: readonly (InputType | undefined)[]): InputType | undefined {
  const given = types.filter((type) => type !== undefined);
  return given.length > 1 ? { kind: "any-of", types: given } : given[0];
}
