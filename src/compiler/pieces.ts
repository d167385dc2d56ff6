import type { MustacheNode } from "./1-parse/read-mustache.ts";
import type { CompiledPrompt } from "./compiled-prompt.ts";

export type Piece =
  /** Literal text; inside a section it's there only for some values. */
  | { readonly kind: "text"; readonly text: string; readonly isInSection: boolean }
  | ValuePiece
  /** Partials include each other too often: what follows isn't read. */
  | { readonly kind: "unread" };

/** Where a text depends on a value: a variable, or the beginning of a section. */
export interface ValuePiece {
  readonly kind: "value";
  readonly name: string;
  /** The value itself becomes part of the text: it's not just a condition. */
  readonly isPrinted: boolean;
  /** Which of the prompt's templates it's in, from 0. */
  readonly body: number;
  /** Where its tag is; for a tag in a partial, where that of the partial is. In UTF-16 units. */
  readonly index: number;
  readonly length: number;
}

/** The pieces of each template of a prompt, in order, with those of its partials. */
export function piecesOf({ bodies, partials }: CompiledPrompt): readonly (readonly Piece[])[] {
  return bodies.map((template, body) => {
    if (template.syntax === "mustache") return mustachePieces(template.nodes, body, partials);
    return template.parts.map((part): Piece => {
      if (part.kind === "text") return { kind: "text", text: part.text, isInSection: false };
      const { name, index } = part;
      return { kind: "value", name, isPrinted: true, body, index, length: name.length + "{{}}".length };
    });
  });
}

/** How many nodes are read: partials that include each other twice and again can make any number of them. */
const MAX_NODES = 20_000;

/** How much text is read: one partial can be included any number of times. */
const MAX_CHARACTERS = 8_000_000;

/** Where a line with something in it starts, inside a text: `emit-mustache.ts` indents the same ones. */
const LINE_STARTS = /(?<=\n)(?=[^\r\n])/;

interface Around {
  readonly isInSection: boolean;
  /** What a partial's lines begin with: its own indentation, after that of the partial around it. */
  readonly indentation: string;
  /** The outermost tag of a partial. */
  readonly partial: Pick<ValuePiece, "index" | "length"> | undefined;
}

function mustachePieces(nodes: readonly MustacheNode[], body: number, partials: CompiledPrompt["partials"]) {
  const pieces: Piece[] = [];
  const open = new Set<unknown>();
  let read = 0;
  let characters = 0;
  let isComplete = true;
  const add = (lines: readonly string[], { indentation, isInSection }: Around): void => {
    characters += lines.reduce((sum, { length }) => sum + length, (lines.length - 1) * indentation.length);
    if (characters > MAX_CHARACTERS) isComplete = false;
    else pieces.push({ kind: "text", text: lines.join(indentation), isInSection });
  };
  const walk = (inside: readonly MustacheNode[], around: Around): void => {
    const { isInSection, indentation } = around;
    for (const node of inside) {
      if (read++ > MAX_NODES) isComplete = false;
      if (!isComplete) return;
      if (node.kind === "text") add(node.text.split(LINE_STARTS), around);
      else if (node.kind === "line-start") add([indentation], around);
      else {
        const { index, length } = around.partial ?? node;
        if (node.kind === "partial") {
          if (open.has(node.source)) continue;
          open.add(node.source);
          const own = node.indentation === undefined ? "" : indentation + node.indentation;
          const partial = { index, length };
          walk(partials.get(node.source) ?? [], { isInSection, indentation: own, partial });
          open.delete(node.source);
          continue;
        }
        const isPrinted = node.kind === "variable";
        pieces.push({ kind: "value", name: node.path.join(".") || ".", isPrinted, body, index, length });
        if (node.kind === "section") walk(node.nodes, { ...around, isInSection: true });
      }
    }
  };
  walk(nodes, { isInSection: false, indentation: "", partial: undefined });
  if (!isComplete) pieces.push({ kind: "unread" });
  return pieces;
}
