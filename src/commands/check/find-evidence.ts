import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { ConfigurationError, ResourceError, ValidationError } from "../../errors/classes.ts";
import { quoted } from "../../errors/printable.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { shortQuoted } from "../../errors/short-quoted.ts";
import { readRegularFileSync } from "../../files/read-file.ts";
import { sourcesOf } from "../../project/compile-request.ts";
import { isData } from "../../project/config/config-files.ts";
import { refuseOutside } from "../../project/config/load-config.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { RenderThread, renderCode } from "../../project/render-prompt.ts";
import { readSamples } from "../../project/snapshot/samples.ts";
import { isObject, refText, type Sides } from "../../prompt.ts";
import {
  countEvidence,
  type EvaluationRow,
  type Evidence,
  isSent,
  readResults,
} from "../../review/evidence/count-evidence.ts";
import type { CheckedPrompt, CheckReport } from "../report/report.ts";

/** So many rows are rendered with one message to the thread. */
const ROWS_AT_ONCE = 500;

/**
 * Adds to each prompt what the rows of results say of its versions: a row is evidence for a version whose rendering with
 * the row's variables, or with the sample that they name, is what was sent.
 *
 * @param given files or patterns, relative to `cwd`; undefined: those of the config
 */
export async function findEvidence(
  prompts: readonly CheckedPrompt[],
  options: ResolvedOptions,
  { given, cwd }: { readonly given: readonly string[] | undefined; readonly cwd: string },
): Promise<Required<Pick<CheckReport, "prompts" | "evaluations">>> {
  const { results, require } = options.evaluations;
  const { root, configFile = "" } = options;
  const { rows, problems, empty } =
    given === undefined
      ? await readAll(results, root, (file) => refuseOutside(root, file, !isData(configFile)))
      : await readAll(given, cwd, async () => {});
  // Somebody asked for these files. A config says where they are if there are any.
  if (given !== undefined) problems.push(...empty.map(noFile));
  using thread = new RenderThread();
  const claimed = new Set<EvaluationRow>();
  const checked: CheckedPrompt[] = [];
  for (const prompt of prompts) {
    const found = { from: new Set<EvaluationRow>(), to: new Set<EvaluationRow>() };
    try {
      for (const { from, to } of prompt.problem === undefined ? prompt.compiled : []) {
        if (to === undefined) continue;
        const ofTo = await rowsSentFor(rows, to, options, thread);
        for (const row of ofTo) found.to.add(row);
        if (from === undefined) continue;
        for (const row of from === to ? ofTo : await rowsSentFor(rows, from, options, thread))
          found.from.add(row);
      }
    } catch (error) {
      if (!isScopeError(error)) throw error;
      problems.push(error);
    }
    for (const row of [...found.from, ...found.to]) claimed.add(row);
    checked.push(withEvidence(prompt, found, require));
  }
  return {
    prompts: checked,
    evaluations: { rows: rows.length, others: rows.length - claimed.size, problems },
  };
}

/** @param mayRead throws for a file that these patterns may not lead to */
async function readAll(patterns: readonly string[], cwd: string, mayRead: (file: string) => Promise<void>) {
  const { glob, isDynamicPattern } = await import("tinyglobby");
  const problems: ScopeError[] = [];
  const empty: string[] = [];
  const files = new Set<string>();
  const options = { cwd, absolute: true, expandDirectories: false, followSymbolicLinks: false };
  const isFile = (one: string) => existsSync(resolve(cwd, one));
  const left = patterns.filter((one) => one.startsWith("!") && !isFile(one));
  for (const one of patterns.filter((one) => !left.includes(one))) {
    // A name can have the signs of a pattern.
    const found = isFile(one) ? [one] : isDynamicPattern(one) ? await glob([one, ...left], options) : [];
    if (found.length === 0) empty.push(one);
    for (const file of found) files.add(resolve(cwd, file));
  }
  // A run can be in several files.
  const rows = new Map<string, EvaluationRow>();
  for (const file of [...files].sort())
    try {
      await mayRead(file);
      for (const row of readResults(readRegularFileSync(file), file)) rows.set(row.id, row);
    } catch (error) {
      problems.push(isScopeError(error) ? error : unreadableResults(file, error));
    }
  return { rows: [...rows.values()], problems, empty };
}

function noFile(pattern: string): ConfigurationError {
  return new ConfigurationError(`No file of results matches ${quoted(pattern)}.`, {
    code: "evaluation_unreadable",
    hint: "Write one with: npx promptfoo@latest eval --output results.json",
  });
}

function unreadableResults(file: string, error: unknown): ResourceError {
  const { message } = error as Error;
  return new ResourceError(`This file of results can't be read: ${message}`, {
    code: "evaluation_unreadable",
    where: { file },
    hint: "Give check files that promptfoo has written, each of at most 100 MB.",
  });
}

/** The rows for which a version was sent. */
async function rowsSentFor(
  rows: readonly EvaluationRow[],
  compiled: CompiledPrompt,
  { snapshotDir }: ResolvedOptions,
  thread: RenderThread,
): Promise<readonly EvaluationRow[]> {
  const { source, variables, contract } = compiled;
  const inFile = await readSamples(snapshotDir, source.ref.name);
  const samples = new Map(inFile.map(({ name, read }) => [name, read]));
  const tried = rows.flatMap((row) => {
    const { sample } = row.vars;
    const read = typeof sample === "string" ? samples.get(sample) : undefined;
    const values = read?.([...variables, ...source.provides]).values;
    // Without one of its variables it would print none of them as it was sent.
    const isComplete =
      contract.input !== undefined || variables.every((name) => Object.hasOwn(row.vars, name));
    return [
      ...(isComplete ? [{ row, values: row.vars }] : []),
      ...(isObject(values) ? [{ row, values }] : []),
    ];
  });
  const found = new Set<EvaluationRow>();
  const code = renderCode(compiled);
  for (let start = 0; start < tried.length; start += ROWS_AT_ONCE) {
    const part = tried.slice(start, start + ROWS_AT_ONCE);
    const { outputs, problem } = await thread.renderEach(
      code,
      part.map(({ values }) => values),
    );
    if (problem !== undefined)
      throw new ValidationError(`Rows of results can't be rendered: ${problem}`, {
        code: "evaluation_unreadable",
        where: { prompt: refText(source.ref), versionNumber: source.version.versionNumber },
        hint: "Look at the row's variables, or leave the file out.",
      });
    for (const [index, { row }] of part.entries()) {
      const output = outputs[index];
      if (output !== undefined && isSent(row.sent, output)) found.add(row);
    }
  }
  return [...found];
}

function withEvidence(
  prompt: CheckedPrompt,
  found: Sides<ReadonlySet<EvaluationRow>>,
  require: ResolvedOptions["evaluations"]["require"],
): CheckedPrompt {
  const [first] = prompt.compiled;
  if (first?.to === undefined) return prompt;
  const metadata = {
    from: (first.from ?? first.to).source.version.metadata,
    to: first.to.source.version.metadata,
  };
  const model = (side: "from" | "to") => {
    const { model } = metadata[side];
    return typeof model === "string" ? model : undefined;
  };
  const models = { from: model("from"), to: model("to") };
  const evidence = countEvidence({ from: [...found.from], to: [...found.to] }, models);
  const keys = new Set([...Object.keys(metadata.from), ...Object.keys(metadata.to)]);
  const notInRows = [...keys].filter(
    (key) => key !== "model" && JSON.stringify(metadata.from[key]) !== JSON.stringify(metadata.to[key]),
  );
  const isChanged = models.from !== models.to || prompt.compiled.some(isAnotherText);
  const isRequired =
    isChanged &&
    prompt.specifiers.length > 0 &&
    prompt.requests.some(({ evaluations }) => evaluations !== false);
  const lack = isRequired ? lackOf(evidence, first.from !== undefined, models.to, require) : undefined;
  const { versionNumber } = first.to.source.version;
  return {
    ...prompt,
    evidence,
    notInRows: evidence.length > 0 ? notInRows : [],
    lacksEvidence:
      lack === undefined
        ? undefined
        : new ResourceError(`Version ${versionNumber} ${lack}.`, {
            code: "evaluation_missing",
            where: { prompt: refText(prompt.ref), versionNumber },
            hint: "Evaluate both versions: npx promptfoo@latest eval --output results.json. Then run: scope-gen check --results results.json",
          }),
  };
}

function isAnotherText({ from, to }: Sides<CompiledPrompt | undefined>): boolean {
  const texts = (one: CompiledPrompt | undefined) =>
    one && JSON.stringify(sourcesOf(one.source).map(({ version }) => version.content));
  return texts(from) !== texts(to);
}

/** What is missing, as the rest of a sentence about the version. */
function lackOf(
  evidence: readonly Evidence[],
  hasOlder: boolean,
  model: string | undefined,
  require: ResolvedOptions["evaluations"]["require"],
): string | undefined {
  if (require === "none") return undefined;
  const own = evidence.filter((one) => one.to && one.to.passed + one.to.failed > 0 && one.own === undefined);
  if (own.length === 0)
    return `has no evaluation of exactly its text${model === undefined ? "" : ` with its own model ${shortQuoted(model)}`}`;
  if (require === "evaluated" || !hasOlder) return undefined;
  if (own.every(({ pairs }) => pairs.count === 0))
    return "has no evaluation that can be compared with one of the committed version";
  const worse = own.find(({ pairs }) => pairs.to < pairs.from);
  return (
    worse &&
    `passes ${worse.pairs.to} of ${worse.pairs.count} cases, and the committed version ${worse.pairs.from}`
  );
}
