import type { Contract } from "../template/contract.ts";
import type { TemplatePart } from "../template/parts.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Input } from "./input.ts";
import type { PromptSource } from "./prompt-source.ts";

/** A prompt version, read and checked: all that the emitters need. */
export interface CompiledPrompt {
  readonly source: PromptSource;
  readonly contract: Contract;
  /** Warnings, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Top-level names, in order of first use: the export `variables`. */
  readonly variables: readonly string[];
  /** The parameter of `render`, one property each. Empty: `render` has no parameter. */
  readonly inputs: readonly Input[];
  /** One for a text prompt, one per message for a chat prompt. */
  readonly bodies: readonly Body[];
}

/** A parsed template. */
export type Body = { readonly syntax: "scope"; readonly parts: readonly TemplatePart[] };
