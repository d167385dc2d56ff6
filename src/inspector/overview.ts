import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type CheckedPrompt, shownGrade, type Verdict } from "../commands/check/verdict.ts";
import {
  type ComparedPrompt,
  comparePrompts,
  type ProjectComparison,
} from "../commands/compare/compare-prompts.ts";
import { withoutPlatform } from "../commands/find-version.ts";
import { type ListedPrompt, listPrompts, readCommitted } from "../commands/list-prompts.ts";
import { byNameThenPin } from "../commands/select-imports.ts";
import { formatError } from "../errors/format-error.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { asProjectRuns } from "../project/config/package-manager.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { loadSnapshot } from "../project/snapshot/store.ts";
import { type PromptRef, pinText, refKey, refText } from "../prompt.ts";
import type { Overview, Row } from "./api.ts";
import type { Verdicts } from "./verdicts.ts";

/** The overview without what only a dev server knows. */
export type ListedOverview = Omit<Overview, "devProblems">;

/** What was compared, and what `check` says about it, if that is known. */
interface Compared {
  readonly comparison: ProjectComparison;
  readonly verdict: Verdict | undefined;
}

/** How long a person waits for the type checker. The next look has its result. */
const PATIENCE_MS = 2000;

/** An overview, and the imports of its prompts, with those of the code and the config last. */
export interface Listing {
  readonly overview: ListedOverview;
  readonly requests: readonly ResolvedImport[];
}

/** What a project imports and configures, as committed: available at once, without a request. */
export async function committedOverview(project: Project): Promise<Listing> {
  return listed(project, await committedState(project), "pending", undefined);
}

/** What a project imports and configures, and how what is committed differs from what the platform serves. */
export async function overviewOf(project: Project, verdicts: Verdicts): Promise<Listing> {
  const { value, problem } = await problemOf(project, async () => {
    const comparison = await comparePrompts(project);
    const waiting = new AbortController();
    const later = sleep(PATIENCE_MS, undefined, waiting).catch(() => undefined);
    const verdict = await Promise.race([verdicts.of(project, comparison), later]);
    waiting.abort();
    return { comparison, verdict };
  });
  if (value !== undefined) return listed(project, value, value.comparison.platform, undefined);
  return listed(project, await committedState(project), "failed", problem);
}

/** Damage is a problem of the damaged prompt, and the list shows it there. */
async function committedState(project: Project): Promise<Compared | undefined> {
  const { value } = await problemOf(project, () => comparePrompts(withoutPlatform(project)));
  return value && { comparison: value, verdict: undefined };
}

async function listed(
  project: Project,
  compared: Compared | undefined,
  platform: Overview["platform"],
  problem: string | undefined,
): Promise<Listing> {
  const name = project.options.root.split(/[\\/]/).at(-1) ?? "";
  const { value: list, problem: unlisted } = await problemOf(project, () => listPrompts(project));
  if (list === undefined) {
    const overview = { project: name, platform: "failed", rows: [], unused: [], problem: unlisted } as const;
    return { overview, requests: [] };
  }
  const checked = new Map(compared?.verdict?.prompts.map((prompt) => [refKey(prompt.ref), prompt]));
  const found = new Map(compared?.comparison.prompts.map((prompt) => [refKey(prompt.ref), prompt]));
  const partials = await partialsOf(project, compared?.comparison);
  const prompts = [...list.prompts, ...partials].sort((a, b) => byNameThenPin(a.request.ref, b.request.ref));
  const overview = {
    project: name,
    platform,
    rows: prompts.map((prompt) => {
      const key = refKey(prompt.request.ref);
      const row = platform === "compared" ? rowOf(prompt, found.get(key), checked.get(key)) : rowOf(prompt);
      return { ...row, isPartial: partials.includes(prompt) };
    }),
    unused: list.unused.map(refText),
    problem,
  };
  return { overview, requests: [...partials, ...list.prompts].map(({ request }) => request) };
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
): Omit<Row, "isPartial"> {
  const { request, entry, uses, variables = [] } = listed;
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
    changes,
    variables,
    callSites: uses.length,
    notes: compared?.notes ?? [],
    problem: problem?.message,
    // What it includes is part of it.
    digest: digestOf([entry?.version, compared?.current, grade, changes, compared?.notes]),
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);
}

async function problemOf<T>(
  project: Project,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly problem?: undefined } | { value?: undefined; problem: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { problem: errorText(error, project) };
  }
}
