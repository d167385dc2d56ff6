import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { mapRole } from "../../prompt.ts";
import type { Tokenizer } from "../cost/tokenizer.ts";
import { literalText, type Piece, piecesOf, type ValuePiece } from "../pieces.ts";
import type { TextSpan } from "./rules.ts";
import { maskSecrets } from "./secrets.ts";

export interface LintedPrompt {
  readonly prompt: CompiledPrompt;
  /** For its model. */
  readonly tokenizer: Tokenizer;
  /** The number of its version in production; undefined: not known, or none. */
  readonly productionNumber?: number | undefined;
}

export interface ReadPrompt extends LintedPrompt {
  /** One for a text prompt, one per message for a chat prompt. */
  readonly texts: readonly PromptText[];
  /** Of all texts, in order, partials included. */
  readonly pieces: readonly ReadPiece[];
}

export interface PromptText {
  readonly text: string;
  /** The same with secrets masked, at the same length: messages and frames quote only from this. */
  readonly shown: string;
  /** Which message of a chat prompt, from 0. */
  readonly message: number | undefined;
  /** As sent to the model; undefined for a text prompt. */
  readonly role: string | undefined;
}

export type ReadPiece = Exclude<Piece, ValuePiece> | ReadValue;

export interface ReadValue extends ValuePiece {
  readonly span: TextSpan;
}

export function readPrompt(linted: LintedPrompt): ReadPrompt {
  const { source } = linted.prompt;
  const { content } = source.version;
  const messages = typeof content === "string" ? [{ role: undefined, content }] : content;
  const texts = messages.map(({ role, content: text }, index): PromptText => {
    return {
      text,
      shown: maskSecrets(text),
      message: role === undefined ? undefined : index,
      role: role === undefined ? undefined : mapRole(role, source.roles),
    };
  });
  const pieces = piecesOf(linted.prompt).flatMap((body, at) =>
    body.pieces.map((piece): ReadPiece => {
      if (piece.kind === "text") return piece;
      const { index, length } = piece;
      return { ...piece, span: { text: texts[at] as PromptText, index, length } };
    }),
  );
  return { ...linted, texts, pieces };
}

/** The literal text that every rendering has, before a piece; without one, all of it. */
export function literalBefore({ pieces }: ReadPrompt, end?: ReadPiece): string {
  return literalText(end === undefined ? pieces : pieces.slice(0, pieces.indexOf(end)));
}

/** Can a variable have only a few values, which the config lists? */
export function hasFewValues({ prompt }: ReadPrompt, name: string): boolean {
  const { variables } = prompt.source;
  const type = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return typeof type === "object" || type === "boolean";
}
