import { asRun, printableLine } from "../../errors/printable.ts";
import { refKey, refText } from "../../prompt.ts";
import type { LintFinding } from "../../review/lint/lint-prompts.ts";
import type { Printer } from "../cli/output.ts";
import { count, wrapText } from "../cli/terminal.ts";

/** The page of all rules, in the installed package. */
const PAGE = "unplugin-scope/docs/lint.md";

/** What the rules found, for a person: by prompt, each with its place and what to do; then where they're explained. */
export function findingsText(findings: readonly LintFinding[], output: Printer): string {
  const { colors } = output;
  const byPrompt = new Map<string, LintFinding[]>();
  for (const one of findings)
    byPrompt.set(refKey(one.prompt), [...(byPrompt.get(refKey(one.prompt)) ?? []), one]);
  const sections = [...byPrompt.values()].map((own) => {
    const { prompt, where } = own[0] as LintFinding;
    const head = `${colors.bold(printableLine(refText(prompt)))}, version ${where.versionNumber}\n`;
    return head + own.map((one) => findingText(one, output)).join("\n");
  });
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const pages = rules.map((rule) => `${colors.dim(`See ${PAGE}#${rule}`)}\n`);
  return [...sections, pages.join("")].join("\n");
}

function findingText(finding: LintFinding, output: Printer): string {
  const { colors, width } = output;
  const { severity, rule, message, hint, where } = finding;
  const mark = severity === "error" ? colors.red("error") : colors.yellow("warning");
  const lines = [
    wrapText(`  ${mark}  ${printableLine(message)} ${colors.dim(rule)}`, width, { hanging: true }),
  ];
  const place = placeText(finding);
  if (place !== undefined) lines.push(`    ${colors.cyan(place)}`);
  if (where.frame !== undefined) lines.push(where.frame.replace(/^/gm, "    "));
  lines.push(wrapText(`    ${asRun(printableLine(hint))}`, width));
  return `${lines.join("\n")}\n`;
}

/** `line 3, column 7 of message 2`; undefined for what is about a prompt as a whole. */
export function placeText({ where, messageIndex }: LintFinding): string | undefined {
  if (where.line === undefined) return undefined;
  const message = messageIndex === undefined ? "" : ` of message ${messageIndex + 1}`;
  return `line ${where.line}, column ${where.column}${message}`;
}

/** `1 error and 3 warnings`, or `nothing found`. */
export function findingsCount(findings: readonly LintFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const parts = [
    [errors, "error"],
    [findings.length - errors, "warning"],
  ] as const;
  const counts = parts.filter(([number]) => number > 0).map(([number, what]) => count(number, what));
  return counts.join(" and ") || "nothing found";
}
