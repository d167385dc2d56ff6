import type { MustacheNode, MustachePath } from "../1-parse/read-mustache.ts";

/**
 * Collects what a prompt's templates use.
 *
 * @param conditions top-level names that the config says aren't lists or objects: what their sections use is used
 *   outside
 */
export function nameUses(
  bodies: readonly (readonly MustacheNode[])[],
  conditions: ReadonlySet<string>,
): Scope {
  const walk = (nodes: readonly MustacheNode[], place: Place): void => {
    for (const node of nodes) {
      if (node.kind === "variable") useOf(place, node.path).isPrinted = true;
      else if (node.kind === "section") walkSection(node, place);
    }
  };
  const walkSection = (node: MustacheNode & { readonly kind: "section" }, place: Place): void => {
    const { nodes, path } = node;
    const use = useOf(place, path);
    // In a condition, names are those outside; the item is what the condition asks for.
    if (node.isInverted) {
      use.isInverted = true;
      walk(nodes, place);
    } else if (isLength(path)) {
      use.isPrinted = true;
      walk(nodes, { ...place, item: use });
    } else {
      use.section ??= newScope();
      const { section } = use;
      const isNarrowed = place.scopes.length === 1 && path.length === 1 && conditions.has(path[0] as string);
      const inside = { scopes: [...place.scopes, section], item: section.item };
      walk(nodes, isNarrowed ? { ...place, item: use } : inside);
    }
  };
  const root = newScope();
  for (const nodes of bodies) walk(nodes, { scopes: [root], item: root.item });
  return root;
}

interface Place {
  readonly scopes: readonly Scope[];
  readonly item: Use;
}

/** `{{#items.length}}`: a number, which has nothing inside. */
function isLength(path: MustachePath): boolean {
  return path.length > 1 && path.at(-1) === "length";
}

/** The use of a path's last name, with the path looked up from the innermost scope; without a name, the item's. */
function useOf({ scopes, item }: Place, path: MustachePath): Use {
  const [first, ...rest] = path;
  if (first === undefined) return item;
  let use = firstUse(scopes, first);
  for (const name of rest) {
    use.members ??= newScope();
    use = ownUse(use.members, name);
  }
  return use;
}

/** `{{#x}}Hello {{x}}{{/x}}`: inside a section its own name still means what it means outside. */
function firstUse(scopes: readonly Scope[], name: string): Use {
  for (let i = scopes.length - 2; i >= 0; i--) {
    const outer = (scopes[i] as Scope).names.get(name);
    if (outer?.section !== undefined && scopes.includes(outer.section)) return outer;
  }
  return ownUse(scopes.at(-1) as Scope, name);
}

/** The names that a part of a template uses, and how: the whole template, or the inside of a section. */
export interface Scope {
  readonly names: Map<string, Use>;
  /** How the item itself is used, `{{.}}`. */
  readonly item: Use;
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
  return { names: new Map(), item: newUse() };
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
