import { worstGrade } from "../../contract/contract.ts";
import { quoted } from "../../errors/printable.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { type Label, type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import type { CommandProgress } from "../calls/broken-calls.ts";
import type { FindVersion } from "../compile-request.ts";
import type { ResolvedOptions } from "../config/types.ts";
import type { Project } from "../project.ts";
import { type Comparison, compareRequests, refusedNotes, remarksOnText } from "./compare.ts";
import { findPinNotes, type PinState, pinState } from "./pin-notes.ts";
import type { CostSides } from "./prompt-cost.ts";
import {
  mayAsk,
  needsPlatform,
  type ResolvedPrompt,
  type ResolvedPrompts,
  resolvePrompts,
} from "./resolve.ts";
import { byNameThenPin, type FoundImports, findImports } from "./select-imports.ts";
import { knownNames, snapshotMissing } from "./version-errors.ts";

/** One prompt and pin in two versions. */
export interface ComparedPrompt extends Comparison {
  readonly ref: PromptRef;
  /** The version of one side can't be read: `problem` says why. */
  readonly isUnreadable?: boolean;
  /** Undefined if nothing is committed, or the platform has no such prompt. */
  readonly from: PromptVersionData | undefined;
  /** Undefined too when the platform wasn't asked. */
  readonly to: PromptVersionData | undefined;
  /** What else to know about it and its pin, in words; changes neither grade nor exit code. */
  readonly notes: readonly string[];
  readonly cost?: CostSides | undefined;
}

/** Two versions of which one can't be read, or isn't there. */
const NOTHING = { changes: [], compiled: [], notes: [] };

export interface ProjectComparison {
  readonly platform: "compared" | "skipped";
  /** What is committed, and what builds use now. By name, then pin. */
  readonly prompts: readonly (ComparedPrompt & ResolvedPrompt)[];
  /** What is in its code, every import, and the config's keys. */
  readonly found: FoundImports;
  readonly findCommitted: FindVersion;
  /** What a build would use now: the platform's versions if they're available and compile. */
  readonly findCurrent: FindVersion;
}

export interface CompareOptions {
  /** Ask what this label points at, for every prompt that is requested by a label. */
  readonly label?: Label | undefined;
  readonly progress?: CommandProgress | undefined;
}

/**
 * Compares what is committed with the code, and with the platform if it can be asked: a label needs that. Throws all
 * errors at once.
 */
export async function comparePrompts(
  project: Project,
  { label, progress }: CompareOptions = {},
): Promise<ProjectComparison> {
  const { options } = project;
  if (label !== undefined || options.fetch === "always") needsPlatform(project, "This check");
  const found = await findImports(options);
  const isAsked = mayAsk(project);
  const to = label ? ({ kind: "label", label } as const) : "platform";
  const resolved = await resolvePrompts(
    project,
    found.imports,
    { from: "snapshot", to: isAsked ? to : undefined },
    { progress },
  );
  const { prompts, sides, find } = resolved;
  const damaged = await Promise.all(prompts.map(async ({ ref }) => (await sides.from(ref)).unreadable));
  throwAll(
    damaged.filter((error) => error !== undefined),
    "snapshot files can't be used",
  );
  const asked = await Promise.all(prompts.map(({ ref }) => sides.to(ref)));
  // There's nothing to judge, and it may be about the platform.
  if (asked.every(({ version, missing }) => version === undefined && missing === undefined))
    throwAll([...resolved.unreadable], "prompts can't be read");
  // Without the platform, what is committed is only looked at, and there's no way to get what isn't.
  const names = isAsked ? [] : await knownNames(options);
  const looked = isAsked ? resolved : { ...resolved, find: { from: find.from, to: find.from } };
  const compared = await Promise.all(
    prompts.map(async (prompt) => {
      const { ref } = prompt;
      const problem = isAsked || (await find.from(ref)) ? undefined : snapshotMissing(ref, names);
      const one: ComparedPrompt = problem
        ? { ...NOTHING, ref, from: undefined, to: undefined, grade: "missing", problem }
        : withPinState(await compareSides(prompt, options, looked), pinState(await sides.to(ref)));
      return { ...prompt, ...one };
    }),
  );
  const { notes } = await findPinNotes(
    project,
    compared.filter(({ grade }) => grade !== "missing").map(({ ref, from }) => ({ ref, committed: from })),
  );
  const provided = providedNotes(compared);
  const failing = new Set(compared.filter(({ problem }) => problem).map(({ ref }) => refKey(ref)));
  return {
    platform: isAsked ? "compared" : "skipped",
    prompts: compared
      .map((one) => {
        const own = [notes, provided].flatMap((all) => all.get(refKey(one.ref)) ?? []);
        return { ...one, notes: [...one.notes, ...own] };
      })
      .sort((a, b) => byNameThenPin(a.ref, b.ref)),
    found,
    findCommitted: find.from,
    findCurrent: async (ref: PromptRef) =>
      (failing.has(refKey(ref)) ? undefined : (await sides.to(ref)).version) ?? find.from(ref),
  };
}

/** A committed pin that the platform changed differs from that, although builds use what is committed. */
function withPinState(one: ComparedPrompt, state: PinState | undefined): ComparedPrompt {
  if (state === undefined) return one;
  const { grade, message } = state;
  if (grade === "none") return { ...one, notes: [message, ...one.notes] };
  if (one.isUnreadable) return one;
  const kind = grade === "text" ? grade : "metadata-value";
  const changes = [...one.changes, { kind, breaks: false, message } as const];
  return { ...one, grade: worstGrade([one.grade, grade]), changes };
}

/** Compares what two sides have for a prompt. */
export async function compareSides(
  { ref, requests }: ResolvedPrompt,
  options: ResolvedOptions,
  { sides, find }: Pick<ResolvedPrompts, "sides" | "find">,
): Promise<ComparedPrompt> {
  const [before, now] = [await sides.from(ref), await sides.to(ref)];
  const versions = { ref, from: before.version, to: now.version };
  const unknown = (problem: ScopeError): ComparedPrompt => ({
    ...NOTHING,
    ...versions,
    grade: "none",
    problem,
    isUnreadable: true,
  });
  if (now.missing !== undefined) return { ...NOTHING, ...versions, grade: "missing", problem: now.missing };
  const own = before.unreadable ?? now.unreadable;
  if (own !== undefined) return unknown(own);
  const older = before.missing === undefined ? await find.from(ref) : undefined;
  const compared = await compareRequests(requests, options, older, await find.to(ref));
  return { ...versions, ...compared, notes: [...remarksOnText(compared), ...refusedNotes(compared)] };
}

/** By `refKey`: the variables that the config provides although every committed version uses them. */
function providedNotes(
  prompts: readonly (ComparedPrompt & ResolvedPrompt)[],
): ReadonlyMap<string, readonly string[]> {
  const idle = new Map<string, Set<string>>();
  const provided = prompts.flatMap(({ ref, from: committed, requests, compiled }) =>
    requests.flatMap((request) => {
      const { provides } = request;
      const from = compiled.find((one) => one.request === request)?.from;
      // Of one that wasn't compiled we don't know.
      const unused = provides.filter((name) => (from ? !from.variables.includes(name) : committed));
      idle.set(ref.name, new Set([...(idle.get(ref.name) ?? []), ...unused]));
      return from ? [{ ref, provides }] : [];
    }),
  );
  return new Map(
    provided.map(({ ref, provides }) => [
      refKey(ref),
      provides
        .filter((name) => !idle.get(ref.name)?.has(name))
        .map((name) => `every committed version uses ${quoted(name)}: take it out of provides in the config`),
    ]),
  );
}
