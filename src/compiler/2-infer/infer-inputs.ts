import type { Input, InputType } from "../../contract/input-type.ts";
import type { VariableType } from "../../prompt.ts";
import { isUsed, newScope, ownUse, type Scope, type Use } from "./name-uses.ts";

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
    return anyInput([printed, type]);
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

/** The most names that are passed on: if every section used every name, they would grow forever. */
const MAX_NAMES = 50_000;

/**
 * Finds out what each name means that is used both inside and outside a section. A section's items don't need to have
 * it, and then it's taken from outside: so whatever is asked of it inside is asked outside too.
 *
 * @returns false when the names lead to more places than can be followed
 */
export function propagateUses(root: Scope): boolean {
  let hasChanged = false;
  let names = 0;
  const propagate = (scope: Scope, outer: readonly Scope[], withInverted: boolean): void => {
    propagateUse(scope.item, [...outer, scope]);
    for (const [name, use] of scope.names) {
      const scopes = scopesAround(use, scope, outer);
      propagateUse(use, scopes);
      const known = use.isOwn ? undefined : outer.findLast((one) => one.names.has(name));
      // What a condition says about a name that isn't there, it says about the one outside.
      if (known !== undefined) add(ownUse(known, name), use, scopes, withInverted);
      if (names > MAX_NAMES) return;
    }
  };

  /** @param scopes those around its tags */
  const propagateUse = (use: Use, scopes: readonly Scope[]): void => {
    if (use.section !== undefined) propagate(use.section, scopes, isCondition(use.section, scopes));
    if (use.members === undefined) return;
    for (const member of use.members.names.values()) propagateUse(member, scopes);
    if (use.section === undefined || (!use.isSingle && isLength(use.members))) return;
    use.isSingle = true;
    hasChanged = true;
    addMembers(use.section, use.members, scopes, true);
    use.members = undefined;
  };

  /** @param scopes those around the tags of `from` */
  const add = (into: Use, from: Use, scopes: readonly Scope[], withInverted = true): void => {
    if (into === from) return;
    for (const kind of ["isPrinted", "isSingle", "isInverted"] as const) {
      if (!from[kind] || into[kind] || (kind === "isInverted" && !withInverted)) continue;
      into[kind] = true;
      hasChanged = true;
    }
    if (from.section !== undefined) {
      const section = scopeOf(into, "section");
      if (!isCondition(from.section, scopes)) addSection(section, from.section, scopes);
    }
    if (from.members !== undefined) {
      const members = scopeOf(into, into.isSingle ? "section" : "members");
      addMembers(members, from.members, scopes, into.isSingle);
    }
  };
  const addSection = (into: Scope, from: Scope, outer: readonly Scope[]): void => {
    add(into.item, from.item, [...outer, from]);
    for (const [name, use] of [...from.names])
      addName(into, name, use, scopesAround(use, from, outer), use.isOwn);
  };
  const addMembers = (into: Scope, from: Scope, scopes: readonly Scope[], isOwn: boolean): void => {
    for (const [name, use] of [...from.names]) addName(into, name, use, scopes, isOwn);
  };
  const addName = (into: Scope, name: string, use: Use, scopes: readonly Scope[], isOwn: boolean): void => {
    if (names > MAX_NAMES) return;
    if (!into.names.has(name)) {
      hasChanged = true;
      names++;
    }
    const added = ownUse(into, name);
    if (isOwn && !added.isOwn) {
      hasChanged = true;
      added.isOwn = true;
    }
    add(added, use, scopes);
  };
  const scopeOf = (use: Use, kind: "section" | "members"): Scope => {
    if (use[kind] === undefined) hasChanged = true;
    use[kind] ??= newScope();
    return use[kind];
  };
  // What is passed on may itself be known further out, and make other names known.
  do {
    hasChanged = false;
    propagate(root, [], false);
  } while (hasChanged && names <= MAX_NAMES);
  return names <= MAX_NAMES;
}

/** The scopes that the insides of a name's sections are looked up in; for a member's, they're those around the tag. */
function scopesAround(use: Use, scope: Scope, outer: readonly Scope[]): readonly Scope[] {
  return use.isOwn ? outer : [...outer, scope];
}

/** Is everything inside a section known outside, so that it only asks whether it's there? */
function isCondition(section: Scope, outer: readonly Scope[]): boolean {
  if (isUsed(section.item)) return false;
  return [...section.names].every(([name, use]) => !use.isOwn && outer.some(({ names }) => names.has(name)));
}

/** `{{#items.length}}`: every list has it, and only a list. */
function isLength(members: Scope): boolean {
  return members.names.size === 1 && members.names.has("length");
}
