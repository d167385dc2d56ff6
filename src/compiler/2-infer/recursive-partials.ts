import type { MustacheNode } from "../1-parse/mustache-nodes.ts";
import type { Partials } from "../1-parse/read-mustache.ts";
import type { PromptSource } from "../prompt-source.ts";

/** Says which partials lead to themselves, and what leads to such. */
export class RecursivePartials {
  readonly #partials: Partials;
  readonly #included = new Map<readonly MustacheNode[], ReadonlySet<PromptSource>>();
  readonly #reached = new Map<PromptSource, ReadonlySet<PromptSource>>();
  readonly #leading = new Map<readonly MustacheNode[], boolean>();

  constructor(partials: Partials) {
    this.#partials = partials;
  }

  has(source: PromptSource): boolean {
    return this.#reachedFrom(source).has(source);
  }

  /** Do the nodes include one, through whatever sections and partials? */
  areIn(nodes: readonly MustacheNode[]): boolean {
    const known = this.#leading.get(nodes);
    if (known !== undefined) return known;
    const leads = [...this.#includedIn(nodes)].some(
      (one) => this.has(one) || [...this.#reachedFrom(one)].some((reached) => this.has(reached)),
    );
    this.#leading.set(nodes, leads);
    return leads;
  }

  #reachedFrom(source: PromptSource): ReadonlySet<PromptSource> {
    const known = this.#reached.get(source);
    if (known !== undefined) return known;
    const reached = new Set(this.#includedIn(this.#partials.get(source) ?? []));
    // The set grows while it is walked.
    for (const one of reached)
      for (const next of this.#includedIn(this.#partials.get(one) ?? [])) reached.add(next);
    this.#reached.set(source, reached);
    return reached;
  }

  #includedIn(nodes: readonly MustacheNode[]): ReadonlySet<PromptSource> {
    const known = this.#included.get(nodes);
    if (known !== undefined) return known;
    const included = new Set<PromptSource>();
    for (const node of nodes) {
      if (node.kind === "partial") included.add(node.source);
      if (node.kind === "section") for (const one of this.#includedIn(node.nodes)) included.add(one);
    }
    this.#included.set(nodes, included);
    return included;
  }
}
