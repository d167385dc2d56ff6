import { isOfMetadata } from "../../contract/contract.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { readOrEmpty } from "../../files/read-file.ts";
import { brokenCalls, byPlace, type CallsFound, callsOfPrompt } from "../calls/broken-calls.ts";
import type { findBrokenCalls } from "../calls/find-broken-calls.ts";
import type { FindVersion } from "../compile-request.ts";
import type { ResolvedOptions } from "../config/types.ts";
import type { Project } from "../project.ts";
import { listSnapshot, snapshotFile } from "../snapshot/store.ts";
import { makeTypes, typesState } from "../types/types-file.ts";
import { presentTypesFiles, typesPlace } from "../types/types-place.ts";
import { type ComparedPrompt, type CompareOptions, comparePrompts } from "../versions/compare-prompts.ts";
import { costSides, overBudget } from "../versions/prompt-cost.ts";
import type { ResolvedPrompt } from "../versions/resolve.ts";
import { howToSetCredentials, isUnknownForm } from "../versions/version-errors.ts";
import { type CheckedPrompt, type CheckReport, isError } from "./report.ts";

interface CheckOptions extends CompareOptions {
  /** Also count what prompts cost. Default false. */
  readonly costs?: boolean | undefined;
  /** The type checker. Default: in this thread. */
  readonly findBrokenCalls?: typeof findBrokenCalls | undefined;
}

/** Compares code, types, snapshot and, if it can be asked, the platform. Throws what keeps it from deciding. */
export async function checkProject(project: Project, check: CheckOptions = {}): Promise<CheckReport> {
  const { options } = project;
  const comparison = await comparePrompts(project, check);
  const { platform, found, findCommitted, findCurrent } = comparison;
  const inCode = found.imports.map(({ specifier }) => specifier);
  const typesOf = async (specifiers: readonly string[], find: FindVersion) =>
    (await makeTypes(options, specifiers, find)).files.map(({ code }) => code);
  const { types, typesFile } = await typesState(options, inCode);
  const differing = comparison.prompts.flatMap(({ grade, specifiers }) =>
    grade === "none" ? [] : specifiers,
  );
  const calls =
    platform === "compared" && (types === "stale" || differing.length > 0)
      ? await brokenCalls(options, {
          found,
          progress: check.progress,
          findBrokenCalls: check.findBrokenCalls,
          // Out-of-date types hide what the right ones refuse, and show errors that the right ones don't: both count.
          befores: [
            await typesOf(inCode, findCommitted),
            ...(types === "stale" ? [(await presentTypesFiles(typesPlace(options))).map(readOrEmpty)] : []),
          ],
          after: await typesOf(differing, findCurrent),
          prompts: comparison.prompts,
        })
      : { calls: [], checked: [], changed: new Set<string>(), warnings: [] };
  const checked = await Promise.all(comparison.prompts.map((one) => checkPrompt(one, calls, options)));
  // Anything damaged and in use has ended the check by now; the rest doesn't matter yet.
  const unused = (await listSnapshot(options.snapshotDir)).damaged.map(({ file, error }) => {
    if (!isScopeError(error)) throw error;
    return `${error.message} Nothing uses it. (${file})`;
  });
  const isInSync = ["current", "none"].includes(types) && checked.every(({ grade }) => grade === "none");
  const command = options.fetch === "never" ? "scope-gen check --fetch auto" : "scope-gen check";
  const howToAsk =
    project.fetchVersion === undefined
      ? `${howToSetCredentials(options.root)}, then run: ${command}`
      : `To ask it: ${command}`;
  const prompts: CheckedPrompt[] = [];
  for (const one of checked) prompts.push(check.costs ? await withCost(one) : one);
  return {
    // The worst of the parts, by what breaks and what the next build does.
    status: checked.some(isError)
      ? "breaking"
      : checked.some(({ isUnreadable }) => isUnreadable)
        ? "unknown"
        : isInSync
          ? "in-sync"
          : "compatible",
    platform,
    howToAsk: platform === "skipped" ? howToAsk : undefined,
    label: check.label,
    builds: buildsText(options),
    types,
    typesFile,
    prompts,
    warnings: [...calls.warnings, ...unused],
  };
}

async function checkPrompt(
  prompt: ComparedPrompt & ResolvedPrompt,
  found: CallsFound,
  options: ResolvedOptions,
): Promise<CheckedPrompt> {
  const { ref, grade, changes, problem, uses, isUnreadable } = prompt;
  const own = await callsOfPrompt(found, prompt);
  const calls = isUnreadable
    ? []
    : problem
      ? uses
          .map((use) => ({ ...use, message: `${problem.message} ${problem.hint ?? ""}`.trimEnd() }))
          .sort(byPlace)
      : own.calls;
  const unseen = problem || grade === "none" ? [] : own.unseen;
  const breaking = changes.filter((change) => change.breaks);
  const mayBreak = unseen.length > 0 && !breaking.every(isOfMetadata);
  // What the code sends has to arrive: that it compiles is not enough.
  const isLost = uses.length > 0 && breaking.some(({ variable }) => variable !== undefined);
  return {
    ...prompt,
    file: await snapshotFile(options.snapshotDir, ref),
    isBroken: (problem !== undefined && !isUnreadable) || calls.length > 0 || mayBreak || isLost,
    stopsBuild: await stopsBuild(prompt, options),
    calls,
    unseen,
  };
}

/** Would the next build stop at it? */
async function stopsBuild(
  { ref, grade, changes, problem, isUnreadable, from, compiled }: ComparedPrompt,
  options: ResolvedOptions,
): Promise<boolean> {
  const { buildFetch } = options;
  if (from === undefined && buildFetch === "never") return true;
  if (problem?.code === "metadata_invalid") return true;
  if (buildFetch === "never" && compiled.some((one) => (one.from?.contract.chosen?.refused.length ?? 0) > 0))
    return true;
  // A committed pin is built as it is.
  if (buildFetch === "never" || (ref.pin.kind === "version" && from !== undefined)) return false;
  // A build goes on with the committed version if the platform's has a form that it doesn't know.
  if (problem !== undefined) return !isUnreadable || !isUnknownForm(problem) || from === undefined;
  if (grade !== "breaking" || from === undefined) return false;
  const breaking = changes.filter((change) => change.breaks);
  const { policyFor } = await import("../versions/choose-version.ts");
  return (await policyFor(ref, breaking, options, "error")).policy === "error";
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

/** Adds what a prompt costs, if a version changes that or a budget limits it. Nothing is loaded for the others. */
async function withCost(prompt: CheckedPrompt): Promise<CheckedPrompt> {
  const { grade, problem, compiled } = prompt;
  const [first] = compiled;
  if (first === undefined || problem !== undefined) return prompt;
  const limited = compiled.filter(({ request }) => request.budget !== undefined);
  if (grade === "none" && limited.length === 0) return prompt;
  const cost = await costSides(first);
  const exceeded: string[] = [];
  for (const one of limited) {
    // With another syntax it's another text.
    const { to } = one === first ? cost : await costSides(one);
    const over = to && overBudget(one.request.budget, to);
    if (over !== undefined) exceeded.push(over);
  }
  return { ...prompt, cost, overBudget: [...new Set(exceeded)] };
}
