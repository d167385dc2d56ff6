import { ResourceError } from "../../errors/classes.ts";
import { messageText, type Span, whereOf } from "../diagnostic.ts";
import type { PromptSource } from "../prompt-source.ts";
import type { MustacheNode } from "./mustache-nodes.ts";
import type { MustacheProblem } from "./mustache-problem.ts";
import { MAX_LEVELS, type PartialTag, parseMustache, type TagPlace } from "./parse-mustache.ts";

/** The parsed partials that a prompt's templates lead to, by prompt. */
export type Partials = Map<PromptSource, readonly MustacheNode[]>;

/**
 * Parses a template in mustache syntax, and adds to `partials` those that it names, directly or through others.
 *
 * @throws ResourceError with place and frame: a template that doesn't parse, a missing partial
 */
export function readMustache(
  source: PromptSource,
  text: string,
  message: number | undefined,
  partials: Partials,
): readonly MustacheNode[] {
  return parse(source, { text, message }, false, partials);
}

function readPartial(source: PromptSource, partials: Partials): void {
  const text = source.version.content;
  if (partials.has(source) || typeof text !== "string") return;
  // Before it is parsed: a partial may name itself.
  partials.set(source, []);
  partials.set(source, parse(source, { text, message: undefined }, true, partials));
}

/** @param isPartial its lines can be indented, so the nodes must say where they begin */
function parse(
  source: PromptSource,
  place: { text: string; message: number | undefined },
  isPartial: boolean,
  partials: Partials,
): readonly MustacheNode[] {
  const onPartial = (tag: PartialTag): MustacheNode => {
    const { index, length } = tag;
    const partial = findPartial(source, tag, { ...place, index, length });
    readPartial(partial, partials);
    const indentation = tag.isStandalone ? { isNested: isPartial, text: tag.indentation } : undefined;
    return { kind: "partial", source: partial, index, length, indentation };
  };
  const tooDeep = (tag: TagPlace) => nestedTooDeep(source, { ...place, ...tag });
  const notParsed = (problem: MustacheProblem) => templateProblem(source, place, problem);
  return parseMustache(place.text, { onPartial, tooDeep, notParsed }, { marksLines: isPartial });
}

function nestedTooDeep(source: PromptSource, span: Span): ResourceError {
  return new ResourceError(
    `The sections or the dotted names${messageText(source, span)} are nested too deep: ${MAX_LEVELS} levels are the most.`,
    {
      code: "template_invalid",
      where: whereOf(source, span),
      hint: "Flatten what the template asks for, and save a new version.",
    },
  );
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

/** The error for a problem in a template, with its place. */
export function templateProblem(
  source: PromptSource,
  place: Pick<Span, "text" | "message">,
  problem: MustacheProblem,
): ResourceError {
  const span = { ...place, index: problem.index, length: problem.length };
  const message = problem.message.replace(/\.$/, `${messageText(source, span)}.`);
  return new ResourceError(message, {
    code: problem.code,
    where: whereOf(source, span),
    hint: problem.hint,
  });
}
