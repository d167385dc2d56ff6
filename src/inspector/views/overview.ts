import { createHash } from "node:crypto";
import type { CheckedPrompt, Verdict } from "../../commands/check/verdict.ts";
import { type ComparedPrompt, comparePrompts } from "../../commands/compare/compare-prompts.ts";
import { withoutPlatform } from "../../commands/find-version.ts";
import { type ListedPrompt, listPrompts, readCommitted } from "../../commands/list-prompts.ts";
import { byNameThenPin } from "../../commands/select-imports.ts";
import { GRADES } from "../../contract/contract.ts";
import { formatError } from "../../errors/format-error.ts";
import { oneLine } from "../../errors/one-line.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import { loadSnapshot } from "../../project/snapshot/store.ts";
import { type PromptRef, refKey, refText, shownPin } from "../../prompt.ts";
import type { Overview, Row } from "../api.ts";
import type { Look } from "../compare/looks.ts";
import { callsOf } from "./call-sites.ts";

export interface Listing {
  /** Without what only a dev server and the last look know. */
  readonly overview: Omit<Overview, "devProblems" | "comparedAt">;
  /** The imports of its prompts, with those of the code and the config last. */
  readonly requests: readonly ResolvedImport[];
}

type PromptRow = Omit<Row, "isPartial" | "calls" | "imports">;

/**
 * What a project imports and configures, as committed: available at once, without a request.
 *
 * @param problem why nothing could be compared
 */
export async function committedOverview(project: Project, problem?: string): Promise<Listing> {
  // Damage is a problem of the damaged prompt, and the list shows it there.
  const comparison = await comparePrompts(withoutPlatform(project)).catch(ofScope);
  const prompts = isScopeError(comparison) ? [] : comparison.prompts;
  return listed(project, { platform: problem === undefined ? "pending" : "failed", problem }, prompts, rowOf);
}

/** What a project imports and configures, and how what is committed differs from what the platform serves. */
export async function comparedOverview(
  project: Project,
  { comparison, round: { outage, failures } }: Look,
  verdict: Verdict | undefined,
): Promise<Listing> {
  const { platform, prompts } = comparison;
  if (platform === "skipped") return listed(project, { platform, problem: undefined }, prompts, rowOf);
  const checked = new Map(verdict?.prompts.map((prompt) => [refKey(prompt.ref), prompt]));
  const found = new Map(prompts.map((prompt) => [refKey(prompt.ref), prompt]));
  const state =
    outage === undefined
      ? { platform, problem: undefined }
      : { platform: "unreached" as const, problem: oneLine(outage.message) };
  return listed(project, state, prompts, (prompt) => {
    const key = refKey(prompt.request.ref);
    const row = rowOf(prompt, found.get(key), checked.get(key));
    const failure = failures.get(key);
    if (failure === undefined) return row;
    // An outage is one problem of all prompts.
    const problem = outage === undefined ? oneLine(failure.error.message) : row.problem;
    const grade = failure.isKnown ? row.grade : undefined;
    return { ...row, grade, isStale: grade !== undefined, problem };
  });
}

async function listed(
  project: Project,
  state: Pick<Overview, "platform" | "problem">,
  compared: readonly ComparedPrompt[],
  rowFor: (prompt: ListedPrompt) => PromptRow,
): Promise<Listing> {
  const name = project.options.root.split(/[\\/]/).at(-1) ?? "";
  const list = await listPrompts(project).catch(ofScope);
  if (isScopeError(list)) {
    const failed = { platform: "failed", problem: errorText(list, project) } as const;
    return { overview: { project: name, rows: [], unused: [], ...failed }, requests: [] };
  }
  const partials = await partialsOf(project, compared);
  const prompts = [...partials, ...list.prompts];
  const rows = prompts.map(async (prompt) => {
    const calls = (await callsOf(project, prompt.uses)).filter(({ isCall }) => isCall).length;
    const isPartial = partials.includes(prompt);
    return {
      ref: prompt.request.ref,
      row: { ...rowFor(prompt), isPartial, calls, imports: prompt.uses.length },
    };
  });
  const sorted = (await Promise.all(rows)).sort(
    (a, b) => rank(a.row) - rank(b.row) || byNameThenPin(a.ref, b.ref),
  );
  const unused = list.unused.map(refText);
  const overview = { project: name, ...state, rows: sorted.map(({ row }) => row), unused };
  return { overview, requests: prompts.map(({ request }) => request) };
}

/** What is wrong comes first, then what is unknown. */
function rank({ grade, problem }: Row): number {
  if (grade === undefined) return problem === undefined ? GRADES.length - 1.5 : 1.5;
  return GRADES.indexOf(grade);
}

function ofScope(error: unknown): ScopeError {
  if (isScopeError(error)) return error;
  throw error;
}

/** The prompts that others include and that nothing else imports. `check` lists them among the others. */
async function partialsOf(
  { options }: Project,
  compared: readonly ComparedPrompt[],
): Promise<readonly ListedPrompt[]> {
  const find = (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref);
  const requests = compared.flatMap(({ specifiers, requests: [request] }) =>
    specifiers.length === 0 && request ? [request] : [],
  );
  return Promise.all(
    requests.map(async (request) => ({
      request,
      uses: [],
      ...(await readCommitted(request, options, find)),
    })),
  );
}

/** An error in text for a person. */
export function errorText(error: unknown, { options }: Project): string {
  return formatError(error, { cwd: options.root });
}

function rowOf(listed: ListedPrompt, compared?: ComparedPrompt, checked?: CheckedPrompt): PromptRow {
  const { request, entry, variables = [] } = listed;
  const { current, changes = [], notes = [] } = compared ?? {};
  const problem = listed.problem ?? compared?.problem;
  const grade = checked === undefined ? compared?.grade : checked.change;
  const shown = [entry?.version, current, grade, changes, notes];
  return {
    specifier: request.specifier,
    name: request.ref.name,
    key: request.key,
    pin: shownPin(request.ref.pin),
    live: request.live,
    committed: entry?.version.versionNumber,
    current: current?.versionNumber,
    grade,
    isStale: false,
    changes,
    variables,
    notes,
    problem: problem?.message,
    // What it includes is part of it.
    digest: createHash("sha256").update(JSON.stringify(shown)).digest("base64url").slice(0, 16),
  };
}
