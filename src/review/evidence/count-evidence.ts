import { ValidationError } from "../../errors/classes.ts";
import { excerptOf } from "../../errors/diagnostic.ts";
import { isObject, type PromptContent, type Sides } from "../../prompt.ts";
import { maskSecrets } from "../lint/secrets.ts";

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

/** The verdicts of promptfoo on the answers to one version. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Without an answer that could be judged. */
  readonly errors: number;
}

/** What one provider's answers say of two versions; of a version without rows, nothing. */
export interface Evidence extends Sides<Counts | undefined> {
  /** Who answered: the version's own model by its name, otherwise the provider as promptfoo names it. */
  readonly models: Sides<string | undefined>;
  /** The version's own model, where another one answered. */
  readonly own: string | undefined;
  /** How many of the rows that both versions have passed. */
  readonly pairs: { readonly count: number; readonly from: number; readonly to: number };
  /** The pairs that passed before and don't now: what people know them by, shortened and without secrets. */
  readonly newlyFailing: readonly string[];
}

/** Is what was sent this rendering: the text, its messages, or one message with the text? */
export function isSent(sent: string, rendering: PromptContent): boolean {
  if (sent === rendering) return true;
  if (!sent.trimStart().startsWith("[")) return false;
  let messages: unknown;
  try {
    messages = JSON.parse(sent);
  } catch {
    return false;
  }
  if (!Array.isArray(messages)) return false;
  const wanted = typeof rendering === "string" ? [{ role: undefined, content: rendering }] : rendering;
  return (
    messages.length === wanted.length &&
    messages.every((message: unknown, index) => {
      const { role, content } = wanted[index] as { readonly role?: string | undefined; content: string };
      if (!isObject(message) || Object.keys(message).length !== 2 || message.content !== content)
        return false;
      return role === undefined ? typeof message.role === "string" : message.role === role;
    })
  );
}

/** Did the model with this name answer? promptfoo puts the service before it: `openai:chat:gpt-6.1-sol`. */
function isModel(provider: string, model: string | undefined): boolean {
  if (model === undefined) return false;
  return provider === model || [":", "/"].some((sign) => provider.endsWith(`${sign}${model}`));
}

/**
 * Counts rows by provider. Of rows for the same variables, provider and assertions, those of the newest run count.
 *
 * @param rows those of each version; one can be of both
 * @param models the versions' own; undefined: any
 */
export function countEvidence(
  rows: Sides<readonly EvaluationRow[]>,
  models: Sides<string | undefined>,
): readonly Evidence[] {
  const groups = new Map<string, Sides<Map<string, EvaluationRow[]>>>();
  for (const side of ["from", "to"] as const)
    for (const row of rows[side]) {
      // Versions with different models are compared by the answers of their own.
      const own = models.from === undefined || models.to === undefined ? undefined : models[side];
      const isOwn = models.from !== models.to && isModel(row.provider, own);
      const key = isOwn ? row.provider.slice(0, -(own as string).length) : row.provider;
      const group = groups.get(key) ?? { from: new Map(), to: new Map() };
      groups.set(key, group);
      const [newest] = group[side].get(row.test) ?? [];
      if (newest === undefined || newest.run < row.run) group[side].set(row.test, [row]);
      else if (newest.run === row.run) group[side].get(row.test)?.push(row);
    }
  return [...groups.values()].map((group) => {
    const pairs = [...group.to].flatMap(([test, to]) => {
      const from = group.from.get(test);
      const isJudged = from && [...from, ...to].every(({ outcome }) => outcome !== "error");
      return isJudged ? [{ row: to[0] as EvaluationRow, from: hasPassed(from), to: hasPassed(to) }] : [];
    });
    const shown = (side: "from" | "to") => {
      const [row] = [...group[side].values()].flat();
      const own = models[side];
      if (row === undefined) return { model: undefined, own: undefined };
      const isOwn = isModel(row.provider, own);
      return {
        model: shortened(isOwn ? (own as string) : row.provider),
        own: isOwn ? undefined : own && shortened(own),
      };
    };
    const sides = { from: shown("from"), to: shown("to") };
    return {
      from: counts(group.from),
      to: counts(group.to),
      models: { from: sides.from.model, to: sides.to.model },
      own: group.to.size > 0 ? sides.to.own : sides.from.own,
      pairs: {
        count: pairs.length,
        from: pairs.filter(({ from }) => from).length,
        to: pairs.filter(({ to }) => to).length,
      },
      newlyFailing: pairs.filter(({ from, to }) => from && !to).map(({ row }) => caseName(row)),
    };
  });
}

function hasPassed(rows: readonly EvaluationRow[]): boolean {
  return rows.every(({ outcome }) => outcome === "passed");
}

function counts(byTest: ReadonlyMap<string, readonly EvaluationRow[]>): Counts | undefined {
  const outcomes = [...byTest.values()].flat().map(({ outcome }) => outcome);
  if (outcomes.length === 0) return undefined;
  const count = (wanted: EvaluationRow["outcome"]) => outcomes.filter((one) => one === wanted).length;
  return { passed: count("passed"), failed: count("failed"), errors: count("error") };
}

function caseName({ description, vars }: EvaluationRow): string {
  return shortened(description ?? JSON.stringify(vars));
}

/** What is hidden is hidden first: half a secret has another shape. */
function shortened(text: string): string {
  return excerptOf(maskSecrets(text));
}

const SHOWN = 5;

/**
 * Evidence in words; undefined for none.
 *
 * @example evidenceText(evidence) // "evaluated 38 of 40 → 33 of 40 with model-a; 5 newly failing: …"
 */
export function evidenceText({ from, to, models, own, newlyFailing }: Evidence, isSame: boolean): string {
  const side = (one: Counts | undefined) => {
    if (one === undefined) return "not at all";
    const errors = one.errors === 0 ? "" : ` (and ${one.errors} without an answer)`;
    return `${one.passed} of ${one.passed + one.failed}${errors}`;
  };
  const areOther = models.from !== undefined && models.to !== undefined && models.from !== models.to;
  const before = isSame ? "" : `${side(from)}${areOther ? ` with ${models.from}` : ""} → `;
  const model = `${models.to ?? models.from}${own === undefined ? "" : `, not its own ${own}`}`;
  const shown = newlyFailing.slice(0, SHOWN).map((name) => JSON.stringify(name));
  const rest = newlyFailing.length > SHOWN ? ", …" : "";
  const failing =
    shown.length === 0 ? "" : `; ${newlyFailing.length} newly failing: ${shown.join(", ")}${rest}`;
  return `evaluated ${before}${side(to)} with ${model}${failing}`;
}
