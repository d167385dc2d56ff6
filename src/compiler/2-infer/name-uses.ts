import type { MustacheNode, MustachePath } from "../1-parse/mustache-nodes.ts";
import type { Partials } from "../1-parse/read-mustache.ts";
import type { PromptSource } from "../prompt-source.ts";
import { endlessPartial } from "./endless-partial.ts";
import { RecursivePartials } from "./recursive-partials.ts";
import { type Level, newScope, ownUse, type Scope, type Use } from "./uses.ts";

/** So many nodes of partials are walked; each a name in another place. Far more than a prompt has. */
const MOST_NODES = 20_000;
/** So deep may sections be through partials: what they make becomes a type, which compilers read level by level. */
const MOST_SCOPES = 200;

/** What a prompt's templates use. */
export interface NameUses {
  readonly root: Scope;
  /** The partials that lead to themselves and are included in sections. */
  readonly levels: readonly Level[];
}

/**
 * Collects what a prompt's templates use, partials included. A partial that leads to itself is walked once more by
 * itself: wherever a section includes it, the item must have all its names, lest a lookup leave the item and find the
 * same data again, without end.
 *
 * @param bodies the templates of `source`
 * @param conditions top-level names that the config says are no lists or objects: what their sections use is used outside
 * @returns undefined when partials within sections of partials lead to more places than can be walked
 * @throws ResourceError `template_partial_endless` for a partial that leads to itself with nothing that ends it
 */
export function nameUses(
  source: PromptSource,
  bodies: readonly (readonly MustacheNode[])[],
  partials: Partials,
  conditions: ReadonlySet<string>,
): NameUses | undefined {
  const walk = new Walk(partials, conditions);
  const root = newScope();
  for (const nodes of bodies) walk.top(source, nodes, root, true);
  walk.levels();
  return walk.isTooLong ? undefined : { root, levels: walk.found };
}

/** Where in the templates a node stands. */
interface Place {
  /** The partial, or the prompt itself. */
  readonly source: PromptSource;
  readonly scopes: readonly Scope[];
  readonly item: Use;
  /** Top-level names have the config's types. */
  readonly isNarrowed: boolean;
  /** The partials around since a section last led deeper into the data. */
  readonly open: readonly PromptSource[];
  /** No section has led deeper yet. */
  readonly isAtTop: boolean;
}

class Walk {
  readonly found: Level[] = [];
  readonly #partials: Partials;
  readonly #conditions: ReadonlySet<string>;
  readonly #recursive: RecursivePartials;
  /** Which partials were walked in which places: once is enough, however many ways lead there. */
  readonly #seen = new Set<string>();
  readonly #numbers = new Map<object, number>();
  /** Partials whose names are the prompt's own top-level ones. */
  readonly #atTop = new Set<PromptSource>();
  #nodes = 0;

  constructor(partials: Partials, conditions: ReadonlySet<string>) {
    this.#partials = partials;
    this.#conditions = conditions;
    this.#recursive = new RecursivePartials(partials);
  }

  get isTooLong(): boolean {
    return this.#nodes > MOST_NODES;
  }

  /** Walks a template by itself. */
  top(source: PromptSource, nodes: readonly MustacheNode[], scope: Scope, isNarrowed: boolean): void {
    if (isNarrowed) this.#atTop.add(source);
    this.#walk(nodes, {
      source,
      scopes: [scope],
      item: scope.item,
      isNarrowed,
      open: [source],
      isAtTop: true,
    });
  }

  /** Walks the levels that were found, and those that these lead to: the list grows meanwhile. */
  levels(): void {
    for (const level of this.found) {
      level.isNarrowed = this.#atTop.has(level.source);
      this.top(level.source, this.#partials.get(level.source) ?? [], level.scope, level.isNarrowed);
    }
  }

  #walk(nodes: readonly MustacheNode[], place: Place): void {
    for (const node of nodes) {
      if (place.scopes.length > MOST_SCOPES) this.#nodes = Number.POSITIVE_INFINITY;
      if (this.isTooLong) return;
      if (node.kind === "variable") useOf(place, node.path, false).isPrinted = true;
      else if (node.kind === "section") this.#section(node, place);
      else if (node.kind === "partial") this.#partial(node, place);
    }
  }

  #section(node: MustacheNode & { readonly kind: "section" }, place: Place): void {
    const { nodes, path } = node;
    const use = useOf(place, path, !node.isInverted && this.#recursive.areIn(nodes));
    // In a condition names are those outside; the item is what the condition asks for.
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

  #isNarrowed(path: MustachePath, { isNarrowed, scopes }: Place): boolean {
    const isTop = isNarrowed && scopes.length === 1 && path.length === 1;
    return isTop && this.#conditions.has(path[0] as string);
  }

  #partial(node: MustacheNode & { readonly kind: "partial" }, place: Place): void {
    const { source } = node;
    const { scopes } = place;
    if (place.open.includes(source)) throw endlessPartial(place.source, source, node);
    const isTop = scopes.length === 1;
    if (!isTop && this.#recursive.has(source)) {
      (scopes.at(-1) as Scope).repeats.add(this.#levelOf(source));
      // Where nothing has led deeper it is walked all the same: it may be found to be endless.
      if (!place.isAtTop) return;
    }
    if (!this.#isNew(source, [...scopes, place.item])) return;
    if (isTop && place.isNarrowed) this.#atTop.add(source);
    this.#walk(this.#partials.get(source) ?? [], { ...place, source, open: [...place.open, source] });
  }

  #levelOf(source: PromptSource): Level {
    const known = this.found.find((level) => level.source === source);
    if (known !== undefined) return known;
    const level = { source, scope: newScope(), isNarrowed: false };
    this.found.push(level);
    return level;
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
  // The item of an item is itself, unless it is a list: that ends nothing.
  return path.length === 0 ? inside : { ...inside, open: [], isAtTop: false };
}

function countNodes(nodes: readonly MustacheNode[]): number {
  return nodes.reduce((sum, node) => sum + 1 + (node.kind === "section" ? countNodes(node.nodes) : 0), 0);
}

/** `{{#items.length}}`: a number, which has nothing inside. */
function isLength(path: MustachePath): boolean {
  return path.length > 1 && path.at(-1) === "length";
}

/**
 * The use of a path's last name, where the path is looked up from the innermost scope; of no name, the item's.
 *
 * @param isAnew it is the innermost scope's own, also inside a section of that name
 */
function useOf({ scopes, item }: Place, path: MustachePath, isAnew: boolean): Use {
  const [first, ...rest] = path;
  if (first === undefined) return item;
  let use = isAnew ? ownUse(scopes.at(-1) as Scope, first) : firstUse(scopes, first);
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
