import type { PromptRef, PromptVersionData, Sides } from "../../prompt.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { Project } from "../project.ts";
import { isSameFile } from "../snapshot/format.ts";
import { type ComparedPrompt, compareSides } from "../versions/compare-prompts.ts";
import type { DiffSide } from "../versions/find-version.ts";
import { pinState } from "../versions/pin-notes.ts";
import { costSides } from "../versions/prompt-cost.ts";
import {
  isAtHand,
  needsPlatform,
  type ResolvedPrompts,
  resolvePrompts,
  type Side,
} from "../versions/resolve.ts";
import { byNameThenPin, findImports } from "../versions/select-imports.ts";
import { snapshotMissing } from "../versions/version-errors.ts";
import { metadataChanges, partDiffs } from "./hunks.ts";
import { changesJson, costJson, errorToJson, notesJson, refJson } from "./json-parts.ts";

interface DiffOptions {
  /** What an import would say, or what asks for a prompt. Default: everything that the project imports or configures. */
  readonly specifier?: string | ResolvedImport | undefined;
  /** Default: the snapshot. */
  readonly from?: DiffSide | undefined;
  /** Default: what the prompt's own pin asks of the platform. */
  readonly to?: DiffSide | undefined;
}

/** Two versions of a prompt, or of every prompt that differs, side by side; by name, then pin. */
export async function diffPrompts(project: Project, diff: DiffOptions): Promise<readonly ComparedPrompt[]> {
  const { options } = project;
  const { specifier } = diff;
  const asked: Sides<Side> = { from: diff.from ?? "snapshot", to: diff.to ?? "platform" };
  const ofPlatform = (["from", "to"] as const).filter((at) => !isAtHand(asked[at]));
  if (ofPlatform.length > 0) needsPlatform(project, "This diff");
  const named = typeof specifier === "string" ? resolveSpecifier(specifier, options) : specifier;
  const { imports } = named
    ? { imports: [{ request: named, specifier: named.specifier }] }
    : await findImports(options);
  const resolved = await resolvePrompts(project, imports, asked, { takesServed: true });
  const { prompts, sides } = resolved;
  if (named) await refuseMissing(named.ref, sides);
  const diffs: ComparedPrompt[] = [];
  for (const prompt of prompts) {
    const { ref } = prompt;
    const compared = await compareSides(prompt, options, resolved);
    const { grade, compiled } = compared;
    const states = await Promise.all(ofPlatform.map(async (at) => pinState(await sides[at](ref))));
    const notes = [...new Set(states.flatMap((state) => state?.message ?? [])), ...compared.notes];
    // What a side doesn't have is shown as nothing.
    const problem = grade === "missing" ? undefined : compared.problem;
    const isSame = compared.from === compared.to || isSameFile(ref, compared.from, compared.to);
    const isNews = problem !== undefined || grade !== "none" || notes.length > 0;
    if (isSame && !isNews && !named) continue;
    const [first] = compiled;
    const cost = grade === "none" || first === undefined ? undefined : await costSides(first);
    diffs.push({ ...compared, problem, notes, cost });
  }
  return diffs.sort((a, b) => byNameThenPin(a.ref, b.ref));
}

/** Somebody who names a prompt wants to see it. */
async function refuseMissing(ref: PromptRef, sides: ResolvedPrompts["sides"]): Promise<void> {
  const [from, to] = [await sides.from(ref), await sides.to(ref)];
  const problem = from.unreadable ?? from.missing ?? to.missing ?? to.unreadable;
  if (problem !== undefined) throw problem;
  if (from.version === undefined) throw snapshotMissing(ref, [], PULL_OR_LABELS);
}

const PULL_OR_LABELS =
  "Run: scope-gen pull. Or compare two versions of the platform: --from production --to latest";

/** The differences of some prompts as `--json` prints them. */
export function diffJson(diffs: readonly ComparedPrompt[]) {
  return {
    prompts: diffs.map(({ ref, from, to, grade, changes, notes, problem, cost }) => ({
      ...refJson(ref),
      from: versionJson(from),
      to: versionJson(to),
      change: grade,
      changes: changesJson(changes),
      ...notesJson(notes),
      ...(problem && { problem: errorToJson(problem, "") }),
      ...costJson(cost),
      content: partDiffs(from?.content, to?.content).map(({ title, hunks }) => ({
        ...(title && { message: title }),
        diff: hunks.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n"),
      })),
      metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}).map((change) => ({
        key: change.key,
        from: change.from === undefined ? null : JSON.parse(change.from),
        to: change.to === undefined ? null : JSON.parse(change.to),
      })),
    })),
  };
}

function versionJson(version: PromptVersionData | undefined) {
  if (version === undefined) return null;
  const { id, versionNumber, promotedAt, promotedBy, tags } = version;
  return { versionId: id, versionNumber, promotedAt, promotedBy, tags };
}
