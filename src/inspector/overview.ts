import { createHash } from "node:crypto";
import type { Project } from "../build/project.ts";
import { asProjectRuns } from "../config/package-manager.ts";
import { formatError } from "../errors/format-error.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { stableJson } from "../files/stable-json.ts";
import { pinText, refKey, refText } from "../prompt.ts";
import {
  type ComparedPrompt,
  comparePrompts,
  type ProjectComparison,
} from "../tasks/compare/compare-prompts.ts";
import { type ListedPrompt, listPrompts } from "../tasks/list-prompts.ts";
import type { Overview, Row } from "./api.ts";

/** The overview, but for what a dev server knows. */
export type ListedOverview = Omit<Overview, "devProblems">;

/** What a project imports and configures, as it is committed: at once, without a request. */
export function committedOverview(project: Project): Promise<ListedOverview> {
  return listed(project, { value: undefined }, "pending");
}

/** What a project imports and configures, and how what is committed differs from what the platform serves. */
export async function overviewOf(project: Project): Promise<ListedOverview> {
  const comparison = await problemOf(project, () => comparePrompts(project));
  return listed(project, comparison, comparison.value?.platform ?? "failed");
}

async function listed(
  project: Project,
  comparison: { readonly value?: ProjectComparison | undefined; readonly problem?: string | undefined },
  platform: Overview["platform"],
): Promise<ListedOverview> {
  const name = project.options.root.split(/[\\/]/).at(-1) ?? "";
  const list = await problemOf(project, () => listPrompts(project));
  if (list.value === undefined)
    return { project: name, platform: "failed", rows: [], unused: [], problem: list.problem };
  const compared = comparedOf(comparison.value);
  return {
    project: name,
    platform,
    rows: list.value.prompts.map((prompt) => rowOf(prompt, compared.get(refKey(prompt.request.ref)))),
    unused: list.value.unused.map(refText),
    problem: comparison.problem,
  };
}

/** An error as a person reads it, with its commands as the project runs them. */
export function errorText(error: unknown, { options }: Project): string {
  return asProjectRuns(formatError(error, { color: false, cwd: options.root }), options.root);
}

/** What the platform serves, where it was asked. */
function comparedOf(comparison: ProjectComparison | undefined): ReadonlyMap<string, ComparedPrompt> {
  if (comparison?.platform !== "compared") return new Map();
  return new Map(comparison.prompts.map((prompt) => [refKey(prompt.ref), prompt]));
}

function rowOf(listed: ListedPrompt, compared: ComparedPrompt | undefined): Row {
  const { request, entry, uses, variables = [] } = listed;
  const problem = listed.problem ?? compared?.problem;
  return {
    specifier: request.specifier,
    name: request.ref.name,
    key: request.key,
    pin: pinText(request.ref.pin),
    live: request.live,
    type: entry?.version.type ?? compared?.current?.type,
    committed: entry?.version.versionNumber,
    current: compared?.current?.versionNumber,
    grade: compared?.grade,
    changes: (compared?.changes ?? []).map(({ message, breaks }) => ({ message, breaks })),
    variables,
    callSites: uses.length,
    problem: problem?.message,
    digest: digestOf([entry?.version, compared?.current]),
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(stableJson(JSON.parse(JSON.stringify(value))))
    .digest("base64url")
    .slice(0, 16);
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
