import mustache from "mustache";
import type { MarkedText } from "./marked-text.ts";
import type { MustacheNode, MustachePath } from "./mustache-nodes.ts";

/** Where a tag is in a template, in UTF-16 units. */
export interface TagPlace {
  readonly index: number;
  readonly length: number;
}

/** A tag `{{> name}}`, before it is known which prompt that is. */
export interface PartialTag extends TagPlace {
  readonly name: string;
  readonly isStandalone: boolean;
  readonly indentation: string;
}

/** What is done with what a parser of one text cannot decide. */
export interface TagHandlers {
  /** Makes a partial's node, or undefined to leave it out. */
  onPartial(tag: PartialTag): MustacheNode | undefined;
  /** Makes the error for a tag that is deeper than {@link MOST_LEVELS}. */
  tooDeep(place: TagPlace): Error;
}

/** So deep may sections lie within each other, and so many names follow each other with dots. */
export const MOST_LEVELS = 100;

// A writer without the package's cache, which would keep every prompt ever compiled.
const writer = Object.assign(new mustache.Writer(), { templateCache: undefined });

type Token = [type: string, value: string, start: number, end: number, nodes?: Token[], close?: number];

/**
 * Parses a template in mustache syntax. Places in the nodes are those in the text without its marks.
 *
 * @throws Error of the mustache package, for a template that does not parse; what `handlers` throw
 */
export function parseMustache(text: MarkedText, handlers: TagHandlers): readonly MustacheNode[] {
  return new NodeReader(text, handlers).nodes(writer.parse(text.text) as Token[], 0);
}

class NodeReader {
  readonly #text: MarkedText;
  readonly #handlers: TagHandlers;

  constructor(text: MarkedText, handlers: TagHandlers) {
    this.#text = text;
    this.#handlers = handlers;
  }

  nodes(tokens: readonly Token[], depth: number): readonly MustacheNode[] {
    return tokens.flatMap((token) => this.#node(token, depth));
  }

  #node([type, value, start, end, inside]: Token, depth: number): readonly MustacheNode[] {
    const place = this.#text.placeOf(start, end);
    switch (type) {
      case "text":
        return this.#texts(value);
      case "name":
      case "&":
        return [{ kind: "variable", path: this.#path(value, place), isEscaped: type === "name", ...place }];
      case "#":
      case "^": {
        const path = this.#path(value, place);
        if (depth === MOST_LEVELS) throw this.#handlers.tooDeep(place);
        const nodes = this.nodes(inside ?? [], depth + 1);
        return [{ kind: "section", path, isInverted: type === "^", nodes, ...place }];
      }
      case ">": {
        const name = this.#text.unmarked(value);
        const node = this.#handlers.onPartial({ name, ...place, ...this.#lineOf(start, end) });
        return node === undefined ? [] : [node];
      }
      default:
        return [];
    }
  }

  #texts(text: string): readonly MustacheNode[] {
    const { mark } = this.#text;
    if (mark === "") return [{ kind: "text", text }];
    return text
      .split(mark)
      .flatMap((piece, i): readonly MustacheNode[] => [
        ...(i > 0 ? [{ kind: "line-start" } as const] : []),
        ...(piece === "" ? [] : [{ kind: "text", text: piece } as const]),
      ]);
  }

  #path(value: string, place: TagPlace): MustachePath {
    const name = this.#text.unmarked(value);
    const path = name === "." ? [] : name.split(".");
    if (path.length > MOST_LEVELS) throw this.#handlers.tooDeep(place);
    return path;
  }

  /** A partial is indented when its tag is alone on its line. The package also indents some that are not. */
  #lineOf(start: number, end: number): { isStandalone: boolean; indentation: string } {
    const { text } = this.#text;
    const indentation = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
    const lineEnd = text.indexOf("\n", end);
    const rest = text.slice(end, lineEnd === -1 ? undefined : lineEnd);
    return {
      isStandalone: indentation.trim() === "" && rest.trim() === "",
      indentation: this.#text.unmarked(indentation),
    };
  }
}
