import { piecesOf } from "../../compiler/pieces.ts";
import { whereOf } from "../../errors/diagnostic.ts";
import type { Where } from "../../errors/scope-error.ts";
import { compareText, mapRole, type PromptRef, refKey } from "../../prompt.ts";
import { type LintOptions, RULE_IDS, type RuleId } from "./rule-ids.ts";
import { type PrefixChange, type Problem, type ReadPrompt, RULES, shownSpan } from "./rules.ts";
import { maskSecrets } from "./secrets.ts";

export type LintedPrompt = Omit<ReadPrompt, "texts" | "pieces">;

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

/** Applies every rule. Findings are in the order of names, then of the text, in whatever order the prompts come. */
export function lintPrompts(
  linted: readonly LintedPrompt[],
  options: LintOptions = {},
): readonly LintFinding[] {
  const keyOf = ({ prompt }: ReadPrompt) => refKey(prompt.source.ref);
  const prompts = linted.map(readLinted).sort((a, b) => compareText(keyOf(a), keyOf(b)));
  const findings = RULE_IDS.flatMap((rule) => {
    const severity = options[rule] ?? "warn";
    if (severity === "off") return [];
    return limited(RULES[rule](prompts)).map((problem) => ({ rule, severity, problem }));
  });
  const place = new Map(prompts.map((prompt, at) => [prompt, at]));
  findings.sort(({ problem: a }, { problem: b }) => {
    const inOrder = (place.get(a.prompt) as number) - (place.get(b.prompt) as number);
    const inMessages = (a.span?.text.message ?? -1) - (b.span?.text.message ?? -1);
    return inOrder || inMessages || (a.span?.index ?? -1) - (b.span?.index ?? -1);
  });
  return findings.map(
    ({ rule, severity, problem: { prompt, others = [], message, hint, span, prefix } }) => ({
      rule,
      severity,
      prompt: prompt.prompt.source.ref,
      others: others.map((other) => other.prompt.source.ref),
      message: maskSecrets(message),
      hint: maskSecrets(hint),
      where: whereOf(prompt.prompt.source, span && shownSpan(span)),
      messageIndex: span?.text.message,
      prefix,
    }),
  );
}

function readLinted(linted: LintedPrompt): ReadPrompt {
  const { version, roles } = linted.prompt.source;
  const { content } = version;
  const messages = typeof content === "string" ? [{ role: undefined, content }] : content;
  const texts = messages.map(({ role, content: text }, index) => ({
    text,
    shown: maskSecrets(text),
    message: role === undefined ? undefined : index,
    role: role === undefined ? undefined : mapRole(role, roles),
  }));
  return { ...linted, texts, pieces: piecesOf(linted.prompt).flat() };
}

/** The first problems of each prompt; the last of them says how many more there are. */
function limited(problems: readonly Problem[]): readonly Problem[] {
  const byPrompt = new Map(problems.map(({ prompt }) => [prompt, [] as Problem[]]));
  for (const one of problems) byPrompt.get(one.prompt)?.push(one);
  return [...byPrompt.values()].flatMap((own) => {
    const last = own[MAX_OF_A_RULE - 1];
    const more = own.length - MAX_OF_A_RULE;
    if (last === undefined || more === 0) return own;
    const message = `${last.message} And ${more} more.`;
    return [...own.slice(0, MAX_OF_A_RULE - 1), { ...last, message }];
  });
}
