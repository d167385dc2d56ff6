import pMap from "p-map";
import { changesText, type Grade } from "../../contract/contract.ts";
import { isScopeError, locate } from "../../errors/scope-error.ts";
import { diagnosticText } from "../../project/compile-request.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { useAt } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import type { CheckedPrompt } from "../../project/reports/report.ts";
import { loadIfSound, placeFor, type SnapshotStaging } from "../../project/snapshot/store.ts";
import {
  compareRequests,
  diagnosticsOf,
  emptyContent,
  refuseMetadata,
} from "../../project/versions/compare.ts";
import type { ComparedPrompt } from "../../project/versions/compare-prompts.ts";
import { pinState, promotionText } from "../../project/versions/pin-notes.ts";
import { costSides } from "../../project/versions/prompt-cost.ts";
import {
  type FetchProgress,
  type ResolvedPrompt,
  type ResolvedPrompts,
  resolvePrompts,
  type SideVersion,
} from "../../project/versions/resolve.ts";
import { byNameThenPin, type SelectedImport } from "../../project/versions/select-imports.ts";
import { isMissing } from "../../project/versions/version-errors.ts";

/** What a pull does to one prompt and pin. */
export interface StagedPrompt
  extends Pick<ComparedPrompt, "ref" | "notes" | "changes" | "cost">,
    Pick<CheckedPrompt, "file"> {
  /** Version number that was committed; undefined when nothing was. */
  readonly from: number | undefined;
  readonly to: number;
  readonly change: "new" | Grade;
  /** As `promotionText` says it. */
  readonly promotion: string;
}

/**
 * Fetches imports, compares each with what is committed, and stages its snapshot entry.
 * A failure doesn't keep the others from being staged. A committed pin stays as it is, unless these were named
 * (`takesServed`).
 *
 * @returns prompts in no particular order; the compiler's warnings by name and pin; one error for each prompt that is
 * missing or doesn't compile
 * @throws once, what keeps every prompt from being fetched or staged
 */
export async function stagePrompts(
  project: Project,
  imports: readonly SelectedImport[],
  staging: SnapshotStaging,
  takesServed: boolean,
  progress?: FetchProgress,
) {
  const { options } = project;
  const how = { takesServed, isLazy: true, progress };
  const resolved = await resolvePrompts(project, imports, { to: "platform" }, how);
  const prompts: StagedPrompt[] = [];
  const warnings = new Map<ResolvedPrompt, ReadonlySet<string>>();
  const errors = new Set<unknown>();
  /** A folder or a disk that can't be written would fail all the others too. */
  let failsForAll: unknown;
  const stage = async (item: ResolvedPrompt): Promise<void> => {
    const found = await compareServed(item, resolved, options);
    if (found === undefined) return;
    const { entry, before, notes, grade, changes, compiled } = found;
    const first = before && grade !== "none" ? compiled[0] : undefined;
    const cost = first && (await costSides(first));
    warnings.set(item, new Set(diagnosticsOf(found).map(diagnosticText)));
    prompts.push({
      ref: item.ref,
      file: await placeFor(options.snapshotDir, entry),
      from: before?.versionNumber,
      to: entry.version.versionNumber,
      promotion: promotionText(entry.version),
      notes,
      change: before === undefined ? "new" : grade,
      changes,
      cost,
    });
    await staging.add(entry).catch((error) => {
      failsForAll ??= error;
      throw error;
    });
  };
  await pMap(
    resolved.prompts,
    async (item) => {
      if (failsForAll !== undefined) return;
      await stage(item).catch((error) => {
        if (error !== failsForAll) errors.add(withPlace(error, item, options));
      });
      resolved.release(item.ref);
    },
    { concurrency: options.concurrency },
  );
  resolved.throwIfForAll();
  if (failsForAll !== undefined) throw failsForAll;
  const sorted = [...warnings].sort(([one], [other]) => byNameThenPin(one.ref, other.ref));
  return {
    prompts,
    warnings: sorted.flatMap(([, texts]) => [...texts]),
    failures: [...errors],
  };
}

/** The version to stage, compared with what is committed; undefined if there is none. Throws why it can't be pulled. */
async function compareServed(
  item: ResolvedPrompt,
  { sides, find }: ResolvedPrompts,
  options: ResolvedOptions,
) {
  const { ref, requests } = item;
  const version = await find.to(ref);
  if (version === undefined) return undefined;
  const asked = await sides.to(ref);
  const isKept = asked.committed !== undefined && version === asked.committed.version;
  const entry = isKept ? asked.committed : { ref, environment: options.connection.environment, version };
  const before = (await loadIfSound(options.snapshotDir, ref))?.version;
  const compared = await compareRequests(requests, options, before, version);
  const { changes, compiled, problem } = compared;
  if (problem !== undefined) throw problem;
  const emptied = changes.filter(({ kind }) => kind === "content-empty");
  if (emptied.length > 0) throw emptyContent(ref, version, changesText(emptied));
  for (const { to } of compiled) if (to !== undefined) refuseMetadata(to);
  return { ...compared, entry, before, notes: isKept ? keptNotes(item, asked) : [] };
}

/** What to know about the platform's copy of a committed pin that stays. */
function keptNotes({ ref }: ResolvedPrompt, asked: SideVersion): readonly string[] {
  const state = pinState(asked);
  if (state === undefined) return [];
  if (state.grade === "none") return [state.message];
  return [`${state.message}, which stays. To take it: scope-gen pull ${ref.name}`];
}

/** Where a prompt is requested: its import, or the config if only that names a missing one. */
function withPlace(
  error: unknown,
  { uses: [use] }: ResolvedPrompt,
  { configFile }: ResolvedOptions,
): unknown {
  if (!isScopeError(error)) return error;
  if (use !== undefined) return locate(error, useAt(use));
  return isMissing(error) && configFile !== undefined ? locate(error, { file: configFile }) : error;
}
