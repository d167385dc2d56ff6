import { NO_CHANGE } from "../../contract/compare-versions.ts";
import { type Change, type Grade, worstGrade } from "../../contract/contract.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses, type ProjectUses, type ScopeUse } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { snapshotFile } from "../../project/snapshot/store.ts";
import { committedVersions, type FindVersion } from "../../project/versions/find-version.ts";
import { knownNames, snapshotMissing } from "../../project/versions/version-errors.ts";
import { type Label, type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import {
  askFor,
  type FetchedPrompt,
  type FetchProgress,
  fetchVersions,
  mayAsk,
  needsPlatform,
  versionIn,
} from "../fetch-versions.ts";
import { findPinNotes, pinState } from "../pin-notes.ts";
import {
  byNameThenPin,
  type PromptRequests,
  promptRequests,
  type SelectedImport,
  selectImports,
} from "../select-imports.ts";
import { compareSides } from "./compare-sides.ts";

/** One prompt and pin: what is committed, and what the platform serves now. */
export interface ComparedPrompt {
  readonly ref: PromptRef;
  /** Absolute path of its snapshot file, whether or not it exists. */
  readonly file: string;
  /** As spelled in the code, and the specifiers of the config's keys; none for a prompt that others include. */
  readonly specifiers: readonly string[];
  /** What asks for it; the requests differ only in syntax and narrowed types. */
  readonly requests: readonly ResolvedImport[];
  readonly uses: readonly ScopeUse[];
  readonly committed: PromptVersionData | undefined;
  /** What builds use now. Undefined when the platform wasn't asked, or no longer has it. */
  readonly current: PromptVersionData | undefined;
  /** Of the two versions, before the type checker has seen any calls. */
  readonly grade: Grade;
  readonly changes: readonly Change[];
  /** What else to know about its pin, in words; changes neither grade nor exit code. */
  readonly notes: readonly string[];
  /** Why it can't be built as it is now: it's gone, was never pulled, or doesn't compile. */
  readonly problem: ScopeError | undefined;
}

export interface ProjectComparison {
  readonly platform: "compared" | "skipped";
  /** By name, then pin. */
  readonly prompts: readonly ComparedPrompt[];
  /** Every import of the project, and the config's keys. */
  readonly imports: readonly SelectedImport[];
  /** What is in its code. */
  readonly found: ProjectUses;
  readonly findCommitted: FindVersion;
  /** What a build would use now: the platform's versions if they're available and compile. */
  readonly findCurrent: FindVersion;
}

export interface CompareOptions {
  /** Ask what this label points at, for every prompt that is requested by a label. */
  readonly label?: Label | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/**
 * Compares what is committed with the code, and with the platform if it can be asked: not without credentials, and not
 * under `fetch: "never"`.
 *
 * @throws ScopeErrors (or the one error) for specifiers that can't be read and damaged snapshot files; the client's
 * errors; `build_credentials_needed` or `fetch_never` when a label is given and the platform can't be asked
 */
export async function comparePrompts(
  project: Project,
  { label, onProgress }: CompareOptions = {},
): Promise<ProjectComparison> {
  const { options } = project;
  if (label !== undefined || options.fetch === "always") needsPlatform(project, "This check");
  const found = await findUses(options);
  const imports = selectImports(options, found.uses);
  const findCommitted = committedVersions(options);
  const asked = mayAsk(project);
  const fetched = asked
    ? await fetchVersions(project, imports, { ask: askFor(label), onProgress })
    : undefined;
  const items = await collect(options, imports, findCommitted, fetched);
  const isAllCommitted = !(await Promise.all(items.map(({ ref }) => findCommitted(ref)))).includes(undefined);
  const names = asked || isAllCommitted ? [] : await knownNames(options);
  const compared = await Promise.all(
    items.map((item) => compare(options, item, findCommitted, fetched, names)),
  );
  const { notes } = await findPinNotes(
    project,
    compared.filter(({ grade }) => grade !== "missing"),
  );
  const prompts = compared.map((one) => ({
    ...one,
    notes: [...one.notes, ...(notes.get(refKey(one.ref)) ?? [])],
  }));
  const failing = new Set(prompts.filter(({ problem }) => problem).map(({ ref }) => refKey(ref)));
  return {
    platform: asked ? "compared" : "skipped",
    prompts: prompts.sort((a, b) => byNameThenPin(a.ref, b.ref)),
    imports,
    found,
    findCommitted,
    findCurrent: async (ref) => {
      const key = refKey(ref);
      return (failing.has(key) ? undefined : fetched?.get(key)?.version) ?? findCommitted(ref);
    },
  };
}

/** @throws for every snapshot file among the prompts that is damaged */
async function collect(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
  findCommitted: FindVersion,
  fetched: ReadonlyMap<string, FetchedPrompt> | undefined,
): Promise<readonly PromptRequests[]> {
  const errors = new Set<unknown>();
  const items = await promptRequests(
    imports,
    options,
    async ({ ref }) => [await findCommitted(ref), fetched?.get(refKey(ref))?.version],
    (error) => errors.add(error),
  );
  throwAll([...errors], "snapshot files can't be used");
  return items;
}

async function compare(
  options: ResolvedOptions,
  { ref, requests, specifiers, uses }: PromptRequests,
  findCommitted: FindVersion,
  fetched: ReadonlyMap<string, FetchedPrompt> | undefined,
  names: readonly string[],
): Promise<ComparedPrompt> {
  const found = fetched?.get(refKey(ref));
  const committed = await findCommitted(ref);
  const current = found?.version;
  const file = await snapshotFile(options.snapshotDir, ref);
  const state = found && pinState(found);
  const notes = state?.grade === "none" ? [state.message] : [];
  const compared = { ref, file, specifiers, requests, uses, committed, current, notes };
  // Without the platform, there's no way to get a prompt that isn't committed.
  const isUnknown = fetched === undefined && committed === undefined;
  const problem = isUnknown ? snapshotMissing(ref, names) : found?.missing;
  if (problem !== undefined) return { ...compared, grade: "missing", changes: [], problem };
  if (current === undefined) return { ...compared, ...NO_CHANGE, problem: undefined };
  const change = await compareSides(requests, options, findCommitted, async (one) => versionIn(fetched, one));
  if (state === undefined || state.grade === "none") return { ...compared, ...change };
  const { grade, message } = state;
  const kind = grade === "text" ? grade : "metadata-value";
  const changes = [...change.changes, { kind, breaks: false, message } as const];
  return { ...compared, ...change, grade: worstGrade([change.grade, grade]), changes };
}
