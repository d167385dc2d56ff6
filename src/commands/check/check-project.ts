import { VARIABLES_TO_SET } from "../../client/connection/credentials.ts";
import { type Change, isOfMetadata } from "../../contract/contract.ts";
import { renameText } from "../../contract/renamed-variables.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { hasConflictMarks } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findMetadataReaders } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import { bareBlocks, declareTheSame } from "../../project/types/same-declarations.ts";
import { keySpecifier, makeTypes, type TypesFile } from "../../project/types/types-file.ts";
import { presentTypesFiles, readTypes, typesPlace } from "../../project/types/types-place.ts";
import type { FindVersion } from "../../project/versions/find-version.ts";
import {
  type ComparedPrompt,
  type CompareOptions,
  comparePrompts,
  type ProjectComparison,
} from "../diff/compare-prompts.ts";
import type { LoadRenderer } from "../render/render-prompt.ts";
import {
  brokenCalls,
  type CallPlace,
  type CallsFound,
  callsOfPrompt,
  type FindBrokenCalls,
  uncheckedFiles,
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
  const typesOf = (find: FindVersion) => makeTypes(options, found, find);
  const made = await typesOf(comparison.findCommitted);
  const present =
    options.dts === false ? new Map() : await readTypes(await presentTypesFiles(typesPlace(options)));
  const { types, typesFile } = typesState(options, made.files, present);
  const blocksOf = (files: readonly TypesFile[]) => bareBlocks(files.map(({ code }) => code));
  const { warn, onTypeCheck, findBrokenCalls: find } = check;
  const calls =
    comparison.platform === "compared" && differs(comparison, types)
      ? await brokenCalls(options, {
          code,
          warn,
          onTypeCheck,
          find,
          // Out-of-date types hide what the right ones refuse, and show errors that the right ones don't: both count.
          befores: [blocksOf(made.files), ...(types === "stale" ? [bareBlocks([...present.values()])] : [])],
          after: blocksOf((await typesOf(comparison.findCurrent)).files),
        })
      : { calls: [], checked: [], changed: new Set<string>() };
  const prompts = await Promise.all(comparison.prompts.map((prompt) => checked(prompt, calls, options)));
  await warnOfDamage(options, check);
  const { platform } = comparison;
  const status = statusOf(prompts, types);
  const howToAsk = platform === "skipped" ? howToAskText(project) : undefined;
  return {
    status,
    platform,
    howToAsk,
    label: check.label,
    builds: buildsText(options),
    types,
    typesFile,
    prompts,
  };
}

/** What the builds of a project do, by its config. */
function buildsText({ buildFetch, onContractChange = "error" }: ResolvedOptions): string {
  if (buildFetch === "never") return "Builds use what is committed.";
  const policies = {
    error: "stop at a version that changes the contract",
    warn: "ship a version that changes the contract, with a warning",
    keep: "keep the committed version if a new one changes the contract",
  };
  return `Builds ask the platform, and ${policies[onContractChange]}.`;
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
  found: CallsFound,
  options: ResolvedOptions,
): Promise<CheckedPrompt> {
  const { ref, file, grade, changes, committed, current, problem, specifiers, uses } = prompt;
  const places = new Map<string, CallPlace>();
  const add = (call: CallPlace) => places.set(JSON.stringify([call.file, call.line, call.column]), call);
  if (problem !== undefined) {
    const message = `${problem.message} ${problem.hint ?? ""}`.trimEnd();
    for (const { file, line, column } of uses) add({ file, line, column, message });
  } else
    for (const call of callsOfPrompt(found, specifiers))
      add({ ...call, message: withRenames(call.message, changes) });
  const unseen = problem === undefined && grade !== "none" ? await uncheckedFiles(found, uses) : [];
  return {
    ref,
    file,
    change: grade,
    isBroken:
      problem !== undefined ||
      places.size > 0 ||
      (unseen.length > 0 && changes.some((change) => change.breaks && !isOfMetadata(change))),
    stopsBuild: await stopsBuild(prompt, options),
    from: committed?.versionNumber,
    to: current?.versionNumber,
    changes,
    calls: [...places.values()].sort(byPlace),
    unseen,
    compared: prompt,
  };
}

/**
 * Would the next build stop at it? Builds that ask the platform stop at a version that changes the contract, unless
 * that's only in metadata that no import reads.
 */
async function stopsBuild(
  { ref, grade, changes, problem, committed }: ComparedPrompt,
  options: ResolvedOptions,
): Promise<boolean> {
  const { buildFetch, onContractChange = "error", contract } = options;
  if (committed === undefined && buildFetch === "never") return true;
  // A committed pin is built as it is.
  if (buildFetch === "never" || (ref.pin.kind === "version" && committed !== undefined)) return false;
  if (problem !== undefined) return true;
  if (grade !== "breaking" || committed === undefined || onContractChange !== "error") return false;
  if (!changes.filter((change) => change.breaks).every(isOfMetadata)) return true;
  return contract.metadata === "error" && (await findMetadataReaders(ref, options)).length > 0;
}

/** The compiler's message, with the renamed variables that it's about. */
function withRenames(message: string, changes: readonly Change[]): string {
  const hints = changes.flatMap(({ rename }) => {
    const isAbout = rename && [rename.from, rename.to].some((name) => message.includes(`'${name}'`));
    return isAbout ? [`\n${renameText(rename)}`] : [];
  });
  return message + hints.join("");
}

function byPlace(a: CallPlace, b: CallPlace): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}
