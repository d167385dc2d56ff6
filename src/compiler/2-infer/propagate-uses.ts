import { isUsed, newScope, ownUse, type Scope, type Use } from "./uses.ts";

/** The most names that are passed on: if every section used every name, they would grow forever. */
const MAX_NAMES = 50_000;

/**
 * Finds out what each name means that is used both inside and outside a section. A section's items don't need to have
 * it, and then it's taken from outside: so whatever is asked of it inside is asked outside too.
 *
 * @returns false when the names lead to more places than can be followed
 */
export function propagateUses(root: Scope): boolean {
  const propagation = new Propagation();
  // What is passed on may itself be known further out, and make other names known.
  do propagation.round(root);
  while (propagation.hasChanged && !propagation.isTooMuch);
  return !propagation.isTooMuch;
}

class Propagation {
  hasChanged = false;
  #names = 0;

  get isTooMuch(): boolean {
    return this.#names > MAX_NAMES;
  }

  round(root: Scope): void {
    this.hasChanged = false;
    this.#scope(root, [], false);
  }

  #scope(scope: Scope, outer: readonly Scope[], isCondition: boolean): void {
    this.#use(scope.item, [...outer, scope]);
    for (const [name, use] of scope.names) {
      const scopes = scopesAround(use, scope, outer);
      this.#use(use, scopes);
      const known = use.isOwn ? undefined : outer.findLast(({ names }) => names.has(name));
      // What a condition says about a name that isn't there, it says about the one outside.
      if (known !== undefined) this.#add(ownUse(known, name), use, scopes, isCondition);
      if (this.isTooMuch) return;
    }
  }

  /** @param scopes those around its tags */
  #use(use: Use, scopes: readonly Scope[]): void {
    if (use.section !== undefined) this.#scope(use.section, scopes, isCondition(use.section, scopes));
    if (use.members === undefined) return;
    for (const member of use.members.names.values()) this.#use(member, scopes);
    if (use.section === undefined || (!use.isSingle && isLength(use.members))) return;
    use.isSingle = true;
    this.hasChanged = true;
    this.#addMembers(use.section, use.members, scopes, true);
    use.members = undefined;
  }

  #addSection(into: Scope, from: Scope, outer: readonly Scope[]): void {
    this.#add(into.item, from.item, [...outer, from]);
    if (from.isLoose && !into.isLoose) {
      this.hasChanged = true;
      into.isLoose = true;
    }
    for (const [name, use] of [...from.names])
      this.#addName(into, name, use, scopesAround(use, from, outer), use.isOwn);
  }

  #addMembers(into: Scope, from: Scope, scopes: readonly Scope[], isOwn: boolean): void {
    for (const [name, use] of [...from.names]) this.#addName(into, name, use, scopes, isOwn);
  }

  #addName(into: Scope, name: string, use: Use, scopes: readonly Scope[], isOwn: boolean): void {
    if (this.isTooMuch) return;
    if (!into.names.has(name)) {
      this.hasChanged = true;
      this.#names++;
    }
    const added = ownUse(into, name);
    if (isOwn && !added.isOwn) {
      this.hasChanged = true;
      added.isOwn = true;
    }
    this.#add(added, use, scopes);
  }

  /** @param scopes those around the tags of `from` */
  #add(into: Use, from: Use, scopes: readonly Scope[], withInverted = true): void {
    if (into === from) return;
    for (const kind of ["isPrinted", "isSingle", "isInverted"] as const) {
      if (!from[kind] || into[kind] || (kind === "isInverted" && !withInverted)) continue;
      into[kind] = true;
      this.hasChanged = true;
    }
    if (from.section !== undefined) {
      const section = this.#scopeOf(into, "section");
      if (!isCondition(from.section, scopes)) this.#addSection(section, from.section, scopes);
    }
    if (from.members !== undefined) {
      const members = this.#scopeOf(into, into.isSingle ? "section" : "members");
      this.#addMembers(members, from.members, scopes, into.isSingle);
    }
  }

  #scopeOf(use: Use, kind: "section" | "members"): Scope {
    if (use[kind] === undefined) this.hasChanged = true;
    use[kind] ??= newScope();
    return use[kind];
  }
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
