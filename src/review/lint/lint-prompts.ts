import { whereOf } from "../../compiler/diagnostic.ts";
import type { Where } from "../../errors/scope-error.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { type LintedPrompt, readPrompt } from "./read-prompt.ts";
import type { LintOptions, RuleId } from "./rule-ids.ts";
import { type PrefixChange, type Problem, RULES, shownSpan } from "./rules.ts";
import { maskSecrets } from "./secrets.ts";

/** Something that a rule found in a prompt. It quotes the prompt, so escape it where you print it; it shows no secret. */
export interface LintFinding {
  readonly rule: RuleId;
  readonly severity: "warn" | "error";
  readonly prompt: PromptRef;
  /** The other prompts that it's about, for a passage that they share. */
  readonly others: readonly PromptRef[];
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  readonly where: Where;
  /** Which message of a chat prompt it's in, from 0; undefined: a text prompt, or no place. */
  readonly messageIndex: number | undefined;
  /** For `prompt-cache-order`. */
  readonly prefix?: PrefixChange | undefined;
}

/** How many findings of one rule in one prompt are listed. Looking up a place takes as long as the text. */
const MAX_OF_A_RULE = 10;

/**
 * Applies every rule to some prompts. In the order of their names, then of the text. The same prompts give the same
 * findings, in whatever order they come.
 *
 * @param options severities by rule. Default: `"warn"` for all
 * @example lintPrompts([{ prompt: compilePrompt(source), tokenizer: await tokenizers.forModel("gpt-5") }])
 */
export function lintPrompts(
  linted: readonly LintedPrompt[],
  options: LintOptions = {},
): readonly LintFinding[] {
  const keyOf = ({ prompt }: LintedPrompt) => refKey(prompt.source.ref);
  const prompts = linted
    .map((one) => ({ key: keyOf(one), prompt: readPrompt(one) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ prompt }) => prompt);
  const order = new Map(prompts.map((prompt, at) => [prompt, at]));
  const place = ({ prompt, span }: Problem) => [
    order.get(prompt) as number,
    span?.text.message ?? -1,
    span?.index ?? -1,
  ];
  return RULES.flatMap(({ id, find }) => {
    const severity = options[id] ?? "warn";
    return severity === "off" ? [] : limited(find(prompts)).map((one) => ({ id, severity, one }));
  })
    .sort((a, b) => compareAll(place(a.one), place(b.one)))
    .map(({ id, severity, one }) => ({
      rule: id,
      severity,
      prompt: one.prompt.prompt.source.ref,
      others: one.others?.map(({ prompt }) => prompt.source.ref) ?? [],
      message: maskSecrets(one.message),
      hint: maskSecrets(one.hint),
      where: whereOf(one.prompt.prompt.source, one.span && shownSpan(one.span)),
      messageIndex: one.span?.text.message,
      prefix: one.prefix,
    }));
}

/** The first problems of each prompt; the last of them says how many more there are. */
function limited(problems: readonly Problem[]): readonly Problem[] {
  const counts = new Map<unknown, number>();
  for (const { prompt } of problems) counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
  const seen = new Map<unknown, number>();
  return problems.flatMap((one) => {
    const at = (seen.get(one.prompt) ?? 0) + 1;
    seen.set(one.prompt, at);
    const rest = (counts.get(one.prompt) as number) - at;
    if (at > MAX_OF_A_RULE) return [];
    return at < MAX_OF_A_RULE || rest === 0
      ? [one]
      : [{ ...one, message: `${one.message} And ${rest} more.` }];
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareAll(a: readonly number[], b: readonly number[]): number {
  return a.map((one, at) => one - (b[at] as number)).find((difference) => difference !== 0) ?? 0;
}
