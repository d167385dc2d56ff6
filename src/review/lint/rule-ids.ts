/** The permanent names of the rules: keys of `lint` in the config, and headings of `docs/lint.md`, in its order. */
export const RULE_IDS = [
  "prompt-secret",
  "prompt-invisible-character",
  "prompt-system-variable",
  "prompt-cache-order",
  "prompt-near-miss",
  "prompt-unused-variable",
  "prompt-joined-partial",
  "prompt-repeated-passage",
  "prompt-old-pin",
] as const;

/** A rule for prompts; `docs/lint.md` explains each. */
export type RuleId = (typeof RULE_IDS)[number];

/** What becomes of a rule's findings. */
export type LintSeverity = "off" | "warn" | "error";

/** Severities by rule. A rule that isn't in it is `"warn"`. */
export type LintOptions = Readonly<Partial<Record<RuleId, LintSeverity | undefined>>>;
