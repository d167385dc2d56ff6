import pMap from "p-map";
import { changesText, type Grade } from "../../contract/contract.ts";
import { concernsEveryPrompt } from "../../errors/classes.ts";
import type { Diagnostic } from "../../errors/diagnostic.ts";
import { isScopeError, locate } from "../../errors/scope-error.ts";
import { compileRequest, diagnosticText } from "../../project/compile-request.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { useAt } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import { loadIfSound, placeFor, type SnapshotStaging } from "../../project/snapshot/store.ts";
import { compare, emptyContent, refuseEmpty } from "../../project/versions/compare.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import type { CheckedPrompt } from "../check/report.ts";
import { type ComparedPrompt, costSides } from "../compare-prompts.ts";
import {
  askPlatform,
  type CommandProgress,
  type FetchedPrompt,
  isMissing,
  platformSource,
} from "../fetch-versions.ts";
import { pinState, promotionText } from "../pin-notes.ts";
import {
  byNameThenPin,
  type PromptRequests,
  promptRequests,
  type SelectedImport,
} from "../select-imports.ts";

/** What a pull does to one prompt and pin. It holds no version: there can be too many of them for memory. */
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
 * Fetches imports and the prompts that they include, once per prompt and pin, compiles them, and stages their snapshot
 * entries. Each prompt is then released, so that few are in memory at a time. A failure doesn't keep the others from
 * being staged. A committed pin stays as it is, unless these were named (`takesPins`).
 *
 * @returns prompts in no particular order; the compiler's warnings by name and pin; one error for each prompt that is
 * missing or doesn't compile
 * @throws once, what keeps every prompt from being fetched or staged
 */
export async function stagePrompts(
  project: Project,
  imports: readonly SelectedImport[],
  staging: SnapshotStaging,
  takesPins: boolean,
  progress?: CommandProgress,
) {
  const { options } = project;
  const source = platformSource(project);
  const known = new Set(imports.map(({ request }) => refKey(request.ref)));
  const fetched = new Set<string>();
  /** The committed pins that stay. */
  const kept = new Map<string, FetchedPrompt>();
  /** A folder or a disk that can't be written, or refused credentials, would fail all the others too. */
  let failsForAll: unknown;
  const entryOf = async (ref: PromptRef): Promise<SnapshotEntry> => {
    if (failsForAll !== undefined) throw failsForAll;
    known.add(refKey(ref));
    const asked = await askPlatform(project, source, ref).catch((error) => {
      if (concernsEveryPrompt(error)) failsForAll ??= error;
      throw error;
    });
    if (!fetched.has(refKey(ref))) progress?.fetched(fetched.add(refKey(ref)).size, known.size, ref);
    const { version, committed, served } = asked;
    if (committed === undefined || (takesPins && served !== undefined))
      return { ref, environment: options.connection.environment, version: served ?? version };
    kept.set(refKey(ref), asked);
    return committed;
  };
  const versionOf = async (ref: PromptRef) => (await entryOf(ref)).version;
  const wasCommitted = async (ref: PromptRef) => (await loadIfSound(options.snapshotDir, ref)) !== undefined;
  // Only prompts in mustache syntax include others, and only a fetch shows which.
  const items = await promptRequests(imports, options, async ({ ref, syntax }) =>
    syntax === "mustache" ? [await versionOf(ref)] : [],
  );
  const prompts: StagedPrompt[] = [];
  let uncounted: string | undefined;
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const describe = async (item: PromptRequests, entry: SnapshotEntry): Promise<StagedPrompt> => {
    const { ref, requests } = item;
    const { version } = entry;
    const before = (await loadIfSound(options.snapshotDir, ref))?.version;
    const isIncluded = item.specifiers.length === 0;
    const described = {
      ref,
      file: await placeFor(options.snapshotDir, entry),
      from: before?.versionNumber,
      to: version.versionNumber,
      promotion: promotionText(version),
      notes: keptNotes(item, kept.get(refKey(ref)) ?? {}),
    };
    if (before === undefined) return { ...described, change: "new", changes: [] };
    const committed = async (one: PromptRef) =>
      (await loadIfSound(options.snapshotDir, one))?.version ?? versionOf(one);
    const { grade, changes, problem } = await compare(requests, options, committed, versionOf, isIncluded);
    if (problem !== undefined) throw problem;
    const emptied = changes.filter(({ kind }) => kind === "content-empty");
    if (emptied.length > 0) throw emptyContent(ref, version, changesText(emptied));
    const [request] = requests;
    if (grade === "none" || request === undefined) return { ...described, change: grade, changes };
    const sides = { from: committed, to: versionOf };
    const cost = await costSides(request, options, sides, tokenizers).catch((error) => {
      // A pull doesn't fail because of that.
      if (!isScopeError(error)) throw error;
      uncounted = `What the prompts cost is not known. ${error.message} ${error.hint ?? ""}`.trimEnd();
      return undefined;
    });
    return { ...described, change: grade, changes, cost };
  };
  const warnings = new Map<PromptRequests, ReadonlySet<string>>();
  const errors = new Set<unknown>();
  await pMap(
    items,
    async (item) => {
      if (failsForAll !== undefined) return;
      try {
        const entry = await entryOf(item.ref);
        const found: Diagnostic[] = [];
        for (const request of item.requests) {
          const compiled = await compileRequest(request, options, versionOf);
          found.push(...compiled.diagnostics);
          if (item.specifiers.length > 0 && !(await wasCommitted(item.ref))) refuseEmpty(compiled);
        }
        const described = await describe(item, entry);
        // The change says what is lost, and where its name is left.
        const isLost = described.changes.some(({ kind, breaks }) => breaks && kind === "variable-dropped");
        const shown = found.filter(({ code }) => !(isLost && code === "prompt-near-miss"));
        warnings.set(item, new Set(shown.map(diagnosticText)));
        prompts.push(described);
        await staging.add(entry).catch((error) => {
          failsForAll ??= error;
          throw error;
        });
      } catch (error) {
        if (error !== failsForAll) errors.add(withPlace(error, item, options));
      } finally {
        // Only prompts in mustache syntax include others, so only these are requested again.
        if (item.requests.every(({ syntax }) => syntax === "scope")) source.forget(item.ref);
      }
    },
    { concurrency: options.concurrency },
  );
  // Every prompt fails because of the same outage: report it once.
  if (source.outage !== undefined) throw [...errors][0];
  if (failsForAll !== undefined) throw failsForAll;
  // A missing partial is reported at the tags that name it.
  const causes = new Set([...errors].map((error) => (error as Error).cause));
  return {
    prompts,
    warnings: [
      ...[...warnings]
        .sort(([one], [other]) => byNameThenPin(one.ref, other.ref))
        .flatMap(([, texts]) => [...texts]),
      ...(uncounted === undefined ? [] : [uncounted]),
    ],
    failures: [...errors].filter((error) => !causes.has(error)),
  };
}

/** What to know about the platform's copy of a committed pin that stays. */
function keptNotes({ ref, specifiers }: PromptRequests, asked: FetchedPrompt): readonly string[] {
  const state = pinState(asked);
  if (state === undefined) return [];
  if (state.grade === "none") return [state.message];
  const name = specifiers.length > 0 ? ref.name : "<a prompt that includes it>";
  return [`${state.message}, which stays. To take it: scope-gen pull ${name}`];
}

/** Where a prompt is requested: its import, or the config if only that names a missing one. */
function withPlace(error: unknown, { use }: PromptRequests, { configFile }: ResolvedOptions): unknown {
  if (!isScopeError(error)) return error;
  if (use !== undefined) return locate(error, useAt(use));
  return isMissing(error) && configFile !== undefined ? locate(error, { file: configFile }) : error;
}
