import { createHash } from "node:crypto";
import { relative } from "node:path";
import type { DiffSide } from "../commands/diff/diff-prompts.ts";
import { isMissing, mayAsk } from "../commands/fetch-versions.ts";
import { findCommitted, findVersion } from "../commands/find-version.ts";
import { readCommitted } from "../commands/list/list-prompts.ts";
import { promotionText } from "../commands/pin-notes.ts";
import { type LoadRenderer, RenderThread, renderCode } from "../commands/render/render-prompt.ts";
import type { MustacheNode } from "../compiler/1-parse/read-mustache.ts";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { committedVersions, type FindVersion } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { snapshotHistory } from "../project/snapshot/git-history.ts";
import { loadSamples, samplesFile, writeSample } from "../project/snapshot/samples.ts";
import { loadIfSound, loadSnapshot } from "../project/snapshot/store.ts";
import { type Label, type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { splitSample } from "../review/expect/sample.ts";

const LABELS: readonly Label[] = ["production", "latest"];

/** What you can look at of a prompt: a side of a comparison, with the version that it has. */
export interface SideOption {
  /**
   * Names it in other requests: `snapshot`, `own` for what the prompt's pin serves now, `production`, `latest`, or a
   * version ID. The prompts that a version includes come from the same side: two sides can have the same version and
   * still differ.
   */
  readonly side: string;
  readonly number: number;
  /** Where it is: `committed`, `production`, `git 3f2a1bc`. */
  readonly place: string;
  readonly status: string;
  /** Who promoted it, when, and its tags, in words; empty if the platform doesn't say. */
  readonly promotion: string;
}

/**
 * The versions of a prompt that are committed, those on the platform, and those that were committed before.
 *
 * @param asks also look on the platform
 * @returns also why the platform's versions couldn't be found
 */
export async function versionsAtHand(project: Project, { ref }: ResolvedImport, asks: boolean) {
  const { root, snapshotDir } = project.options;
  const versions: SideOption[] = [];
  const known = new Set<string>();
  const add = (side: string, place: string, version: PromptVersionData | undefined) => {
    if (version === undefined) return;
    const { id, versionNumber, status } = version;
    known.add(id);
    versions.push({ side, number: versionNumber, place, status, promotion: promotionText(version) });
  };
  add("snapshot", "committed", (await loadIfSound(snapshotDir, ref))?.version);
  let problem: unknown;
  if (asks && mayAsk(project)) {
    const own = ref.pin.kind === "label" ? ref.pin.label : undefined;
    const others = LABELS.filter((label) => label !== own);
    // All at once: one label may be slow.
    const found = [ref, ...others.map((label) => labelled(ref, label))].map((asked) =>
      fetchIfThere(project, asked).catch((error) => {
        if (!isScopeError(error)) throw error;
        problem = error;
        return undefined;
      }),
    );
    const [served, ...labels] = await Promise.all(found);
    add("own", own ?? "pinned", served);
    for (const [at, label] of others.entries()) add(label, label, labels[at]);
  }
  const { states } = await snapshotHistory(root, snapshotDir, ref.name);
  for (const { commit, entry } of states)
    if (!known.has(entry.version.id)) add(entry.version.id, `git ${commit}`, entry.version);
  return { versions, problem };
}

function labelled(ref: PromptRef, label: Label): PromptRef {
  return { ...ref, pin: { kind: "label", label } };
}

/** A side in the form that `diff` accepts. @throws ResourceError `version_not_found` */
export async function sideOf(project: Project, { ref }: ResolvedImport, side: string): Promise<DiffSide> {
  if (side === "snapshot") return side;
  if (side === "own") return ref.pin;
  if (isLabel(side)) return { kind: "label", label: side };
  return { kind: "found", ...(await findVersion(project, ref.name, side)) };
}

/**
 * Passes one side's version to the compiler, with what it includes. For a side on the platform, both come from there.
 *
 * @throws the client's errors; ResourceError `snapshot_missing`, `version_not_found`
 */
export async function versionsOf(
  project: Project,
  { ref }: ResolvedImport,
  side: string,
): Promise<FindVersion> {
  const committed = committedVersions(project.options);
  const fetchVersion = mayAsk(project) ? project.fetchVersion : undefined;
  if (fetchVersion !== undefined && (side === "own" || isLabel(side))) {
    const isMeant = (one: PromptRef) => one.pin.kind === "label" || refKey(one) === refKey(ref);
    return (one) => fetchVersion(isLabel(side) && isMeant(one) ? labelled(one, side) : one);
  }
  const version =
    side === "snapshot" ? await findCommitted(project, ref) : await findVersion(project, ref.name, side);
  return async (one) => {
    if (refKey(one) === refKey(ref)) return version.version;
    return (await committed(one)) ?? (mayAsk(project) ? fetchIfThere(project, one) : undefined);
  };
}

async function fetchIfThere(project: Project, ref: PromptRef): Promise<PromptVersionData | undefined> {
  try {
    return await project.fetchVersion?.(ref);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isLabel(side: string): side is Label {
  return (LABELS as readonly string[]).includes(side);
}

/** The samples of a prompt, without what they expect, and their file relative to the project. */
export async function samplesOf(project: Project, request: ResolvedImport) {
  const { root, snapshotDir } = project.options;
  const samples = await loadSamples(snapshotDir, request.ref.name);
  const variables = await variablesOf(project, request);
  return {
    samples: [...samples].map(([name, data]) => ({ name, values: splitSample(data, variables).values })),
    samplesFile: relative(root, samplesFile(snapshotDir, request.ref.name)).replaceAll("\\", "/"),
  };
}

/** Saves a sample of a prompt, and keeps what it expects; without values, removes it. */
export async function saveSample(
  project: Project,
  request: ResolvedImport,
  sample: string,
  values: unknown,
): Promise<void> {
  const variables = await variablesOf(project, request);
  const keep = (before: unknown) => splitSample(before, variables).asWritten;
  await writeSample(project.options.snapshotDir, request.ref.name, sample, values, keep);
}

/** Of the committed version. Where `expect` is one, it's a value of the samples. */
async function variablesOf({ options }: Project, request: ResolvedImport): Promise<readonly string[]> {
  const committed = (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref);
  return (await readCommitted(request, options, committed)).variables ?? [];
}

/** A stretch of a template. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable" | "partial"; readonly name: string }
  | {
      readonly kind: "section";
      readonly name: string;
      readonly isInverted: boolean;
      readonly segments: readonly Segment[];
    };

/** A compiled version as the page shows it. */
export function templateOf({ source, contract, bodies, parameter, diagnostics }: CompiledPrompt) {
  return {
    messages: bodies.map((body, at) => ({
      role: contract.roles?.[at],
      segments:
        body.syntax === "mustache"
          ? segmentsOf(body.nodes)
          : body.parts.map(
              (part): Segment => (part.kind === "text" ? part : { kind: "variable", name: part.name }),
            ),
    })),
    metadata: source.version.metadata,
    /** What `render` accepts; undefined: nothing. */
    parameter,
    warnings: diagnostics.map(({ message }) => message),
  };
}

/** The prompts that its own tags name, each once. */
export function includedIn({ bodies }: CompiledPrompt): readonly PromptRef[] {
  const walk = (nodes: readonly MustacheNode[]): readonly PromptRef[] =>
    nodes.flatMap((node) =>
      node.kind === "partial" ? [node.source.ref] : node.kind === "section" ? walk(node.nodes) : [],
    );
  const refs = bodies.flatMap((body) => (body.syntax === "mustache" ? walk(body.nodes) : []));
  return [...new Map(refs.map((ref) => [refKey(ref), ref])).values()];
}

function segmentsOf(nodes: readonly MustacheNode[]): readonly Segment[] {
  return nodes.flatMap((node): readonly Segment[] => {
    if (node.kind === "text") return [node];
    if (node.kind === "line-start") return [];
    if (node.kind === "partial") return [{ kind: "partial", name: node.source.ref.name }];
    const name = node.path.join(".") || ".";
    if (node.kind === "variable") return [{ kind: "variable", name }];
    return [{ kind: "section", name, isInverted: node.isInverted, segments: segmentsOf(node.nodes) }];
  });
}

/** Characters of code that are kept, and the additional cost of each module. */
const MAX_CODE = 5_000_000;
const PER_MODULE = 50_000;

/**
 * The compiled functions of the versions that the page shows, so that a rendering while somebody types is a single
 * call. They are loaded in a thread, and go away with it: a process keeps everything that it has imported.
 */
export function keepRenders() {
  const codes = new Map<string, string>();
  let size = 0;
  let thread = new RenderThread();
  /** Keeps a version. Returns the name to render it by: the same code gets the same name. */
  const keep = (compiled: CompiledPrompt): string => {
    const code = renderCode(compiled);
    const key = createHash("sha256").update(code).digest("base64url");
    if (codes.has(key)) return key;
    if (size > MAX_CODE) {
      thread.end();
      thread = new RenderThread();
      codes.clear();
      size = 0;
    }
    codes.set(key, code);
    size += code.length + PER_MODULE;
    return key;
  };
  /** For samples: the code is loaded once, and called with each of them. */
  const load: LoadRenderer = (compiled) => {
    const key = keep(compiled);
    const [code, own] = [codes.get(key) ?? "", thread];
    return (values) => own.render(code, values);
  };
  return {
    keep,
    load,
    /** Undefined if the version isn't kept any more: the page asks for it again. */
    async render(key: string, values: unknown, signal: AbortSignal) {
      const code = codes.get(key);
      return code === undefined ? undefined : thread.render(code, values, signal);
    },
    close: () => thread.end(),
  };
}
