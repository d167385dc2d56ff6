import { VARIABLES_TO_SET } from "../../client/connection/credentials.ts";
import { type Change, type Grade, isOfMetadata } from "../../contract/contract.ts";
import { renameText } from "../../contract/renamed-variables.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { hasConflictMarks } from "../../files/conflict-marks.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { withMarkup } from "../../project/discovery/component-scripts.ts";
import type { Project } from "../../project/project.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import { presentTypesFiles, readTypes } from "../../project/types/present-types.ts";
import { declareTheSame } from "../../project/types/same-declarations.ts";
import { bareBlocks } from "../../project/types/types-blocks.ts";
import { keySpecifier, makeTypes, type TypesFile } from "../../project/types/types-file.ts";
import { typesPlace } from "../../project/types/types-place.ts";
import type { FindVersion } from "../../project/versions/find-version.ts";
import type { BrokenCall } from "../analysis/find-broken-calls.ts";
import {
  type ComparedPrompt,
  type CompareOptions,
  comparePrompts,
  type ProjectComparison,
} from "../compare/compare-prompts.ts";
import type { LoadRenderer } from "../render-thread.ts";
import {
  brokenCalls,
  type CallPlace,
  concerns,
  type FindBrokenCalls,
  lackingCalls,
  promptTypes,
  sameTypes,
} from "./broken-calls.ts";
import { type CheckedPrompt, hasCost, statusOf, type TypesState, type Verdict } from "./verdict.ts";

export interface CheckOptions extends CompareOptions {
  /** Also count what prompts cost. Default false. */
  readonly costs?: boolean | undefined;
  /** With {@link costs}, renders the samples of prompts that differ. Default: these aren't rendered. */
  readonly load?: LoadRenderer | undefined;
  /** Also apply the rules for prompts: to what is committed, or to what the label points at. Default false. */
  readonly lint?: boolean | undefined;
  readonly warn: (text: string) => void;
  readonly onTypeCheck?: (() => void) | undefined;
  /** Default: in this thread. */
  readonly findBrokenCalls?: FindBrokenCalls | undefined;
}

/**
 * Compares code, types and snapshot with each other, and with the platform if it can be asked. The type checker decides
 * which calls the platform's versions break.
 *
 * @throws what keeps it from deciding: an outage, a refusal, a damaged snapshot, a tsconfig that doesn't parse
 */
export async function checkProject(project: Project, check: CheckOptions): Promise<Verdict> {
  const comparison = await comparePrompts(project, check);
  const compared = await verdictOf(project, comparison, check);
  const verdict = check.costs ? await withCosts(project.options, compared, check.load) : compared;
  if (!check.lint) return verdict;
  const { lintVersions } = await import("../lint/lint-project.ts");
  // What is missing or doesn't compile is in the verdict.
  const { findCommitted, findCurrent, found } = comparison;
  const find = check.label === undefined ? findCommitted : findCurrent;
  const { findings } = await lintVersions(project, find, found);
  return { ...verdict, findings };
}

/** What is the same and has no budget isn't counted, and nothing is loaded for it. */
async function withCosts(
  options: ResolvedOptions,
  verdict: Verdict,
  load: LoadRenderer | undefined,
): Promise<Verdict> {
  if (load === undefined && !verdict.prompts.some(hasCost)) return verdict;
  const { measurePrompts } = await import("./measure-prompts.ts");
  return { ...verdict, prompts: await measurePrompts(options, verdict.prompts, load) };
}

/**
 * What a check says about a comparison that has already been made.
 *
 * @throws a damaged snapshot, a tsconfig that doesn't parse
 */
export async function verdictOf(
  project: Project,
  comparison: ProjectComparison,
  check: Pick<CheckOptions, "label" | "warn" | "onTypeCheck" | "findBrokenCalls">,
): Promise<Verdict> {
  const { options } = project;
  const specifiers = [
    ...[...options.prompts.keys()].map(keySpecifier),
    ...comparison.imports.map(({ specifier }) => specifier),
  ];
  const { found: code } = comparison;
  const found = { specifiers, forClient: code.namesClient };
  const typesOf = (find: FindVersion) => makeTypes(options, found, find, { withLoose: true });
  const made = await typesOf(comparison.findCommitted);
  const present =
    options.dts === false ? new Map() : await readTypes(await presentTypesFiles(typesPlace(options)));
  const { types, typesFile } = typesState(options, made.files, present);
  const committed = promptTypes(made.files);
  const { warn, onTypeCheck, findBrokenCalls: find } = check;
  const calls =
    comparison.platform === "compared" && differs(comparison, types)
      ? await brokenCalls(options, {
          code,
          warn,
          onTypeCheck,
          find,
          // Out-of-date types hide what the right ones refuse, and show errors that the right ones don't: both count.
          befores: [committed, ...(types === "stale" ? [sameTypes(bareBlocks([...present.values()]))] : [])],
          after: promptTypes((await typesOf(comparison.findCurrent)).files),
        })
      : [];
  const lacking = await lackingCalls(
    options,
    comparison.prompts.flatMap(({ uses }) => uses),
    { code, warn, onTypeCheck, find, committed },
  );
  const prompts = await Promise.all(comparison.prompts.map((prompt) => checked(prompt, calls, lacking)));
  await warnOfDamage(options, check);
  const { platform } = comparison;
  const status = statusOf(prompts, types);
  const howToAsk = platform === "skipped" ? howToAskText(project) : undefined;
  return { status, platform, howToAsk, label: check.label, types, typesFile, prompts };
}

function howToAskText({ options, fetchVersion }: Project): string {
  const command = options.fetch === "never" ? "scope-gen check --fetch auto" : "scope-gen check";
  return fetchVersion === undefined
    ? `To ask it, set ${VARIABLES_TO_SET}, then run: ${command}`
    : `To ask it: ${command}`;
}

/** Anything damaged and in use has ended the check by now; the rest doesn't matter yet. */
async function warnOfDamage(
  { snapshotDir }: ResolvedOptions,
  { warn }: Pick<CheckOptions, "warn">,
): Promise<void> {
  for (const { file, error } of (await listSnapshot(snapshotDir)).damaged) {
    if (!isScopeError(error)) throw error;
    warn(`${error.message} Nothing uses it. (${file})`);
  }
}

/** The layout doesn't count: git can change line endings, and a formatter the rest. */
function typesState(
  options: ResolvedOptions,
  files: readonly TypesFile[],
  present: ReadonlyMap<string, string>,
): { readonly types: TypesState; readonly typesFile: string } {
  const place = typesPlace(options);
  if (options.dts === false) return { types: "none", typesFile: place };
  const [conflict] = [...present].find(([, text]) => hasConflictMarks(text)) ?? [];
  if (conflict !== undefined) return { types: "conflict", typesFile: conflict };
  if (present.size === 0) {
    const isEmpty = bareBlocks(files.map(({ code }) => code)).size === 0;
    return { types: isEmpty ? "none" : "missing", typesFile: place };
  }
  const expected = new Map(files.map(({ file, code }) => [file, code]));
  const wrong = [...new Set([...expected.keys(), ...present.keys()])].filter(
    (file) => !declareTheSame(present.get(file) ?? "", expected.get(file) ?? ""),
  );
  const [first = place, ...others] = wrong;
  return { types: wrong.length === 0 ? "current" : "stale", typesFile: others.length === 0 ? first : place };
}

function differs({ prompts }: ProjectComparison, types: TypesState): boolean {
  return types === "stale" || prompts.some(({ grade }) => grade !== "none");
}

async function checked(
  prompt: ComparedPrompt,
  broken: readonly BrokenCall[],
  lacking: readonly BrokenCall[],
): Promise<CheckedPrompt> {
  const { ref, file, grade, changes, committed, current, problem, specifiers, uses } = prompt;
  const places = new Map<string, CallPlace>();
  const add = (call: CallPlace) => places.set(JSON.stringify([call.file, call.line, call.column]), call);
  if (problem !== undefined) {
    for (const { file, line, column } of uses) add({ file, line, column, message: problem.message });
  } else {
    const isOurs = (call: BrokenCall) => call.specifiers.some((specifier) => specifiers.includes(specifier));
    for (const call of lacking) if (isOurs(call)) add(call);
    for (const call of broken)
      if (concerns(call, specifiers, committed === undefined ? undefined : changes))
        add({ ...call, message: withRenames(call.message, changes) });
  }
  const unseen = mayBreakCalls(prompt) ? await withMarkup(uses.map(({ file }) => file)) : [];
  return {
    ref,
    file,
    change: changeOf(grade, {
      isBroken: places.size > 0 || problem !== undefined,
      mayBeBroken: unseen.length > 0 && changes.some((change) => change.breaks && !isOfMetadata(change)),
    }),
    from: committed?.versionNumber,
    to: current?.versionNumber,
    changes,
    calls: [...places.values()].sort(byPlace),
    unseen,
    compared: prompt,
  };
}

/**
 * Would a compiler refuse a call that it accepted before? A version whose template doesn't compile breaks all of them.
 */
function mayBreakCalls({ grade, problem }: ComparedPrompt): boolean {
  return problem === undefined && (grade === "breaking" || grade === "compatible");
}

/** The compiler's message, with the renamed variables that it's about. */
function withRenames(message: string, changes: readonly Change[]): string {
  const hints = changes.flatMap(({ rename }) => {
    const isAbout = rename && [rename.from, rename.to].some((name) => message.includes(`'${name}'`));
    return isAbout ? [`\n${renameText(rename)}`] : [];
  });
  return message + hints.join("");
}

/**
 * The type checker has the last word: a broken contract that affects no call breaks nothing.
 *
 * @param calls `mayBeBroken`: there can be calls that it couldn't see
 */
function changeOf(
  grade: Grade,
  { isBroken, mayBeBroken }: { readonly isBroken: boolean; readonly mayBeBroken: boolean },
): Grade {
  if (grade === "missing") return grade;
  if (isBroken) return "breaking";
  return grade === "breaking" && !mayBeBroken ? "compatible" : grade;
}

function byPlace(a: CallPlace, b: CallPlace): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}
