import { isScopeError } from "../../errors/scope-error.ts";
import { committedVersions, compileOrError, type FindVersion } from "../../project/compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Project } from "../../project/project.ts";
import { readSamples } from "../../project/snapshot/samples.ts";
import { type Comparison, compare } from "../../project/versions/compare.ts";
import { snapshotMissing } from "../../project/versions/version-errors.ts";
import { type Pin, type PromptVersionData, refKey } from "../../prompt.ts";
import type { Sides } from "../../review/cost/prompt-cost.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import { type ComparedPrompt, costSides, type RenderedSample } from "../compare-prompts.ts";
import { fetchVersions, needsPlatform } from "../fetch-versions.ts";
import type { Found } from "../find-version.ts";
import { changesJson, costJson, errorToJson, notesJson, refJson } from "../json-parts.ts";
import { pinState } from "../pin-notes.ts";
import { type Rendered, type RenderThread, renderCode } from "../render/render-prompt.ts";
import { byNameThenPin, distinctRefs, findImports, promptRequests } from "../select-imports.ts";
import { metadataChanges, partDiffs } from "./text-diff.ts";

/** Where a version comes from: what is committed, what the platform has under a pin, or what was already found. */
export type DiffSide = "snapshot" | Pin | (Found & { readonly kind: "found" });

interface DiffOptions {
  /** What an import would say, or what asks for a prompt. Default: everything that the project imports or configures. */
  readonly specifier?: string | ResolvedImport | undefined;
  /** Default: the snapshot. */
  readonly from?: DiffSide | undefined;
  /** Default: what the prompt's own pin asks of the platform. */
  readonly to?: DiffSide | undefined;
  /** Renders both versions with each sample of the prompt. Default: samples aren't rendered. */
  readonly thread?: RenderThread | undefined;
}

/** Two versions of a prompt, or of every prompt that differs, side by side; then what they include, if it differs. */
export async function diffPrompts(project: Project, diff: DiffOptions): Promise<readonly ComparedPrompt[]> {
  const { options } = project;
  const { specifier, from = "snapshot", to } = diff;
  if (![from, to].every((side) => side === "snapshot" || side?.kind === "found"))
    needsPlatform(project, "This diff");
  const requests =
    specifier === undefined
      ? distinctRefs((await findImports(options)).imports).map(({ request }) => request)
      : [typeof specifier === "string" ? resolveSpecifier(specifier, options) : specifier];
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const notes = new Map<string, readonly string[]>();
  const find = {
    from: await versionsOn(project, requests, from, diff, notes),
    to: await versionsOn(project, requests, to, diff, notes),
  };
  const one = async (request: ResolvedImport, isIncluded: boolean) => {
    const { remarks, ...compared } = await diffOne(
      project,
      request,
      find,
      diff.thread,
      tokenizers,
      isIncluded,
    );
    return { ...compared, notes: [...(notes.get(refKey(request.ref)) ?? []), ...remarks] };
  };
  const diffs = await Promise.all(requests.map((request) => one(request, false)));
  if (specifier !== undefined)
    for (const { from: version, ref } of diffs)
      if (version === undefined) throw snapshotMissing(ref, [], PULL_OR_LABELS);
  const asked = requests.map((request) => ({ request, uses: [] }));
  const own = new Set(requests.map(({ ref }) => refKey(ref)));
  // A tag that isn't a valid name is a problem of the prompt that has it, and is reported there.
  const all = await promptRequests(asked, options, async ({ ref }) => [
    await find.from(ref),
    await find.to(ref),
  ]);
  const included = all.flatMap(({ ref, requests: [first] }) => (own.has(refKey(ref)) ? [] : (first ?? [])));
  // A partial whose contract only changed through what it includes has nothing of its own to show.
  const partials = (await Promise.all(included.map((request) => one(request, true)))).filter(
    ({ from, to }) => ownData(from) !== ownData(to),
  );
  const inOrder = (some: readonly ComparedPrompt[]) => some.toSorted((a, b) => byNameThenPin(a.ref, b.ref));
  if (specifier !== undefined) return [...diffs, ...inOrder(partials)];
  const differing = diffs.filter(
    ({ from, to, grade, problem, notes }) =>
      problem !== undefined || grade !== "none" || notes.length > 0 || ownData(from) !== ownData(to),
  );
  return inOrder([...differing, ...partials]);
}

const PULL_OR_LABELS =
  "Run: scope-gen pull. Or compare two versions of the platform: --from production --to latest";

/**
 * Gives the versions of one side; adds to `notes` how the platform's copies of committed pins differ. Throws for a
 * prompt that was requested by name and that the platform doesn't have.
 */
export async function versionsOn(
  project: Project,
  requests: readonly ResolvedImport[],
  side: DiffSide | undefined,
  { specifier }: Pick<DiffOptions, "specifier">,
  notes = new Map<string, readonly string[]>(),
): Promise<FindVersion> {
  const committed = committedVersions(project.options);
  if (side === "snapshot") return committed;
  const own = new Set(requests.map(({ ref }) => refKey(ref)));
  if (side?.kind === "found") return async (ref) => (own.has(refKey(ref)) ? side.version : committed(ref));
  const imports = requests.map((request) => ({ request, uses: [] }));
  // A label applies to everything that is requested by a label, and to the one prompt that was named.
  const named = own.size === 1 ? own : undefined;
  const fetched = await fetchVersions(project, imports, { instead: side, named });
  for (const [key, asked] of fetched) {
    const state = pinState(asked);
    if (state !== undefined) notes.set(key, [state.message]);
  }
  const [only] = requests;
  const { missing, unreadable } = (specifier !== undefined && only && fetched.get(refKey(only.ref))) || {};
  const problem = missing ?? unreadable;
  if (problem !== undefined) throw problem;
  return async (ref) => {
    const { unreadable, served, version } = fetched.get(refKey(ref)) ?? {};
    if (unreadable !== undefined) throw unreadable;
    return served ?? version;
  };
}

async function diffOne(
  { options }: Project,
  request: ResolvedImport,
  find: Sides<FindVersion>,
  thread: RenderThread | undefined,
  tokenizers: Tokenizers,
  isIncluded: boolean,
): Promise<Omit<ComparedPrompt, "notes"> & Pick<Comparison, "remarks">> {
  const { ref } = request;
  const read = await Promise.allSettled([find.from(ref), find.to(ref)]);
  const failed = read.find((one) => one.status === "rejected");
  if (failed !== undefined && !isScopeError(failed.reason)) throw failed.reason;
  const [from, to] = read.map((one) => (one.status === "fulfilled" ? one.value : undefined));
  if (failed !== undefined)
    return {
      ref,
      from,
      to,
      grade: "none",
      changes: [],
      problem: failed.reason,
      isUnreadable: true,
      remarks: [],
    };
  const compared = await compare([request], options, find.from, find.to, isIncluded);
  const isRendered = from !== undefined && to !== undefined && compared.problem === undefined;
  const samples = thread && (isRendered ? await renderSamples(request, options, find, thread) : []);
  const cost = compared.grade === "none" ? undefined : await costSides(request, options, find, tokenizers);
  return { ref, from, to, ...compared, samples, cost };
}

/** What each sample renders to on both sides, or why it renders to nothing. */
async function renderSamples(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: Sides<FindVersion>,
  thread: RenderThread,
): Promise<readonly RenderedSample[]> {
  const files = await readSamples(options.snapshotDir, request.ref.name);
  if (files.length === 0) return [];
  const codeOf = async (side: FindVersion) => {
    const compiled = await compileOrError(request, options, side);
    return isScopeError(compiled) ? compiled : { compiled, code: renderCode(compiled) };
  };
  const sides = { from: await codeOf(find.from), to: await codeOf(find.to) };
  const rendered = async (sample: (typeof files)[0], side: Awaited<ReturnType<typeof codeOf>>) => {
    try {
      if (isScopeError(side)) throw side;
      const { variables, source } = side.compiled;
      return await thread.render(side.code, sample.read([...variables, ...source.provides]).values);
    } catch (error) {
      if (isScopeError(error)) return { problem: error.message };
      throw error;
    }
  };
  const samples: RenderedSample[] = [];
  // One by one: a sample that takes too long must not end the others.
  for (const one of files)
    samples.push({
      sample: one.name,
      from: await rendered(one, sides.from),
      to: await rendered(one, sides.to),
    });
  return samples;
}

/** Everything that a snapshot keeps of a version. */
function ownData(version: PromptVersionData | undefined): string | undefined {
  if (version === undefined) return undefined;
  const { id, promptId, versionNumber, type, status, content, declaredVariables, metadata } = version;
  return JSON.stringify({ id, promptId, versionNumber, type, status, content, declaredVariables, metadata });
}

/** The differences of some prompts as `--json` prints them. */
export function diffJson(diffs: readonly ComparedPrompt[]) {
  return {
    prompts: diffs.map(({ ref, from, to, grade, changes, notes, problem, cost, samples }) => ({
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
      ...(samples && {
        samples: samples.map((one) => ({
          sample: one.sample,
          from: renderedJson(one.from),
          to: renderedJson(one.to),
        })),
      }),
    })),
  };
}

function renderedJson({ output, problem }: Rendered) {
  return problem === undefined ? { output } : { output: null, problem };
}

function versionJson(version: PromptVersionData | undefined) {
  if (version === undefined) return null;
  const { id, versionNumber, promotedAt, promotedBy, tags } = version;
  return { versionId: id, versionNumber, promotedAt, promotedBy, tags };
}
