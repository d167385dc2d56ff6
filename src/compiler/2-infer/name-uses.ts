import { ResourceError } from "../../errors/classes.ts";
import type { MustacheNode, MustachePath } from "../1-parse/mustache-nodes.ts";
import type { Partials } from "../1-parse/read-mustache.ts";
import { whereOf } from "../diagnostic.ts";
import type { PromptSource } from "../prompt-source.ts";
import { newScope, ownUse, type Scope, type Use } from "./uses.ts";

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
  const walk = new Walk(partials, conditions);
  const root = newScope();
  for (const nodes of bodies) walk.top(source, nodes, root);
  return walk.isTooLong ? undefined : root;
}

/** Where in the templates a node is. */
interface Place {
  /** The partial, or the prompt itself. */
  readonly source: PromptSource;
  readonly scopes: readonly Scope[];
  readonly item: Use;
  /** The enclosing partials. */
  readonly around: readonly PromptSource[];
  /** Those since a section last led deeper into the data. */
  readonly open: readonly PromptSource[];
}

class Walk {
  readonly #partials: Partials;
  readonly #conditions: ReadonlySet<string>;
  /** Which partials were visited in which places: once is enough, however many paths lead there. */
  readonly #seen = new Set<string>();
  readonly #numbers = new Map<object, number>();
  #nodes = 0;

  constructor(partials: Partials, conditions: ReadonlySet<string>) {
    this.#partials = partials;
    this.#conditions = conditions;
  }

  get isTooLong(): boolean {
    return this.#nodes > MAX_NODES;
  }

  top(source: PromptSource, nodes: readonly MustacheNode[], scope: Scope): void {
    this.#walk(nodes, { source, scopes: [scope], item: scope.item, around: [source], open: [source] });
  }

  #walk(nodes: readonly MustacheNode[], place: Place): void {
    for (const node of nodes) {
      if (place.scopes.length > MAX_SCOPES) this.#nodes = Number.POSITIVE_INFINITY;
      if (this.isTooLong) return;
      if (node.kind === "variable") useOf(place, node.path).isPrinted = true;
      else if (node.kind === "section") this.#section(node, place);
      else if (node.kind === "partial") this.#partial(node, place);
    }
  }

  #section(node: MustacheNode & { readonly kind: "section" }, place: Place): void {
    const { nodes, path } = node;
    const use = useOf(place, path);
    // In a condition, names are those outside; the item is what the condition asks for.
    if (node.isInverted) {
      use.isInverted = true;
      this.#walk(nodes, place);
    } else if (isLength(path)) {
      use.isPrinted = true;
      this.#walk(nodes, { ...place, item: use });
    } else {
      use.section ??= newScope();
      if (this.#isNarrowed(path, place)) this.#walk(nodes, { ...place, item: use });
      else this.#walk(nodes, insideOf(use.section, path, place));
    }
  }

  #isNarrowed(path: MustachePath, { scopes }: Place): boolean {
    return scopes.length === 1 && path.length === 1 && this.#conditions.has(path[0] as string);
  }

  #partial(node: MustacheNode & { readonly kind: "partial" }, place: Place): void {
    const { source } = node;
    const { around, open, scopes } = place;
    if (open.includes(source)) throw endlessPartial(place.source, source, node);
    if (around.includes(source)) {
      (scopes.at(-1) as Scope).isLoose = true;
      return;
    }
    if (!this.#isNew(source, [...scopes, place.item])) return;
    const inside = { source, around: [...around, source], open: [...open, source] };
    this.#walk(this.#partials.get(source) ?? [], { ...place, ...inside });
  }

  #isNew(source: PromptSource, place: readonly object[]): boolean {
    const key = [source, ...place].map((one) => this.#number(one)).join();
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#nodes += 1 + countNodes(this.#partials.get(source) ?? []);
    return true;
  }

  #number(one: object): number {
    const number = this.#numbers.get(one) ?? this.#numbers.size;
    this.#numbers.set(one, number);
    return number;
  }
}

function insideOf(section: Scope, path: MustachePath, place: Place): Place {
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
