import type { Change, Grade } from "../../contract/contract.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import { type ResolvedImport, resolveSpecifier } from "../../project/config/specifier.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { committedVersions, type FindVersion, needing } from "../../project/versions/find-version.ts";
import { snapshotMissing } from "../../project/versions/version-errors.ts";
import { type Pin, type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import type { CostSides, RenderedTokensSides } from "../cost/cost-sides.ts";
import { fetchVersions, needsPlatform } from "../fetch-versions.ts";
import type { FoundVersion } from "../find-version.ts";
import { pinState } from "../pin-notes.ts";
import type { LoadRenderer } from "../render/render-prompt.ts";
import { byNameThenPin, distinctRefs, promptRequests, selectImports } from "../select-imports.ts";
import { compareSides } from "./compare-sides.ts";
import { type RenderedSample, renderSamples } from "./render-samples.ts";

/**
 * Where one of two versions comes from: what is committed, what the platform has under a pin, or what was already
 * found.
 */
export type DiffSide = "snapshot" | Pin | FoundSide;

/** A version that was already found; what it includes comes from the snapshot. */
interface FoundSide extends FoundVersion {
  readonly kind: "found";
}

export interface PromptDiff {
  readonly ref: PromptRef;
  /** Undefined if nothing is committed, or the platform has no such prompt. */
  readonly from: PromptVersionData | undefined;
  readonly to: PromptVersionData | undefined;
  readonly grade: Grade;
  readonly changes: readonly Change[];
  /** What else to know about its pin, in words. */
  readonly notes: readonly string[];
  /** Why the two couldn't be compared: one of them doesn't compile. */
  readonly problem: ScopeError | undefined;
  /** Empty unless {@link DiffOptions.load} renders them, both versions exist, and the prompt has samples. */
  readonly samples: readonly RenderedSample[];
  /** What the two versions cost, if they differ in it. */
  readonly cost?: CostSides | undefined;
  /** What the renderings of its samples cost. */
  readonly renderedTokens?: RenderedTokensSides | undefined;
}

export interface DiffOptions {
  /**
   * What an import would say, or what asks for a prompt; undefined: everything that the project imports or configures.
   */
  readonly specifier?: string | ResolvedImport | undefined;
  /** Default: the snapshot. */
  readonly from?: DiffSide | undefined;
  /** Default: what the prompt's own pin asks of the platform. */
  readonly to?: DiffSide | undefined;
  /** Renders both versions with each sample of the prompt. Default: samples aren't rendered. */
  readonly load?: LoadRenderer | undefined;
}

/**
 * Two versions of a prompt, or of every prompt of the project, side by side. Of many, those that are the same are left
 * out. The prompts that they include follow if they differ: their text is part of what is rendered.
 *
 * @throws ResourceError `snapshot_missing` for one prompt that isn't committed; ConfigurationError `tokenizer_missing`;
 * the client's errors
 */
export async function diffPrompts(project: Project, diff: DiffOptions): Promise<readonly PromptDiff[]> {
  const { options } = project;
  const { specifier, from = "snapshot", to } = diff;
  if (![from, to].every(isAtHand)) needsPlatform(project, "This diff");
  const requests =
    specifier === undefined
      ? await allRequests(project)
      : [typeof specifier === "string" ? resolveSpecifier(specifier, options) : specifier];
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const notes = new Map<string, readonly string[]>();
  const older = await finder(project, requests, from, diff, notes);
  const newer = await finder(project, requests, to, diff, notes);
  const one = async (request: ResolvedImport) => {
    const found = await diffOne(project, request, { from: older, to: newer }, diff.load, tokenizers);
    return { ...found, notes: notes.get(refKey(found.ref)) ?? [] };
  };
  const diffs = await Promise.all(requests.map(one));
  if (specifier !== undefined)
    for (const { from: version, ref } of diffs)
      if (version === undefined) throw snapshotMissing(ref, [], PULL_OR_LABELS);
  const asked = requests.map((request) => ({ request, uses: [] }));
  const own = new Set(requests.map(({ ref }) => refKey(ref)));
  // A tag that isn't a valid name is a problem of the prompt that has it, and is reported there.
  const all = await promptRequests(asked, options, async ({ ref }) => [await older(ref), await newer(ref)]);
  const included = all.flatMap(({ ref, requests: [first] }) => (own.has(refKey(ref)) ? [] : (first ?? [])));
  const partials = (await Promise.all(included.map(one))).filter(isAnotherVersion);
  const inOrder = (some: readonly PromptDiff[]) =>
    some.filter(isDifferent).sort((a, b) => byNameThenPin(a.ref, b.ref));
  return specifier === undefined ? inOrder([...diffs, ...partials]) : [...diffs, ...inOrder(partials)];
}

function isAtHand(side: DiffSide | undefined): boolean {
  return side === "snapshot" || side?.kind === "found";
}

const PULL_OR_LABELS =
  "Run: scope-gen pull. Or compare two versions of the platform: --from production --to latest";

async function allRequests({ options }: Project): Promise<readonly ResolvedImport[]> {
  const { uses } = await findUses(options);
  return distinctRefs(selectImports(options, uses)).map(({ request }) => request);
}

/**
 * Gives the versions of one side; adds to `notes` how the platform's copies of committed pins differ. @throws for a
 * prompt that was requested by name and that the platform doesn't have
 */
async function finder(
  project: Project,
  requests: readonly ResolvedImport[],
  side: DiffSide | undefined,
  { specifier }: DiffOptions,
  notes: Map<string, readonly string[]>,
): Promise<FindVersion> {
  if (side === "snapshot") return committedVersions(project.options);
  const own = new Set(requests.map(({ ref }) => refKey(ref)));
  if (side?.kind === "found") {
    const committed = committedVersions(project.options);
    return async (ref) => (own.has(refKey(ref)) ? side.version : committed(ref));
  }
  const ask = (ref: PromptRef): PromptRef => {
    if (side === undefined) return ref;
    // A label applies to everything that is requested by a label; a version only to the one prompt that it belongs to.
    const isMeant =
      side.kind === "version" ? own.has(refKey(ref)) : ref.pin.kind === "label" || own.size === 1;
    return isMeant ? { ...ref, pin: side } : ref;
  };
  const imports = requests.map((request) => ({ request, uses: [] }));
  const fetched = await fetchVersions(project, imports, { ask });
  for (const [key, asked] of fetched) {
    const state = pinState(asked);
    if (state !== undefined) notes.set(key, [state.message]);
  }
  const [only] = requests;
  const missing = specifier !== undefined && only ? fetched.get(refKey(only.ref))?.missing : undefined;
  if (missing !== undefined) throw missing;
  return async (ref) => {
    const asked = fetched.get(refKey(ref));
    return asked?.served ?? asked?.version;
  };
}

async function diffOne(
  { options }: Project,
  request: ResolvedImport,
  find: { readonly from: FindVersion; readonly to: FindVersion },
  load: LoadRenderer | undefined,
  tokenizers: Tokenizers,
): Promise<Omit<PromptDiff, "notes">> {
  const { ref } = request;
  const [from, to] = [await find.from(ref), await find.to(ref)];
  const change = await compareSides([request], options, find.from, find.to);
  const isRendered = from !== undefined && to !== undefined && change.problem === undefined;
  const sides = { from: needing(find.from), to: needing(find.to) };
  const samples = load && isRendered ? await renderSamples(request, options, sides, load) : [];
  const found = { ref, from, to, ...change, samples };
  if (change.grade === "none") return found;
  const { costSides, isChanged, renderedTokens } = await import("../cost/cost-sides.ts");
  const cost = await costSides(request, options, find, tokenizers);
  return {
    ...found,
    cost: isChanged(cost) ? cost : undefined,
    renderedTokens: await renderedTokens(samples, { from, to }, tokenizers),
  };
}

/** A partial whose contract only changed through what it includes has nothing of its own to show. */
function isAnotherVersion(diff: PromptDiff): boolean {
  return isDifferent({ ...diff, grade: "none", problem: undefined, notes: [] });
}

function isDifferent({ from, to, grade, problem, notes }: PromptDiff): boolean {
  return problem !== undefined || grade !== "none" || notes.length > 0 || ownData(from) !== ownData(to);
}

/** Everything that a snapshot keeps of a version. */
function ownData(version: PromptVersionData | undefined): string | undefined {
  if (version === undefined) return undefined;
  const { id, promptId, versionNumber, type, status, content, declaredVariables, metadata } = version;
  return JSON.stringify({ id, promptId, versionNumber, type, status, content, declaredVariables, metadata });
}
