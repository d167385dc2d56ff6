import { ResourceError } from "../errors/classes.ts";
import { whereOf } from "./diagnostic.ts";
import type { MustacheNode } from "./mustache-nodes.ts";
import type { PromptSource } from "./prompt-source.ts";
import type { Partials } from "./read-mustache.ts";

/**
 * Refuses partials that lead back to themselves outside of every section: nothing would ever end them. In a section
 * the data does, as in a tree; in an inverted one, where nothing goes deeper into the data, nothing does.
 *
 * @throws ResourceError `template_partial_endless` with the place of the tag that leads back
 */
export function refuseEndless(partials: Partials): void {
  const done = new Set<PromptSource>();
  const open = new Set<PromptSource>();
  const visit = (source: PromptSource): void => {
    open.add(source);
    walk(source, partials.get(source) ?? []);
    open.delete(source);
    done.add(source);
  };
  const walk = (source: PromptSource, nodes: readonly MustacheNode[]): void => {
    for (const node of nodes) {
      if (node.kind === "section" && node.isInverted) walk(source, node.nodes);
      if (node.kind !== "partial" || done.has(node.source)) continue;
      if (open.has(node.source)) throw endless(source, node.source, node);
      visit(node.source);
    }
  };
  for (const source of partials.keys()) if (!done.has(source)) visit(source);
}

function endless(
  source: PromptSource,
  included: PromptSource,
  { index, length }: { readonly index: number; readonly length: number },
): ResourceError {
  // Only a text can be a partial.
  const text = source.version.content as string;
  return new ResourceError(
    `The partial ${included.ref.name} includes itself outside of every section, so that its text would never end.`,
    {
      code: "template_partial_endless",
      where: whereOf(source, { text, index, length }),
      hint: "Put the tag into a section, {{#children}}{{> name}}{{/children}}, which ends where the data does, or remove it.",
    },
  );
}
