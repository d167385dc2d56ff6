import { checkSync } from "recheck/lib/browser.js";
import type { Pattern } from "./read-schema.ts";
import { SchemaProblem } from "./schema-problem.ts";

/** Verdicts are costly, and one pattern is checked by every command of a run. */
const verdicts = new Map<string, string | undefined>();

/**
 * Refuses patterns that are none, and patterns that take more than linear time on some text: an answer is such a text
 * as anybody likes who talks to the model.
 *
 * @throws SchemaProblem
 */
export function checkPatterns(patterns: readonly Pattern[]): void {
  for (const { text, path } of patterns) {
    if (!verdicts.has(text)) verdicts.set(text, problemOf(text));
    const problem = verdicts.get(text);
    if (problem !== undefined)
      throw new SchemaProblem(
        path,
        `the pattern ${JSON.stringify(text)} ${problem}`,
        "A safe pattern begins with ^, and no two parts that follow each other and repeat match the same text.",
      );
  }
}

function problemOf(text: string): string | undefined {
  try {
    new RegExp(text, "u");
  } catch {
    return "is no regular expression";
  }
  const verdict = checkSync(text, "u", { checker: "automaton", timeout: 10_000 });
  if (verdict.status === "safe") return undefined;
  return verdict.status === "vulnerable"
    ? `takes ${verdict.complexity.type} time on some texts`
    : "cannot be shown to take linear time on every text";
}
