import type { MustacheNode, MustachePath } from "./mustache-nodes.ts";
import type { PromptSource } from "./prompt-source.ts";
import type { Partials } from "./read-mustache.ts";

/** The names that a stretch of a template uses, each with how: of the whole template, or of a section's inside. */
export interface Scope {
  readonly names: Map<string, Use>;
  /** How the item itself is used, `{{.}}`. */
  readonly item: Use;
  /** Partials around that are included here once more: their names are used of the item again. */
  readonly repeats: Set<Level>;
}

/** A partial, or the prompt itself, where it is included first. */
export interface Level {
  readonly source: PromptSource;
  readonly scope: Scope;
  /** The scopes around that one. */
  readonly outer: readonly Scope[];
  /** What it uses of the scope. */
  readonly names: Set<string>;
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
}

/** So many nodes of partials are walked; each a name in another place. Far more than a prompt has. */
const MOST_NODES = 200_000;
/** So deep may sections be through partials: what they make becomes a type, which compilers read level by level. */
const MOST_SCOPES = 200;

/**
 * Collects what a prompt's templates use, partials included.
 *
 * @param bodies the templates of `source`
 * @param conditions top-level names that the config says are no lists or objects: what their sections use is used outside
 * @returns undefined when partials within sections of partials lead to more places than can be walked
 */
export function nameUses(
  source: PromptSource,
  bodies: readonly (readonly MustacheNode[])[],
  partials: Partials,
  conditions: ReadonlySet<string>,
): Scope | undefined {
  const root = newScope();
  const visits = new Visits(partials);
  const walk = (
    nodes: readonly MustacheNode[],
    scopes: readonly Scope[],
    item: Use,
    inside: readonly Level[],
  ): void => {
    for (const node of nodes) {
      if (scopes.length > MOST_SCOPES) visits.refuse();
      if (visits.areTooMany) return;
      if (node.kind === "variable") useOf(scopes, item, inside, node.path).isPrinted = true;
      else if (node.kind === "section") {
        const use = useOf(scopes, item, inside, node.path);
        if (node.isInverted) {
          use.isInverted = true;
          walk(node.nodes, scopes, item, inside);
          continue;
        }
        use.section ??= newScope();
        const isNarrowed =
          scopes.length === 1 && node.path.length === 1 && conditions.has(node.path[0] as string);
        // In a condition names are those outside; the item is what the condition asks for.
        if (isNarrowed || isLength(node.path)) walk(node.nodes, scopes, use, inside);
        else walk(node.nodes, [...scopes, use.section], use.section.item, inside);
      } else if (node.kind === "partial") {
        const level = inside.find((one) => one.source === node.source);
        const scope = scopes.at(-1) as Scope;
        if (level !== undefined) {
          if (level.scope !== scope) scope.repeats.add(level);
        } else if (visits.isNew(node.source, [...scopes, item], inside)) {
          walk(partials.get(node.source) ?? [], scopes, item, [...inside, levelOf(node.source, scopes)]);
        }
      }
    }
  };
  for (const nodes of bodies) walk(nodes, [root], root.item, [levelOf(source, [root])]);
  return visits.areTooMany ? undefined : root;
}

/** Which partials were walked in which scopes: once is enough, however many ways lead there. */
class Visits {
  readonly #partials: Partials;
  readonly #seen = new Set<string>();
  readonly #numbers = new Map<object, number>();
  readonly #reached = new Map<PromptSource, ReadonlySet<PromptSource>>();
  #nodes = 0;

  constructor(partials: Partials) {
    this.#partials = partials;
  }

  get areTooMany(): boolean {
    return this.#nodes > MOST_NODES;
  }

  refuse(): void {
    this.#nodes = Number.POSITIVE_INFINITY;
  }

  /**
   * @param place the scopes around, and the item
   * @param inside the partials around; those that this one leads back to decide how far it is walked
   */
  isNew(source: PromptSource, place: readonly object[], inside: readonly Level[]): boolean {
    const reached = this.#reachedFrom(source);
    const around = inside.filter((one) => reached.has(one.source)).map((one) => this.#number(one.source));
    const key = [[this.#number(source)], place.map((one) => this.#number(one)), around.sort()].join(";");
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

  #reachedFrom(source: PromptSource): ReadonlySet<PromptSource> {
    const known = this.#reached.get(source);
    if (known !== undefined) return known;
    const reached = new Set<PromptSource>();
    const add = (nodes: readonly MustacheNode[]): void => {
      for (const node of nodes) {
        if (node.kind === "section") add(node.nodes);
        if (node.kind !== "partial" || reached.has(node.source)) continue;
        reached.add(node.source);
        add(this.#partials.get(node.source) ?? []);
      }
    };
    add(this.#partials.get(source) ?? []);
    this.#reached.set(source, reached);
    return reached;
  }
}

function countNodes(nodes: readonly MustacheNode[]): number {
  return nodes.reduce((sum, node) => sum + 1 + (node.kind === "section" ? countNodes(node.nodes) : 0), 0);
}

/** `{{#items.length}}`: a number, which has nothing inside. */
function isLength(path: MustachePath): boolean {
  return path.length > 1 && path.at(-1) === "length";
}

/** The use of a path's last name, where the path is looked up from the innermost scope; of no name, the item's. */
function useOf(scopes: readonly Scope[], item: Use, inside: readonly Level[], path: MustachePath): Use {
  const [first, ...rest] = path;
  if (first === undefined) return item;
  for (const { scope, names } of inside) if (scope === scopes.at(-1)) names.add(first);
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

function ownUse(scope: Scope, name: string): Use {
  const known = scope.names.get(name) ?? newUse();
  scope.names.set(name, known);
  return known;
}

function levelOf(source: PromptSource, scopes: readonly Scope[]): Level {
  return { source, scope: scopes.at(-1) as Scope, outer: scopes.slice(0, -1), names: new Set() };
}

function newScope(): Scope {
  return { names: new Map(), item: newUse(), repeats: new Set() };
}

function newUse(): Use {
  return { isPrinted: false, section: undefined, isInverted: false, members: undefined };
}
