import { isUsed, newScope, ownUse, type Scope, type Use } from "./name-uses.ts";

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
    if (from.isLoose && !into.isLoose) {
      hasChanged = true;
      into.isLoose = true;
    }
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
export function scopesAround(use: Use, scope: Scope, outer: readonly Scope[]): readonly Scope[] {
  return use.isOwn ? outer : [...outer, scope];
}

/** Is everything inside a section known outside, so that it only asks whether it's there? */
export function isCondition(section: Scope, outer: readonly Scope[]): boolean {
  if (isUsed(section.item)) return false;
  for (const [name, use] of section.names)
    if (use.isOwn || !outer.some(({ names }) => names.has(name))) return false;
  return !section.isLoose;
}

/** `{{#items.length}}`: every list has it, and only a list. */
function isLength(members: Scope): boolean {
  return members.names.size === 1 && members.names.has("length");
}
