import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import type { PromptContent, PromptVersionData } from "../../../src/prompt.ts";
import type { Tokenizer } from "../../../src/review/cost/tokenizer.ts";
import type { LintedPrompt } from "../../../src/review/lint/lint-prompts.ts";
import { type LintFinding, lintPrompts } from "../../../src/review/lint/lint-prompts.ts";
import type { LintOptions, RuleId } from "../../../src/review/lint/rule-ids.ts";
import { promptSource, type TestPrompt } from "../../compiler/prompts.ts";

export interface LintSample extends TestPrompt, Partial<Omit<LintedPrompt, "prompt">> {
  readonly version?: Partial<PromptVersionData>;
}

/** A prompt to lint; its ID comes from its name. */
export function linted(content: PromptContent, options: LintSample = {}): LintedPrompt {
  const { productionNumber, tokenizer = WORDS, version, ...rest } = options;
  const plain = promptSource(content, rest);
  const promptId = `prompt_${plain.ref.name}`;
  const source = { ...plain, version: { ...plain.version, promptId, ...version } };
  return { prompt: compilePrompt(source), productionNumber, tokenizer };
}

/** One token per word, so that a test can be counted by hand. */
export const WORDS: Tokenizer = {
  encoding: "o200k_base",
  count: (text) => text.match(/\S+/g)?.length ?? 0,
};

/** The findings of one rule. */
export function findingsOf(
  rule: RuleId,
  prompts: readonly LintedPrompt[],
  options?: LintOptions,
): LintFinding[] {
  return lintPrompts(prompts, options).filter((one) => one.rule === rule);
}

/** So many different words. */
export function words(count: number, prefix = "word"): string {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}`).join(" ");
}
