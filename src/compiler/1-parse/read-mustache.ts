import { ResourceError } from "../../errors/classes.ts";
import { messageText, type Span, whereOf } from "../../errors/diagnostic.ts";
import type { PromptSource } from "../compiled-prompt.ts";
import { type MustacheProblem, readTags, type Tag } from "./read-tags.ts";

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
  const place = { text, message };
  const { tags, problem } = readTags(text);
  if (problem !== undefined) throw templateProblem(source, place, problem);
  const lines = bareLines(text, tags);
  /** The lists of the enclosing sections, the innermost last. */
  const lists: MustacheNode[][] = [[]];
  const add = (node: MustacheNode) => lists.at(-1)?.push(node);
  const addText = (start: number, end: number) => {
    if (start >= end) return;
    if (startsLine(text, start) && !/[\r\n]/.test(text[start] as string)) add({ kind: "line-start" });
    add({ kind: "text", text: text.slice(start, end) });
  };
  let at = 0;
  for (const tag of tags) {
    const line = lines.get(tag);
    const { sign, value, index, length } = tag;
    addText(at, line?.start ?? index);
    at = Math.max(index + length, line?.end ?? 0);
    if (line === undefined && startsLine(text, index)) add({ kind: "line-start" });
    if (sign === "" || sign === "&" || sign === "{") {
      add({ kind: "variable", path: pathOf(value), isEscaped: sign === "", index, length });
    } else if (sign === "#" || sign === "^") {
      const nodes: MustacheNode[] = [];
      add({ kind: "section", path: pathOf(value), isInverted: sign === "^", nodes, index, length });
      lists.push(nodes);
    } else if (sign === "/") {
      lists.pop();
    } else if (sign === ">") {
      const partial = findPartial(source, value, { ...place, index, length });
      readPartial(partial, partials);
      const indentation = line?.tags === 1 ? text.slice(line.start, index) : undefined;
      add({ kind: "partial", source: partial, index, length, indentation });
    }
  }
  addText(at, text.length);
  return lists[0] as MustacheNode[];
}

function readPartial(source: PromptSource, partials: Partials): void {
  const text = source.version.content;
  if (partials.has(source) || typeof text !== "string") return;
  // Before it's parsed: a partial can name itself.
  partials.set(source, []);
  partials.set(source, readMustache(source, text, undefined, partials));
}

function pathOf(value: string): MustachePath {
  return value === "." ? [] : value.split(".");
}

function startsLine(text: string, index: number): boolean {
  return index === 0 || text[index - 1] === "\n";
}

/** A line with nothing but white space and tags that print nothing. It leaves nothing in the text. */
interface BareLine {
  readonly start: number;
  readonly end: number;
  /** How many tags are on it. */
  readonly tags: number;
}

function bareLines(text: string, tags: readonly Tag[]): ReadonlyMap<Tag, BareLine> {
  const lines = new Map<Tag, BareLine>();
  for (let first = 0, next = 1; first < tags.length; first = next, next++) {
    const { index } = tags[first] as Tag;
    const start = index === 0 ? 0 : text.lastIndexOf("\n", index - 1) + 1;
    let between = text.slice(start, index);
    let end = endOf(tags[first] as Tag);
    for (let tag = tags[next]; tag !== undefined; tag = tags[next]) {
      const space = text.slice(end, tag.index);
      if (space.includes("\n")) break;
      between += space;
      end = endOf(tag);
      next++;
    }
    const newline = text.indexOf("\n", end);
    const line = { start, end: newline === -1 ? text.length : newline + 1, tags: next - first };
    const onLine = tags.slice(first, next);
    if (/\S/.test(between + text.slice(end, line.end)) || onLine.some(prints)) continue;
    for (const tag of onLine) lines.set(tag, line);
  }
  return lines;
}

function endOf({ index, length }: Tag): number {
  return index + length;
}

function prints({ sign }: Tag): boolean {
  return sign === "" || sign === "{" || sign === "&";
}

function findPartial(source: PromptSource, name: string, span: Span): PromptSource {
  const partial = source.partials.get(name);
  if (partial === undefined) {
    const known = [...source.partials.keys()];
    throw new ResourceError(`There's no prompt for the partial ${name}${messageText(source, span)}.`, {
      code: "template_partial_missing",
      where: whereOf(source, span),
      hint: `A partial is named as in an import, without the scope:. ${known.length > 0 ? `Found: ${known.join(", ")}.` : "Check the name, then run: scope-gen pull"}`,
    });
  }
  if (typeof partial.version.content !== "string") {
    throw new ResourceError(`The partial ${name}${messageText(source, span)} is a chat prompt.`, {
      code: "template_partial_chat",
      where: whereOf(source, span),
      hint: "Only a text prompt can be a partial.",
    });
  }
  return partial;
}

export function templateProblem(
  source: PromptSource,
  place: Pick<Span, "text" | "message">,
  { code, message, hint, index, length }: MustacheProblem,
): ResourceError {
  const span = { ...place, index, length };
  return new ResourceError(message.replace(/\.$/, `${messageText(source, span)}.`), {
    code,
    where: whereOf(source, span),
    hint,
  });
}

/** Names from the outside in; empty for `{{.}}`, the item itself. */
export type MustachePath = readonly string[];

/** Where a tag is, in UTF-16 units; for a section, the opening tag. */
interface TagPlace {
  readonly index: number;
  readonly length: number;
}

/** A template in mustache syntax, as a tree. Comments and delimiter changes are gone. */
export type MustacheNode =
  | { readonly kind: "text"; readonly text: string }
  /** The next text or tag starts a line: an indented partial puts its indentation there. */
  | { readonly kind: "line-start" }
  | (TagPlace & {
      readonly kind: "variable";
      readonly path: MustachePath;
      /** `{{x}}`; not `{{{x}}}` or `{{&x}}`. */
      readonly isEscaped: boolean;
    })
  | (TagPlace & {
      readonly kind: "section";
      readonly path: MustachePath;
      readonly isInverted: boolean;
      readonly nodes: readonly MustacheNode[];
    })
  | (TagPlace & {
      readonly kind: "partial";
      readonly source: PromptSource;
      /** What comes before it on its line; undefined: it shares the line, and isn't indented. */
      readonly indentation: string | undefined;
    });
