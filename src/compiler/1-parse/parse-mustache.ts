import type { MustacheNode, MustachePath } from "./mustache-nodes.ts";
import type { MustacheProblem } from "./mustache-problem.ts";
import { readTags, type Tag } from "./read-tags.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Where a tag is in a template, in UTF-16 units. */
export interface TagPlace {
  readonly index: number;
  readonly length: number;
}

/** A tag `{{> name}}`, before we know which prompt that is. */
export interface PartialTag extends TagPlace {
  readonly name: string;
  readonly isStandalone: boolean;
  readonly indentation: string;
}

/** Handles what a parser of one text can't decide. */
export interface TagHandlers {
  /** Makes a partial's node, or undefined to leave it out. */
  onPartial(tag: PartialTag): MustacheNode | undefined;
  /** Makes the error for a tag that is deeper than {@link MAX_LEVELS}. */
  tooDeep(place: TagPlace): Error;
  /** Makes the error for a template that does not parse. */
  notParsed(problem: MustacheProblem): Error;
}

/** How deep sections can be nested, and how many names can be chained with dots. */
export const MAX_LEVELS = 100;

/**
 * Parses a template in mustache syntax.
 *
 * @param options.marksLines mark where lines begin: those of a partial can be indented
 * @throws what `handlers` make
 */
export function parseMustache(
  text: string,
  handlers: TagHandlers,
  { marksLines }: { readonly marksLines: boolean },
): readonly MustacheNode[] {
  const { tags, problem } = readTags(text);
  if (problem !== undefined) throw handlers.notParsed(problem);
  return new NodeReader(text, handlers).nodes(tokensOf(text, tags, marksLines), 0);
}

class NodeReader {
  readonly #text: string;
  readonly #handlers: TagHandlers;

  constructor(text: string, handlers: TagHandlers) {
    this.#text = text;
    this.#handlers = handlers;
  }

  nodes(tokens: readonly Token[], depth: number): readonly MustacheNode[] {
    const nodes: MustacheNode[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as Token;
      if (token.kind === "tag") {
        const node = this.#node(token.tag, token.inside, depth);
        if (node !== undefined) nodes.push(node);
      } else if (token.isDropped) {
        // White space around a tag that is alone on its line.
      } else if (token.kind === "line-start") {
        nodes.push({ kind: "line-start" });
      } else {
        let { end } = token;
        for (let next = tokens[i + 1]; next?.kind === "text" && !next.isDropped; next = tokens[i + 1]) {
          if (next.start !== end) break;
          end = next.end;
          i++;
        }
        nodes.push({ kind: "text", text: this.#text.slice(token.start, end) });
      }
    }
    return nodes;
  }

  #node(
    { sign, value, index, length }: Tag,
    inside: readonly Token[],
    depth: number,
  ): MustacheNode | undefined {
    const place = { index, length };
    switch (sign) {
      case "":
      case "&":
      case "{":
        return { kind: "variable", path: this.#path(value, place), isEscaped: sign === "", ...place };
      case "#":
      case "^": {
        const path = this.#path(value, place);
        if (depth === MAX_LEVELS) throw this.#handlers.tooDeep(place);
        const nodes = this.nodes(inside, depth + 1);
        return { kind: "section", path, isInverted: sign === "^", nodes, ...place };
      }
      case ">":
        return this.#handlers.onPartial({ name: value, ...place, ...this.#lineOf(index, index + length) });
      default:
        return undefined;
    }
  }

  #path(value: string, place: TagPlace): MustachePath {
    const path = value === "." ? [] : value.split(".", MAX_LEVELS + 1);
    if (path.length > MAX_LEVELS) throw this.#handlers.tooDeep(place);
    return path;
  }

  /** A partial is indented when its tag is alone on its line. */
  #lineOf(start: number, end: number): { isStandalone: boolean; indentation: string } {
    const text = this.#text;
    const isSpace = (at: number) => /[^\S\n]/.test(text[at] ?? "");
    let lineStart = start;
    while (isSpace(lineStart - 1)) lineStart--;
    let lineEnd = end;
    while (isSpace(lineEnd)) lineEnd++;
    const isEdge = (at: number) => text[at] === undefined || text[at] === "\n";
    return {
      isStandalone: isEdge(lineStart - 1) && isEdge(lineEnd),
      indentation: text.slice(lineStart, start),
    };
  }
}
