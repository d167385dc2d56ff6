import { ResourceError } from "../../errors/classes.ts";
import { excerptOf, messageText, type Span, whereOf } from "../../errors/diagnostic.ts";
import type { PromptSource } from "../compiled-prompt.ts";
import { type MustacheProblem, readTags, type Tag } from "./read-tags.ts";

/**
 * Parses a template in mustache syntax.
 *
 * @throws ResourceError with place and frame: a template that doesn't parse, `template_partial` for one that includes
 * another prompt
 */
export function readMustache(
  source: PromptSource,
  text: string,
  message: number | undefined,
): readonly MustacheNode[] {
  const place = { text, message };
  const { tags, problem } = readTags(text);
  if (problem !== undefined) throw templateProblem(source, place, problem);
  const lines = bareLines(text, tags);
  /** The lists of the enclosing sections, the innermost last. */
  const lists: MustacheNode[][] = [[]];
  const add = (node: MustacheNode) => lists.at(-1)?.push(node);
  const addText = (start: number, end: number) => {
    if (start < end) add({ kind: "text", text: text.slice(start, end) });
  };
  let at = 0;
  for (const tag of tags) {
    const line = lines.get(tag);
    const { sign, value, index, length } = tag;
    addText(at, line?.start ?? index);
    at = Math.max(index + length, line?.end ?? 0);
    if (sign === "" || sign === "&" || sign === "{") {
      add({ kind: "variable", path: pathOf(value), index, length });
    } else if (sign === "#" || sign === "^") {
      const nodes: MustacheNode[] = [];
      add({ kind: "section", path: pathOf(value), isInverted: sign === "^", nodes, index, length });
      lists.push(nodes);
    } else if (sign === "/") {
      lists.pop();
    } else if (sign === ">") {
      throw partialRefused(source, value, { ...place, index, length });
    }
  }
  addText(at, text.length);
  return lists[0] as MustacheNode[];
}

function pathOf(value: string): MustachePath {
  return value === "." ? [] : value.split(".");
}

/** A line with nothing but white space and tags that print nothing. It leaves nothing in the text. */
interface BareLine {
  readonly start: number;
  readonly end: number;
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
    const line = { start, end: newline === -1 ? text.length : newline + 1 };
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

/** Other clients of the platform read no partials either. */
function partialRefused(source: PromptSource, value: string, span: Span): ResourceError {
  const tag = excerptOf(span.text.slice(span.index, span.index + span.length));
  const variable =
    value
      .replace(/\?.*/s, "")
      .match(/[\p{L}\p{N}_]+/gu)
      ?.join("_") ?? "text";
  const caller = /^[\w$]+$/.test(source.ref.name) ? source.ref.name : "render";
  return new ResourceError(
    `A prompt can't include another one, as ${tag} does${messageText(source, span)}.`,
    {
      code: "template_partial",
      where: whereOf(source, span),
      hint: `Write {{${variable}}} in its place, and pass what the other prompt renders: ${caller}({ ${variable}: ${variable}() }). Until then you can pin an earlier version.`,
    },
  );
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
  /** `{{x}}`, `{{{x}}}` or `{{&x}}`: a prompt isn't HTML, so all of them print the value as it is. */
  | (TagPlace & { readonly kind: "variable"; readonly path: MustachePath })
  | (TagPlace & {
      readonly kind: "section";
      readonly path: MustachePath;
      readonly isInverted: boolean;
      readonly nodes: readonly MustacheNode[];
    });
