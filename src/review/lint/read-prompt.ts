import type { MustacheNode } from "../../compiler/1-parse/mustache-nodes.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { PromptSource } from "../../compiler/prompt-source.ts";
import { mapRole } from "../../prompt.ts";
import type { Tokenizer } from "../cost/tokenizer.ts";
import { withoutCode } from "./prose.ts";
import type { TextSpan } from "./rule.ts";
import { maskSecrets } from "./secrets.ts";

/** A prompt to lint, with what is known about it. */
export interface LintedPrompt {
  readonly prompt: CompiledPrompt;
  /** For its model. */
  readonly tokenizer: Tokenizer;
  /** Every call of its render function; undefined: not known. */
  readonly calls?: readonly RenderCall[] | undefined;
  /** The number of its version in production; undefined: not known, or none. */
  readonly productionNumber?: number | undefined;
}

export interface RenderCall {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** By variable, the value as text where the code has a literal; other variables aren't in it. */
  readonly constants: Readonly<Record<string, string>>;
}

/** A prompt as the rules see it. */
export interface ReadPrompt extends LintedPrompt {
  /** One for a text prompt, one per message for a chat prompt. */
  readonly texts: readonly PromptText[];
  /** Of all texts, in order, partials included. */
  readonly pieces: readonly Piece[];
}

export interface PromptText {
  readonly text: string;
  /** The same with secrets masked, at the same length: messages and frames quote only from this. */
  readonly shown: string;
  /** `shown` with code blanked out, at the same length. */
  readonly prose: string;
  /** Which message of a chat prompt, from 0. */
  readonly message: number | undefined;
  /** As sent to the model; undefined for a text prompt. */
  readonly role: string | undefined;
}

export type Piece =
  /** Literal text; inside a section it's there only for some values. */
  { readonly kind: "text"; readonly text: string; readonly isInSection: boolean } | ValuePiece;

/** Where a text depends on a value: a variable, or the beginning of a section. */
export interface ValuePiece {
  readonly kind: "value";
  readonly name: string;
  /** The value itself becomes part of the text: it's not just a condition. */
  readonly isPrinted: boolean;
  /** Its tag; for a tag in a partial, that of the partial. */
  readonly span: TextSpan;
}

/** Reads a compiled prompt for the rules. */
export function readPrompt(linted: LintedPrompt): ReadPrompt {
  const { source, bodies } = linted.prompt;
  const { content } = source.version;
  const messages = typeof content === "string" ? [{ role: undefined, content }] : content;
  const texts = messages.map(({ role, content: text }, index): PromptText => {
    const shown = maskSecrets(text);
    return {
      text,
      shown,
      prose: withoutCode(shown),
      message: role === undefined ? undefined : index,
      role: role === undefined ? undefined : mapRole(role, source.roles),
    };
  });
  const pieces = bodies.flatMap((body, index): readonly Piece[] => {
    const text = texts[index] as PromptText;
    if (body.syntax === "mustache") return mustachePieces(linted.prompt, body.nodes, text);
    return body.parts.map((part): Piece => {
      if (part.kind === "text") return { kind: "text", text: part.text, isInSection: false };
      const span = { text, index: part.index, length: part.name.length + "{{}}".length };
      return { kind: "value", name: part.name, isPrinted: true, span };
    });
  });
  return { ...linted, texts, pieces };
}

/** How many pieces are read: partials that include each other can make any number of them. */
const MAX_PIECES = 20_000;

function mustachePieces(
  { partials }: CompiledPrompt,
  nodes: readonly MustacheNode[],
  text: PromptText,
): readonly Piece[] {
  const pieces: Piece[] = [];
  const open = new Set<PromptSource>();
  const walk = (inside: readonly MustacheNode[], isInSection: boolean, partial?: TextSpan): void => {
    for (const node of inside) {
      if (pieces.length > MAX_PIECES) return;
      if (node.kind === "text") pieces.push({ kind: "text", text: node.text, isInSection });
      if (node.kind === "text" || node.kind === "line-start") continue;
      const span = partial ?? { text, index: node.index, length: node.length };
      if (node.kind === "partial") {
        if (open.has(node.source)) continue;
        open.add(node.source);
        walk(partials.get(node.source) ?? [], isInSection, span);
        open.delete(node.source);
        continue;
      }
      const isPrinted = node.kind === "variable";
      pieces.push({ kind: "value", name: node.path.join(".") || ".", isPrinted, span });
      if (node.kind === "section") walk(node.nodes, true, partial);
    }
  };
  walk(nodes, false);
  return pieces;
}

/** The literal text that every rendering has, before a piece; without one, all of it. */
export function literalBefore({ pieces }: ReadPrompt, end?: Piece): string {
  const before = end === undefined ? pieces : pieces.slice(0, pieces.indexOf(end));
  return before.map((piece) => (piece.kind === "text" && !piece.isInSection ? piece.text : "")).join("");
}

/** Can a variable have only a few values: those that the config lists, or those that are literals in the code? */
export function hasFewValues({ prompt, calls }: ReadPrompt, name: string): boolean {
  const { variables } = prompt.source;
  const type = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (typeof type === "object" || type === "boolean") return true;
  const isLiteral = calls?.every(({ constants }) => Object.hasOwn(constants, name));
  return isLiteral === true && calls?.length !== 0;
}
