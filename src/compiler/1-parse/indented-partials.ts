import type { PromptSource } from "../prompt-source.ts";
import type { MustacheNode } from "./mustache-nodes.ts";
import type { Partials } from "./read-mustache.ts";

/**
 * The partials that are indented somewhere: by their own tag, or because they're alone on a line of an indented one.
 */
export function indentedPartials(
  bodies: readonly (readonly MustacheNode[])[],
  partials: Partials,
): ReadonlySet<PromptSource> {
  const indented = new Set<PromptSource>();
  const walk = (nodes: readonly MustacheNode[], isInIndented: boolean): void => {
    for (const node of nodes) {
      if (node.kind === "section") walk(node.nodes, isInIndented);
      if (node.kind !== "partial" || node.indentation === undefined) continue;
      const { isNested, text } = node.indentation;
      if (text === "" && !(isNested && isInIndented)) continue;
      if (indented.has(node.source)) continue;
      indented.add(node.source);
      walk(partials.get(node.source) ?? [], true);
    }
  };
  for (const nodes of [...bodies, ...partials.values()]) walk(nodes, false);
  return indented;
}
