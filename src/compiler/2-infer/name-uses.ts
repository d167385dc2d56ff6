import { ResourceError } from "../../errors/classes.ts";
import { whereOf } from "../../errors/diagnostic.ts";
import type { MustacheNode, MustachePath, Partials } from "../1-parse/read-mustache.ts";
import type { PromptSource } from "../compiled-prompt.ts";

/** How many nodes of partials are visited, each with a name in another place. Far more than a prompt has. */
const MAX_NODES = 20_000;
/** How deep sections can be nested through partials: they become a type, which compilers read level by level. */
const MAX_SCOPES = 200;

/**
 * Collects what a prompt's templates use, partials included. If a partial leads back to itself, the items there can
 * be any objects.
 *
 * @param bodies the templates of `source`
 * @param conditions top-level names that the config says aren't lists or objects: what their sections use is used
 *   outside
 * @returns undefined when partials within sections of partials lead to more places than can be visited
 * @throws ResourceError `template_partial_endless` for a partial that leads to itself with nothing that ends it
 */
export function nameUses(
  source: PromptSource,
  bodies: readonly (readonly MustacheNode[])[],
  partials: Partials,
  conditions: ReadonlySet<string>,
): Scope | undefined {
  /** Which partials were visited in which places: once is enough, however many paths lead there. */
  const seen = new Set<string>();
  const numbers = new Map<object, number>();
  let visited = 0;
  const numberOf = (one: object): number => {
    const number = numbers.get(one) ?? numbers.size;
    numbers.set(one, number);
    return number;
  };
  const walk = (nodes: readonly MustacheNode[], place: Place): void => {
    for (const node of nodes) {
      if (place.scopes.length > MAX_SCOPES) visited = Number.POSITIVE_INFINITY;
      if (visited > MAX_NODES) return;
      if (node.kind === "variable") useOf(place, node.path).isPrinted = true;
      else if (node.kind === "section") walkSection(node, place);
      else if (node.kind === "partial") walkPartial(node, place);
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
      const isNarrowed = place.scopes.length === 1 && path.length === 1 && conditions.has(path[0] as string);
      walk(nodes, isNarrowed ? { ...place, item: use } : insideSection(use.section, path, place));
    }
  };
  const walkPartial = (node: MustacheNode & { readonly kind: "partial" }, place: Place): void => {
    const { around, open, scopes } = place;
    if (open.includes(node.source)) throw endlessPartial(place.source, node.source, node);
    if (around.includes(node.source)) {
      (scopes.at(-1) as Scope).isLoose = true;
      return;
    }
    const key = [node.source, ...scopes, place.item].map(numberOf).join();
    if (seen.has(key)) return;
    seen.add(key);
    const nodes = partials.get(node.source) ?? [];
    visited += 1 + countNodes(nodes);
    const { source } = node;
    walk(nodes, { ...place, source, around: [...around, source], open: [...open, source] });
  };
  const root = newScope();
  for (const nodes of bodies)
    walk(nodes, { source, scopes: [root], item: root.item, around: [source], open: [source] });
  return visited > MAX_NODES ? undefined : root;
}

interface Place {
  /** The partial, or the prompt itself. */
  readonly source: PromptSource;
  readonly scopes: readonly Scope[];
  readonly item: Use;
  readonly around: readonly PromptSource[];
  /** Those since a section last led deeper into the data. */
  readonly open: readonly PromptSource[];
}

function insideSection(section: Scope, path: MustachePath, place: Place): Place {
  const inside = { ...place, scopes: [...place.scopes, section], item: section.item };
  // The item of an item is itself, unless it's a list: that ends nothing.
  return path.length === 0 ? inside : { ...inside, open: [] };
}

function countNodes(nodes: readonly MustacheNode[]): number {
  return nodes.reduce((sum, node) => sum + 1 + (node.kind === "section" ? countNodes(node.nodes) : 0), 0);
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

/** @param source the partial with the tag that leads back to `included` */
function endlessPartial(
  source: PromptSource,
  included: PromptSource,
  { index, length }: MustacheNode & { readonly kind: "partial" },
): ResourceError {
  // Only a text can be a partial.
  const text = source.version.content as string;
  return new ResourceError(`The partial ${included.ref.name} includes itself, so its text would never end.`, {
    code: "template_partial_endless",
    where: whereOf(source, { text, index, length }),
    hint: "Put the tag into a section of a list or an object, {{#children}}{{> name}}{{/children}}, which ends where the data does, or remove it. Inverted sections, {{#.}}, {{#items.length}} and the section of a name that the config narrows don't count.",
  });
}

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
