/** The names that a part of a template uses, and how: the whole template, or the inside of a section. */
export interface Scope {
  readonly names: Map<string, Use>;
  /** How the item itself is used, `{{.}}`. */
  readonly item: Use;
  /** A partial includes itself here: what it asks of an item isn't followed any further. */
  isLoose: boolean;
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
  /** It's such a member: never taken from outside. */
  isOwn: boolean;
}

export function newScope(): Scope {
  return { names: new Map(), item: newUse(), isLoose: false };
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

/** The use of a name in a scope, added if it's missing. */
export function ownUse(scope: Scope, name: string): Use {
  const known = scope.names.get(name) ?? newUse();
  scope.names.set(name, known);
  return known;
}

export function isUsed({ isPrinted, section, isInverted, members }: Use): boolean {
  return isPrinted || isInverted || section !== undefined || members !== undefined;
}
