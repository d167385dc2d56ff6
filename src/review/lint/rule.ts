import type { Span } from "../../compiler/diagnostic.ts";
import type { PromptCost } from "../cost/prompt-cost.ts";
import type { PromptText, ReadPrompt } from "./read-prompt.ts";
import type { RuleId } from "./rule-ids.ts";

/** One thing that can be wrong with a prompt, and how to find it. */
export interface Rule {
  readonly id: RuleId;
  /** Sees all prompts at once, since some rules compare them. */
  readonly find: (prompts: readonly ReadPrompt[]) => readonly Problem[];
}

/** What a rule found, before its place is looked up. */
export interface Problem {
  readonly prompt: ReadPrompt;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** Undefined: it's about the prompt as a whole. */
  readonly span?: TextSpan | undefined;
  readonly prefix?: PrefixChange;
  /** The other prompts that have the same problem in common with this one. */
  readonly others?: readonly ReadPrompt[];
}

/** The cacheable prefix in tokens: as it is, and after the fix. */
export interface PrefixChange extends Pick<PromptCost, "encoding"> {
  readonly from: number;
  readonly to: number;
}

/** A place in a text of a prompt. */
export interface TextSpan {
  readonly text: PromptText;
  /** In UTF-16 units. */
  readonly index: number;
  readonly length: number;
}

/** The span as it can be shown. */
export function shownSpan({ text, index, length }: TextSpan): Span {
  return { text: text.shown, message: text.message, index, length };
}

/** A rule that looks at one prompt at a time. */
export function eachPrompt(find: (prompt: ReadPrompt) => readonly Omit<Problem, "prompt">[]): Rule["find"] {
  return (prompts) => prompts.flatMap((prompt) => find(prompt).map((one) => ({ ...one, prompt })));
}

/** A rule that looks for something in each text of a prompt. */
export function eachText(
  find: (text: PromptText, prompt: ReadPrompt) => Iterable<Omit<Problem, "prompt">>,
): Rule["find"] {
  return eachPrompt((prompt) => prompt.texts.flatMap((text) => [...find(text, prompt)]));
}
