import { ResourceError } from "../errors/classes.ts";
import { messageText, type Span, whereOf } from "./diagnostic.ts";
import { findMustacheFault } from "./mustache-fault.ts";
import type { Indentation, MustacheNode } from "./mustache-nodes.ts";
import { type PartialTag, parseMustache } from "./parse-mustache.ts";
import type { PromptSource } from "./prompt-source.ts";

/** The parsed partials that a prompt's templates lead to, by the prompt they are. */
export type Partials = Map<PromptSource, readonly MustacheNode[]>;

/**
 * Parses a template in mustache syntax, and into `partials` those that it names, directly or through others.
 *
 * @throws ResourceError with place and frame: a template that does not parse, a partial that is not there
 */
export function readMustache(
  source: PromptSource,
  text: string,
  message: number | undefined,
  partials: Partials,
): readonly MustacheNode[] {
  return parse(source, { text, message }, "", partials);
}

function readPartial(source: PromptSource, partials: Partials): void {
  const text = source.version.content;
  if (partials.has(source) || typeof text !== "string") return;
  // Before it is parsed: a partial may name itself.
  partials.set(source, []);
  partials.set(source, parse(source, { text, message: undefined }, unusedSpace(text), partials));
}

/**
 * @param mark white space that is nowhere in the text. Put before every line it tells where lines begin once the
 * lines of standalone tags are gone, as an indentation would be.
 */
function parse(
  source: PromptSource,
  place: { text: string; message: number | undefined },
  mark: string,
  partials: Partials,
): readonly MustacheNode[] {
  const marked = mark === "" ? place.text : place.text.replace(/(^|\n)(?=[^\r\n])/g, `$1${mark}`);
  const onPartial = (tag: PartialTag): MustacheNode => {
    const index = unmarked(marked.slice(0, tag.index), mark).length;
    const length = tag.name.length + 5;
    const partial = findPartial(source, tag, { ...place, index, length });
    readPartial(partial, partials);
    return { kind: "partial", source: partial, index, length, indentation: indentationOf(tag, mark) };
  };
  let nodes: readonly MustacheNode[];
  try {
    nodes = parseMustache(marked, onPartial);
  } catch (error) {
    if (error instanceof ResourceError) throw error;
    throw notParsed(source, place, error);
  }
  return mark === "" ? nodes : splitAtMarks(nodes, mark);
}

function indentationOf({ isStandalone, indentation }: PartialTag, mark: string): Indentation | undefined {
  if (!isStandalone) return undefined;
  return { isNested: mark !== "", text: unmarked(indentation, mark) };
}

function splitAtMarks(nodes: readonly MustacheNode[], mark: string): readonly MustacheNode[] {
  return nodes.flatMap((node): readonly MustacheNode[] => {
    if (node.kind === "section") return [{ ...node, nodes: splitAtMarks(node.nodes, mark) }];
    if (node.kind !== "text") return [node];
    return node.text
      .split(mark)
      .flatMap((text, i): readonly MustacheNode[] => [
        ...(i > 0 ? [{ kind: "line-start" } as const] : []),
        ...(text === "" ? [] : [{ kind: "text", text } as const]),
      ]);
  });
}

function unmarked(text: string, mark: string): string {
  return mark === "" ? text : text.replaceAll(mark, "");
}

/** A run of rare white space that the text does not hold; one that is long enough always exists. */
function unusedSpace(text: string): string {
  let mark = "\u1680";
  while (text.includes(mark)) mark += "\u2000";
  return mark;
}

function findPartial(source: PromptSource, { name }: PartialTag, span: Span): PromptSource {
  const partial = source.partials.get(name);
  const where = () => whereOf(source, span);
  if (partial === undefined) {
    const known = [...source.partials.keys()];
    throw new ResourceError(`There is no prompt for the partial ${name}${messageText(source, span)}.`, {
      code: "template_partial_missing",
      where: where(),
      hint: `A partial is named as in an import, without the scope:. ${known.length > 0 ? `Found: ${known.join(", ")}.` : "Check the name, then run: scope-gen pull"}`,
    });
  }
  if (typeof partial.version.content !== "string") {
    throw new ResourceError(`The partial ${name}${messageText(source, span)} is a chat prompt.`, {
      code: "template_partial_chat",
      where: where(),
      hint: "A partial is text in the middle of a text: only a text prompt can be one.",
    });
  }
  return partial;
}

function notParsed(
  source: PromptSource,
  place: { text: string; message: number | undefined },
  cause: unknown,
): ResourceError {
  const fault = findMustacheFault(place.text);
  if (fault === undefined) {
    return new ResourceError("This mustache template does not parse.", {
      code: "template_invalid",
      where: whereOf(source),
      hint: "Save a version that does. Until then an earlier version can be pinned.",
      cause,
    });
  }
  const span = { ...place, index: fault.index, length: fault.length };
  const message = fault.message.replace(/\.$/, `${messageText(source, span)}.`);
  return new ResourceError(message, {
    code: fault.code,
    where: whereOf(source, span),
    hint: fault.hint,
    cause,
  });
}
