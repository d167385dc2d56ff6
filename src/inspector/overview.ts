import { createHash } from "node:crypto";
import { type CheckedPrompt, shownGrade, type Verdict } from "../commands/check/verdict.ts";
import {
  type ComparedPrompt,
  comparePrompts,
  type ProjectComparison,
} from "../commands/compare/compare-prompts.ts";
import { withoutPlatform } from "../commands/find-version.ts";
import { type ListedPrompt, listPrompts, readCommitted } from "../commands/list-prompts.ts";
import { byNameThenPin } from "../commands/select-imports.ts";
import { GRADES } from "../contract/contract.ts";
import { formatError } from "../errors/format-error.ts";
import { oneLine } from "../errors/one-line.ts";
import { isScopeError, type ScopeError } from "../errors/scope-error.ts";
import { asProjectRuns } from "../project/config/package-manager.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { loadSnapshot } from "../project/snapshot/store.ts";
import { type PromptRef, pinText, refKey, refText } from "../prompt.ts";
import type { Overview, Row } from "./api.ts";
import { callsOf } from "./call-sites.ts";
import type { Round } from "./platform-view.ts";

/** The overview without what only a dev server and the last look know. */
export type ListedOverview = Omit<Overview, "devProblems" | "comparedAt">;

/** What was compared, and what `check` says about it, if that is known. */
export interface Compared {
  readonly comparison: ProjectComparison;
  readonly verdict: Verdict | undefined;
  /** Why a prompt couldn't be asked about, by `refKey`. */
  readonly failures: Round["failures"];
}

/** An overview, and the imports of its prompts, with those of the code and the config last. */
export interface Listing {
  readonly overview: ListedOverview;
  readonly requests: readonly ResolvedImport[];
}

/** What a project imports and configures, as committed: available at once, without a request. */
export async function committedOverview(
  project: Project,
  platform: Overview["platform"] = "pending",
  problem?: string,
): Promise<Listing> {
  // Damage is a problem of the damaged prompt, and the list shows it there.
  const comparison = await comparePrompts(withoutPlatform(project)).catch(ofScope);
  const compared = isScopeError(comparison) ? undefined : { comparison, verdict: undefined, failures: NONE };
  return listed(project, compared, platform, problem);
}

const NONE: Round["failures"] = new Map();

/** What a project imports and configures, and how what is committed differs from what the platform serves. */
export async function comparedOverview(
  project: Project,
  compared: Compared,
  outage: ScopeError | undefined,
): Promise<Listing> {
  if (outage === undefined) return listed(project, compared, compared.comparison.platform, undefined);
  return listed(project, compared, "unreached", oneLine(outage.message));
}

async function listed(
  project: Project,
  compared: Compared | undefined,
  platform: Overview["platform"],
  problem: string | undefined,
): Promise<Listing> {
  const name = project.options.root.split(/[\\/]/).at(-1) ?? "";
  const list = await listPrompts(project).catch(ofScope);
  if (isScopeError(list)) {
    const failed = { platform: "failed", problem: errorText(list, project) } as const;
    return { overview: { project: name, rows: [], unused: [], ...failed }, requests: [] };
  }
  const checked = new Map(compared?.verdict?.prompts.map((prompt) => [refKey(prompt.ref), prompt]));
  const found = new Map(compared?.comparison.prompts.map((prompt) => [refKey(prompt.ref), prompt]));
  const partials = await partialsOf(project, compared?.comparison);
  const isCompared = platform === "compared" || platform === "unreached";
  const prompts = [...list.prompts, ...partials].map(async (prompt) => {
    const key = refKey(prompt.request.ref);
    const now = isCompared ? rowOf(prompt, found.get(key), checked.get(key)) : rowOf(prompt);
    const row = { ...now, isPartial: partials.includes(prompt), ...(await countUses(project, prompt)) };
    const failure = compared?.failures.get(key);
    if (failure === undefined) return { prompt, row };
    // An outage is one problem of all prompts.
    const own = platform === "unreached" ? row.problem : oneLine(failure.error.message);
    const grade = failure.isKnown ? row.grade : undefined;
    return { prompt, row: { ...row, grade, isStale: grade !== undefined, problem: own } };
  });
  const sorted = (await Promise.all(prompts)).sort(
    (a, b) => rank(a.row) - rank(b.row) || byNameThenPin(a.prompt.request.ref, b.prompt.request.ref),
  );
  const rows = sorted.map(({ row }) => row);
  const overview = { project: name, platform, rows, unused: list.unused.map(refText), problem };
  return { overview, requests: [...partials, ...list.prompts].map(({ request }) => request) };
}

/** What is wrong comes first, then what is unknown. */
function rank({ grade, problem }: Row): number {
  if (grade === undefined) return problem === undefined ? GRADES.length - 1.5 : 1.5;
  return GRADES.indexOf(grade);
}

async function countUses(project: Project, { uses }: ListedPrompt): Promise<Pick<Row, "calls" | "imports">> {
  const calls = (await callsOf(project, uses)).filter(({ isCall }) => isCall).length;
  return { calls, imports: uses.length };
}

function ofScope(error: unknown): ScopeError {
  if (isScopeError(error)) return error;
  throw error;
}

/** The prompts that others include and that nothing else imports. `check` lists them among the others. */
async function partialsOf(
  { options }: Project,
  comparison: ProjectComparison | undefined,
): Promise<readonly ListedPrompt[]> {
  const partials = comparison?.prompts.filter(({ specifiers }) => specifiers.length === 0) ?? [];
  const find = (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref);
  return Promise.all(
    partials.flatMap(({ requests: [request] }) =>
      request === undefined
        ? []
        : [readCommitted(request, options, find).then((committed) => ({ request, uses: [], ...committed }))],
    ),
  );
}

/** An error in text for a person, with its commands the way the project runs them. */
export function errorText(error: unknown, { options }: Project): string {
  return asProjectRuns(formatError(error, { color: false, cwd: options.root }), options.root);
}

function rowOf(
  listed: ListedPrompt,
  compared?: ComparedPrompt,
  checked?: CheckedPrompt,
): Omit<Row, "isPartial" | "calls" | "imports"> {
  const { request, entry, variables = [] } = listed;
  const problem = listed.problem ?? compared?.problem;
  const changes = (compared?.changes ?? []).map(({ message, breaks }) => ({ message, breaks }));
  const grade = checked === undefined ? compared?.grade : shownGrade(checked);
  return {
    specifier: request.specifier,
    name: request.ref.name,
    key: request.key,
    pin: pinText(request.ref.pin),
    live: request.live,
    type: entry?.version.type ?? compared?.current?.type,
    committed: entry?.version.versionNumber,
    current: compared?.current?.versionNumber,
    grade,
    isStale: false,
    changes,
    variables,
    notes: compared?.notes ?? [],
    problem: problem?.message,
    // What it includes is part of it.
    digest: digestOf([entry?.version, compared?.current, grade, changes, compared?.notes]),
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);
}
