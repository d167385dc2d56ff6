import { join } from "node:path";
import type { BrokenCall } from "../../analysis/find-broken-calls.ts";
import {
  type ComparedPrompt,
  type CompareOptions,
  comparePrompts,
  type ProjectComparison,
} from "../../build/compare-prompts.ts";
import type { Project } from "../../build/project.ts";
import { bareBlocks, declarationBlocks, typesOf, withConfigKeys } from "../../build/types-file.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { componentScripts } from "../../discovery/component-scripts.ts";
import { listSources } from "../../discovery/list-sources.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { readSnapshots } from "../../snapshot/store.ts";
import { readTextIfThere } from "../../snapshot/write-file.ts";
import { keepsContract } from "../../template/contract.ts";
import { type CheckedCall, type CheckedPrompt, statusOf, type TypesState, type Verdict } from "./verdict.ts";

export interface CheckOptions extends CompareOptions {
  readonly warn: (text: string) => void;
}

/**
 * Compares code, types and snapshot, and these with the platform where it may be asked; lets the type checker say
 * which calls the platform's versions break.
 *
 * @throws what keeps it from telling: an outage, a refusal, a damaged snapshot, a tsconfig that does not parse
 */
export async function checkProject(project: Project, check: CheckOptions): Promise<Verdict> {
  const { options } = project;
  const comparison = await comparePrompts(project, check);
  const specifiers = withConfigKeys(
    options,
    comparison.imports.map(({ specifier }) => specifier),
  );
  const typesFile = options.dts === false ? join(options.root, "scope.d.ts") : options.dts;
  const committed = await typesOf(options, typesFile, specifiers, comparison.findCommitted);
  const present = options.dts === false ? undefined : await readTextIfThere(typesFile);
  const types = typesState(options, committed.code, present);
  const calls =
    comparison.platform === "compared" && differs(comparison, types)
      ? await brokenCalls(options, check, {
          typesFile,
          // Types out of date hide what the right ones refuse, and show what these never allowed: both count.
          befores: [committed.code, ...(types === "stale" && present !== undefined ? [present] : [])].map(
            bareBlocks,
          ),
          after: bareBlocks((await typesOf(options, typesFile, specifiers, comparison.findCurrent)).code),
        })
      : [];
  const prompts = comparison.prompts.map((prompt) => judge(prompt, calls));
  await warnOfDamage(options, check);
  const { platform } = comparison;
  return { status: statusOf(prompts, types), platform, label: check.label, types, typesFile, prompts };
}

/** What is damaged and used has ended the check by now; the rest matters to nobody yet. */
async function warnOfDamage({ snapshotDir }: ResolvedOptions, { warn }: CheckOptions): Promise<void> {
  for await (const { file, error } of readSnapshots(snapshotDir)) {
    if (isScopeError(error)) warn(`${error.message} Nothing uses it. (${file})`);
    else if (error !== undefined) throw error;
  }
}

/** Line ends do not count: git may have changed them. */
function typesState(options: ResolvedOptions, expected: string, present: string | undefined): TypesState {
  if (options.dts === false) return "none";
  if (present === undefined) return declarationBlocks(expected).size === 0 ? "none" : "missing";
  return present.replaceAll("\r\n", "\n") === expected ? "current" : "stale";
}

function differs({ prompts }: ProjectComparison, types: TypesState): boolean {
  return types === "stale" || prompts.some(({ difference }) => difference !== "none");
}

async function brokenCalls(
  options: ResolvedOptions,
  { warn, signal }: CheckOptions,
  types: {
    readonly typesFile: string;
    /** A call is broken that was right under one of them. */
    readonly befores: readonly ReadonlyMap<string, string>[];
    readonly after: ReadonlyMap<string, string>;
  },
): Promise<readonly BrokenCall[]> {
  const { after, typesFile } = types;
  const befores = types.befores.filter((before) =>
    [...after].some(([specifier, block]) => before.get(specifier) !== block),
  );
  if (befores.length === 0) return [];
  // The type checker is large: it is loaded where types changed, and nowhere else.
  const { findBrokenCalls } = await import("../../analysis/find-broken-calls.ts");
  const sources = await listSources(options);
  const components = await componentScripts(options);
  const calls = new Map<string, BrokenCall>();
  for (const before of befores) {
    const found = await findBrokenCalls({ before, after, typesFile, sources, components, warn, signal });
    for (const call of found) calls.set([call.file, call.line, call.column, call.message].join("\n"), call);
  }
  return [...calls.values()];
}

function judge(prompt: ComparedPrompt, broken: readonly BrokenCall[]): CheckedPrompt {
  const { ref, file, difference, changes, committed, current, fault } = prompt;
  const calls: readonly CheckedCall[] =
    fault !== undefined
      ? prompt.uses.map((use) => ({
          file: use.file,
          line: use.line,
          column: use.column,
          message: fault.message,
        }))
      : broken.filter((call) => concerns(call, prompt));
  const isBroken = calls.length > 0 || fault !== undefined;
  return {
    ref,
    file,
    change: difference !== "missing" && isBroken ? "breaking" : difference,
    from: committed?.versionNumber,
    to: current?.versionNumber,
    contract: changes,
    calls,
    compared: prompt,
  };
}

/** In code that `tsc` does not check, only what fails when it runs counts. */
function concerns(call: BrokenCall, { specifiers, changes, committed }: ComparedPrompt): boolean {
  if (!call.specifiers.some((specifier) => specifiers.includes(specifier))) return false;
  return call.isCheckedByTsc || call.failsWhenRun || committed === undefined || !keepsContract(changes);
}
