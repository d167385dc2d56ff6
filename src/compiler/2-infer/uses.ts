import type { PromptSource } from "../prompt-source.ts";

/** The names that a stretch of a template uses, each with how: of the whole template, or of a section's inside. */
export interface Scope {
  readonly names: Map<string, Use>;
  /** How the item itself is used, `{{.}}`. */
  readonly item: Use;
  /** Partials that lead to themselves and are included here: the item must have all their names. */
  readonly repeats: Set<Level>;
}

/** What a partial that leads to itself uses, taken by itself: every level of the data must have it. */
export interface Level {
  readonly source: PromptSource;
  readonly scope: Scope;
  /** Its names are top-level ones, too, so that the config's types hold for them. */
  isNarrowed: boolean;
}

/** How one name is used, all places together. */
export interface Use {
  /** `{{x}}` */
  isPrinted: boolean;
  /** `{{#x}}`; what the insides of all its sections use. */
  section: Scope | undefined;
  /** `{{^x}}` */
  isInverted: boolean;
  /** `{{x.y}}`; the names after the dot. */
  members: Scope | undefined;
  /** `{{#x}}{{name}}{{/x}}{{x.mail}}`: one object. Its members are among what the section uses. */
  isSingle: boolean;
  /** It is such a member: never taken from outside. */
  isOwn: boolean;
}

export function newScope(): Scope {
  return { names: new Map(), item: newUse(), repeats: new Set() };
}

function newUse(): Use {
  return {
    isPrinted: false,
    section: undefined,
    isInverted: false,
    members: undefined,
    isSingle: false,
    isOwn: false,
  };
}

/** The use of a name in a scope, made if it is not there. */
export function ownUse(scope: Scope, name: string): Use {
  const known = scope.names.get(name) ?? newUse();
  scope.names.set(name, known);
  return known;
}

/** Is the name one of the scope's own, or of a partial's that repeats there? */
export function knows(scope: Scope, name: string): boolean {
  return scope.names.has(name) || [...scope.repeats].some((level) => level.scope.names.has(name));
}

/** Is a partial that leads to itself included inside, however deep? */
export function leadsOn(scope: Scope): boolean {
  return scope.repeats.size > 0 || useLeadsOn(scope.item) || [...scope.names.values()].some(useLeadsOn);
}

/** Is it inside of the sections of this name? */
export function useLeadsOn({ section, members }: Use): boolean {
  return [section, members].some((scope) => scope !== undefined && leadsOn(scope));
}

export function isUsed({ isPrinted, section, isInverted, members }: Use): boolean {
  return isPrinted || isInverted || section !== undefined || members !== undefined;
}
