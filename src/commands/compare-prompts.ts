import { worstGrade } from "../contract/contract.ts";
import { quoted } from "../errors/printable.ts";
import { isScopeError, type ScopeError } from "../errors/scope-error.ts";
import { throwAll } from "../errors/scope-errors.ts";
import { committedVersions, compileOrError, type FindVersion } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import type { Project } from "../project/project.ts";
import { type Comparison, compare } from "../project/versions/compare.ts";
import { knownNames, snapshotMissing } from "../project/versions/version-errors.ts";
import { type Label, type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { type CostSides, countCost, type Sides } from "../review/cost/prompt-cost.ts";
import type { Tokenizers } from "../review/cost/tokenizer.ts";
import {
  type CommandProgress,
  type FetchedPrompt,
  fetchVersions,
  mayAsk,
  needsPlatform,
  versionIn,
} from "./fetch-versions.ts";
import { findPinNotes, pinState } from "./pin-notes.ts";
import type { Rendered } from "./render/render-prompt.ts";
import { byNameThenPin, findImports, type PromptRequests, promptRequests } from "./select-imports.ts";

/** What two versions make of the same values. */
export interface RenderedSample extends Sides<Rendered> {
  readonly sample: string;
}

/** One prompt and pin in two versions. */
export interface ComparedPrompt extends Omit<Comparison, "remarks"> {
  readonly ref: PromptRef;
  /** The platform's version can't be read: `problem` says why. */
  readonly isUnreadable?: boolean;
  /** Undefined if nothing is committed, or the platform has no such prompt. */
  readonly from: PromptVersionData | undefined;
  /** Undefined too when the platform wasn't asked. */
  readonly to: PromptVersionData | undefined;
  /** What else to know about it and its pin, in words; changes neither grade nor exit code. */
  readonly notes: readonly string[];
  readonly cost?: CostSides | undefined;
  /** Undefined if nobody asked for it. */
  readonly samples?: readonly RenderedSample[] | undefined;
}

export type ProjectComparison = Awaited<ReturnType<typeof comparePrompts>>;

export interface CompareOptions {
  /** Ask what this label points at, for every prompt that is requested by a label. */
  readonly label?: Label | undefined;
  readonly progress?: CommandProgress | undefined;
}

/**
 * Compares what is committed with the code, and with the platform if it can be asked: a label needs that. Throws all
 * errors at once.
 */
export async function comparePrompts(project: Project, { label, progress }: CompareOptions = {}) {
  const { options } = project;
  if (label !== undefined || options.fetch === "always") needsPlatform(project, "This check");
  const found = await findImports(options);
  const { imports } = found;
  const findCommitted = committedVersions(options);
  const asked = mayAsk(project);
  const instead = label && ({ kind: "label", label } as const);
  const fetched = asked ? await fetchVersions(project, imports, { instead, progress }) : undefined;
  const errors = new Set<unknown>();
  const unreadable = [...(fetched?.values() ?? [])].flatMap((one) => one.unreadable ?? []);
  // There's nothing to judge, and it may be about the platform.
  if (unreadable.length === fetched?.size) throwAll(unreadable, "prompts can't be read");
  const items = await promptRequests(
    imports,
    options,
    async ({ ref }) => [await findCommitted(ref), fetched?.get(refKey(ref))?.version],
    (error) => errors.add(error),
  );
  throwAll([...errors], "snapshot files can't be used");
  const isAllCommitted = !(await Promise.all(items.map(({ ref }) => findCommitted(ref)))).includes(undefined);
  const names = asked || isAllCommitted ? [] : await knownNames(options);
  const compared = await Promise.all(
    items.map((item) => compareOne(options, item, findCommitted, fetched, names)),
  );
  const { notes } = await findPinNotes(
    project,
    compared.filter(({ grade }) => grade !== "missing").map(({ ref, from }) => ({ ref, committed: from })),
  );
  const provided = await providedNotes(items, options, findCommitted);
  const failing = new Set(compared.filter(({ problem }) => problem).map(({ ref }) => refKey(ref)));
  return {
    platform: asked ? ("compared" as const) : ("skipped" as const),
    /** What is committed, and what builds use now. By name, then pin. */
    prompts: compared
      .map((one) => {
        const own = [notes, provided].flatMap((all) => all.get(refKey(one.ref)) ?? []);
        return { ...one, notes: [...one.notes, ...own] };
      })
      .sort((a, b) => byNameThenPin(a.ref, b.ref)),
    /** Every import of the project, and the config's keys. */
    imports,
    /** What is in its code. */
    found,
    findCommitted,
    /** What a build would use now: the platform's versions if they're available and compile. */
    findCurrent: async (ref: PromptRef) => {
      const key = refKey(ref);
      return (failing.has(key) ? undefined : fetched?.get(key)?.version) ?? findCommitted(ref);
    },
  };
}

async function compareOne(
  options: ResolvedOptions,
  item: PromptRequests,
  findCommitted: FindVersion,
  fetched: ReadonlyMap<string, FetchedPrompt> | undefined,
  names: readonly string[],
): Promise<ComparedPrompt & PromptRequests> {
  const { ref, requests, specifiers } = item;
  const found = fetched?.get(refKey(ref));
  const [from, to] = [await findCommitted(ref), found?.version];
  const state = found && pinState(found);
  const prompt = { ...item, from, to, notes: state?.grade === "none" ? [state.message] : [] };
  // Without the platform, there's no way to get a prompt that isn't committed.
  const isUnknown = fetched === undefined && from === undefined;
  const missing = isUnknown ? snapshotMissing(ref, names) : found?.missing;
  if (missing !== undefined) return { ...prompt, grade: "missing", changes: [], problem: missing };
  const unreadable = (problem: ScopeError) =>
    ({ ...prompt, grade: "none", changes: [], problem, isUnreadable: true }) as const;
  if (found?.unreadable !== undefined) return unreadable(found.unreadable);
  // Without the platform, what is committed is only looked at.
  const find = fetched === undefined ? findCommitted : async (one: PromptRef) => versionIn(fetched, one);
  const isIncluded = specifiers.length === 0;
  const { remarks, ...compared } = await compare(requests, options, findCommitted, find, isIncluded);
  const isOfAnother = [...(fetched?.values() ?? [])].some((one) => one.unreadable === compared.problem);
  if (compared.problem !== undefined && isOfAnother) return unreadable(compared.problem);
  const noted = { ...prompt, ...compared, notes: [...prompt.notes, ...remarks] };
  if (state === undefined || state.grade === "none") return noted;
  const { grade, message } = state;
  const kind = grade === "text" ? grade : "metadata-value";
  const changes = [...compared.changes, { kind, breaks: false, message } as const];
  return { ...noted, grade: worstGrade([compared.grade, grade]), changes };
}

/** By `refKey`: the variables that the config provides although every committed version uses them. */
async function providedNotes(
  items: readonly PromptRequests[],
  options: ResolvedOptions,
  findCommitted: FindVersion,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const unused = new Map<string, Set<string>>();
  const used: { readonly ref: PromptRef; readonly names: readonly string[] }[] = [];
  for (const { ref, requests } of items)
    for (const request of requests.filter(({ provides }) => provides.length > 0)) {
      const compiled = await compileOrError(request, options, findCommitted);
      if (isScopeError(compiled)) continue;
      const isUsed = (name: string) => compiled.variables.includes(name);
      used.push({ ref, names: request.provides.filter(isUsed) });
      const idle = request.provides.filter((name) => !isUsed(name));
      unused.set(ref.name, new Set([...(unused.get(ref.name) ?? []), ...idle]));
    }
  return new Map(
    used.map(({ ref, names }) => {
      const always = names.filter((name) => !unused.get(ref.name)?.has(name));
      return [
        refKey(ref),
        always.map(
          (name) => `every committed version uses ${quoted(name)}: take it out of provides in the config`,
        ),
      ];
    }),
  );
}

/** What both sides have for a request costs; nothing for a version that doesn't compile: the comparison says why. */
export async function costSides(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: Sides<FindVersion>,
  tokenizers: Tokenizers,
): Promise<CostSides> {
  const side = async (one: FindVersion) => {
    const compiled = await compileOrError(request, options, one);
    return isScopeError(compiled) ? undefined : countCost(compiled, tokenizers);
  };
  return { from: await side(find.from), to: await side(find.to) };
}
