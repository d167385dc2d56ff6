import mustache from "mustache";
import type { MustacheNode, MustachePath } from "./mustache-nodes.ts";

/** A tag `{{> name}}`, before it is known which prompt that is. `index` is its place in the text. */
export interface PartialTag {
  readonly name: string;
  readonly index: number;
  readonly isStandalone: boolean;
  readonly indentation: string;
}

// A writer without the package's cache, which would keep every prompt ever compiled.
const writer = Object.assign(new mustache.Writer(), { templateCache: undefined });

type Token = [type: string, value: string, start: number, end: number, nodes?: Token[], close?: number];

/**
 * Parses a template in mustache syntax.
 *
 * @param onPartial makes a partial's node, or undefined to leave it out
 * @throws Error of the mustache package, for a template that does not parse
 */
export function parseMustache(
  text: string,
  onPartial: (tag: PartialTag) => MustacheNode | undefined,
): readonly MustacheNode[] {
  return toNodes(writer.parse(text) as Token[], text, onPartial);
}

function toNodes(
  tokens: readonly Token[],
  text: string,
  onPartial: (tag: PartialTag) => MustacheNode | undefined,
): readonly MustacheNode[] {
  return tokens.flatMap(([type, value, index, end, nodes]): readonly MustacheNode[] => {
    switch (type) {
      case "text":
        return [{ kind: "text", text: value }];
      case "name":
      case "&":
        return [{ kind: "variable", path: pathOf(value), isEscaped: type === "name", index }];
      case "#":
      case "^": {
        const inner = toNodes(nodes ?? [], text, onPartial);
        return [{ kind: "section", path: pathOf(value), isInverted: type === "^", nodes: inner }];
      }
      case ">": {
        const node = onPartial({ name: value, index, ...lineOf(text, index, end) });
        return node === undefined ? [] : [node];
      }
      default:
        return [];
    }
  });
}

function pathOf(name: string): MustachePath {
  return name === "." ? [] : name.split(".");
}

/** A partial is indented when its tag is alone on its line. The package also indents some that are not. */
function lineOf(text: string, index: number, end: number): { isStandalone: boolean; indentation: string } {
  const indentation = text.slice(text.lastIndexOf("\n", index - 1) + 1, index);
  const lineEnd = text.indexOf("\n", end);
  const rest = text.slice(end, lineEnd === -1 ? undefined : lineEnd);
  return { isStandalone: indentation.trim() === "" && rest.trim() === "", indentation };
}
