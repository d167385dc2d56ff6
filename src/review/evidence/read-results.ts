import { ValidationError } from "../../errors/classes.ts";
import { isObject } from "../../prompt.ts";

/** One answer that promptfoo has judged. What is in it comes from elsewhere: it's compared, never run. */
export interface EvaluationRow {
  readonly id: string;
  /** What was sent: a text, or a list of messages as JSON. */
  readonly sent: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly provider: string;
  /** The same for rows with the same variables and assertions. */
  readonly test: string;
  readonly outcome: "passed" | "failed" | "error";
  /** What people know it by. */
  readonly description: string | undefined;
  /** When its run began, in milliseconds. */
  readonly run: number;
}

/** The form that promptfoo's current version writes. */
const VERSION = 3;
/** The `failureReason` of what promptfoo couldn't judge. */
const NOT_JUDGED = 2;

/**
 * Reads a file that `promptfoo eval --output results.json` has written.
 *
 * @throws ValidationError `evaluation_unreadable` for anything else: cut off, of another form, or another file
 */
export function readResults(json: string, file: string): readonly EvaluationRow[] {
  const refuse = (what: string, hint = "Write it with: npx promptfoo@latest eval --output results.json") =>
    new ValidationError(`This file isn't used as results of promptfoo: ${what}.`, {
      code: "evaluation_unreadable",
      where: { file },
      hint,
    });
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw refuse("it isn't JSON, or is cut off");
  }
  const results = isObject(data) ? data.results : undefined;
  if (!isObject(results) || !Array.isArray(results.results)) throw refuse("it has no results.results");
  if (results.version !== VERSION) throw refuse(`its results.version isn't ${VERSION}`);
  const run = Date.parse(String(results.timestamp));
  if (Number.isNaN(run)) throw refuse("its results.timestamp isn't a time");
  return results.results.map((row: unknown, index): EvaluationRow => {
    const { id, prompt, provider, vars, testCase, failureReason, success } = isObject(row) ? row : {};
    const sent = isObject(prompt) ? prompt.raw : undefined;
    const providerId = isObject(provider) ? provider.id : undefined;
    if (
      typeof id !== "string" ||
      typeof sent !== "string" ||
      typeof providerId !== "string" ||
      !isObject(vars) ||
      !isObject(testCase) ||
      typeof success !== "boolean"
    )
      throw refuse(
        `results.results[${index}] lacks an id, prompt.raw, provider.id, vars, testCase or success`,
      );
    const { assert = [], description } = testCase;
    const byName = Object.entries(vars).sort(([a], [b]) => (a < b ? -1 : 1));
    const test = JSON.stringify([byName, assert]);
    const known = typeof description === "string" && description !== "" ? description : undefined;
    // A row that somebody has rated by hand keeps the reason of before.
    const outcome = failureReason === NOT_JUDGED ? "error" : success ? "passed" : "failed";
    return { id, sent, vars, provider: providerId, test, outcome, description: known, run };
  });
}
