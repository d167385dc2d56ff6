import type { Input, InputType } from "../../contract/input-type.ts";
import type { VariableType } from "../../prompt.ts";
import { isCondition, scopesAround } from "./propagate-uses.ts";
import type { Scope, Use } from "./uses.ts";

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
  return new Inference(root, narrowed).scopeType(root, []);
}

class Inference {
  readonly #root: Scope;
  readonly #narrowed: Readonly<Record<string, VariableType>>;

  constructor(root: Scope, narrowed: Readonly<Record<string, VariableType>>) {
    this.#root = root;
    this.#narrowed = narrowed;
  }

  /** What the items of a scope must be; undefined when nothing is used of them. */
  scopeType(scope: Scope, outer: readonly Scope[]): InputType | undefined {
    const inputs = this.#inputs(scope, outer);
    if (scope.isLoose) return { kind: "object", inputs, isOpen: true };
    const item = this.#useType(scope.item, [...outer, scope]);
    if (inputs.length === 0) return item;
    // A condition asks for nothing itself.
    if (item?.kind === "condition") return { kind: "object", inputs };
    return anyOf([item, { kind: "object", inputs }]);
  }

  #inputs(scope: Scope, outer: readonly Scope[]): Input[] {
    return [...scope.names].map(([name, use]): Input => {
      const isNarrowed = scope === this.#root && Object.hasOwn(this.#narrowed, name);
      const type = isNarrowed ? this.#narrowed[name] : undefined;
      return {
        name,
        type:
          type === undefined
            ? (this.#useType(use, scopesAround(use, scope, outer)) ?? { kind: "condition" })
            : { kind: "narrowed", type },
        optional: this.#optional(outer, name, use),
      };
    });
  }

  #optional(outer: readonly Scope[], name: string, use: Use): Input["optional"] {
    if (!use.isOwn && outer.some(({ names }) => names.has(name))) return "outer";
    return use.isInverted ? "inverted" : false;
  }

  #useType(use: Use, outer: readonly Scope[]): InputType | undefined {
    const printed: InputType | undefined = use.isPrinted ? { kind: "value" } : undefined;
    const members = use.members && this.#membersType(use.members, outer);
    if (use.section === undefined) {
      const asked: InputType | undefined = use.isInverted ? { kind: "condition" } : undefined;
      return anyOf([printed, members]) ?? asked;
    }
    const inside = isCondition(use.section, outer) ? undefined : this.scopeType(use.section, outer);
    // Nothing that only its items could have: it only asks whether it's there.
    if (inside === undefined) return printed ?? (members && orNothing(members)) ?? { kind: "condition" };
    const type: InputType = use.isSingle
      ? orNothing(inside)
      : { kind: "section", element: inside, isListOnly: members !== undefined };
    // A value has no names, so a partial that includes itself would find those around it again, forever.
    return use.section.isLoose ? type : anyOf([printed, type]);
  }

  /** `{{x.y}}`: what follows a dot is only looked up there; what its sections use is looked up around the tag. */
  #membersType(members: Scope, outer: readonly Scope[]): InputType {
    const inputs = [...members.names].map(([name, use]): Input => {
      const type = this.#useType(use, outer) ?? { kind: "condition" };
      return { name, type, optional: use.isInverted ? "inverted" : false };
    });
    return { kind: "object", inputs };
  }
}

/** `{{#user}}{{user.name}}{{/user}}`: the section is skipped without it. */
function orNothing(type: InputType): InputType {
  return { kind: "any-of", types: [type, { kind: "nothing" }] };
}

function anyOf(types: readonly (InputType | undefined)[]): InputType | undefined {
  const given = types.filter((type) => type !== undefined);
  return given.length > 1 ? { kind: "any-of", types: given } : given[0];
}
