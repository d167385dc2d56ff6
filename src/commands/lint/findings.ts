import type { PromptRef } from "../../prompt.ts";
import type { LintFinding } from "../../review/lint/lint-prompts.ts";
import { refJson } from "../json-parts.ts";

/** What the rules found, as `--json` prints it. */
export function findingsJson(findings: readonly LintFinding[]) {
  return findings.map(({ rule, severity, prompt, others, message, hint, where, messageIndex, prefix }) => ({
    rule,
    severity,
    ...promptJson(prompt),
    versionNumber: where.versionNumber ?? null,
    others: others.map(promptJson),
    message,
    hint,
    line: where.line ?? null,
    column: where.column ?? null,
    messageIndex: messageIndex ?? null,
    ...(prefix === undefined ? {} : { prefix }),
  }));
}

function promptJson(ref: PromptRef) {
  const { name, pin } = refJson(ref);
  return { prompt: name, pin };
}

/** The exit code for what the rules found: 0 for nothing, 2 for warnings, 3 for an error. */
export function lintExit(findings: readonly LintFinding[]): 0 | 2 | 3 {
  if (findings.some(({ severity }) => severity === "error")) return 3;
  return findings.length > 0 ? 2 : 0;
}
