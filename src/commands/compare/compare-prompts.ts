import { NO_CHANGE, type VersionChange } from "../../contract/compare-versions.ts";
import type { Change, Grade } from "../../contract/contract.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { compileRequest, partialRequests } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses, type ScopeUse } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { snapshotFile } from "../../project/snapshot/snapshot-file.ts";
import { compareRequests } from "../../project/versions/compare-requests.ts";
import { committedVersions, type FindVersion, needing } from "../../project/versions/find-version.ts";
import { snapshotMissing } from "../../project/versions/snapshot-missing.ts";
import { type Label, type Pin, type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import { type Fetched, type FetchProgress, fetchVersions } from "../fetch-versions.ts";
import { needsPlatform } from "../needs-platform.ts";
import { pinNotes } from "../pin-notes.ts";
import { byNameThenPin } from "../ref-order.ts";
import { type SelectedImport, selectImports, throwAll } from "../select-imports.ts";

/** One prompt and pin: what is committed, and what the platform serves now. */
export interface ComparedPrompt {
  readonly ref: PromptRef;
  /** Absolute path of its snapshot file, whether or not it exists. */
  readonly file: string;
  /** As spelled in the code, and the specifiers of the config's keys; none for a prompt that others include. */
  readonly specifiers: readonly string[];
  /** What asks for it; the requests differ only in syntax and narrowed types. */
  readonly requests: readonly ResolvedImport[];
  readonly uses: readonly ScopeUse[];
  readonly committed: PromptVersionData | undefined;
  /** Undefined when the platform wasn't asked, or no longer has it. */
  readonly current: PromptVersionData | undefined;
  /** Of the two versions, before the type checker has seen any calls. */
  readonly grade: Grade;
  readonly changes: readonly Change[];
  /** What else to know about its pin, in words; changes neither grade nor exit code. */
  readonly notes: readonly string[];
  /** Why it can't be built as it is now: it's gone, was never pulled, or doesn't compile. */
  readonly problem: ScopeError | undefined;
}

export interface ProjectComparison {
  readonly platform: "compared" | "skipped";
  /** By name, then pin. */
  readonly prompts: readonly ComparedPrompt[];
  /** Every import of the project, and the config's keys. */
  readonly imports: readonly SelectedImport[];
  /** Does the code name the client? */
  readonly namesClient: boolean;
  readonly findCommitted: FindVersion;
  /** What a build would use now: the platform's versions if they're available and compile. */
  readonly findCurrent: FindVersion;
}

export interface CompareOptions {
  /** Ask what this label points at, for every prompt that is requested by a label. */
  readonly label?: Label | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/**
 * Compares what is committed with the code, and with the platform if it can be asked: not without credentials, and not
 * under `fetch: "never"`.
 *
 * @throws ScopeErrors (or the one error) for specifiers that can't be read and damaged snapshot files; the client's
 * errors; `build_credentials_needed` or `fetch_never` when a label is given and the platform can't be asked
 */
export async function comparePrompts(
  project: Project,
  { label, onProgress }: CompareOptions = {},
): Promise<ProjectComparison> {
  const { options } = project;
  if (label !== undefined || options.fetch === "always") needsPlatform(project, "This check");
  const { uses, namesClient } = await findUses(options);
  const imports = selectImports(options, uses);
  const findCommitted = committedVersions(options);
  const asked = options.fetch !== "never" && project.fetchVersion !== undefined;
  const fetched = asked
    ? await fetchVersions(project, imports, { ask: askFor(label), onProgress })
    : undefined;
  const items = await collect(options, imports, findCommitted, fetched);
  const production = asked ? await fetchProduction(project, items) : NOTHING_KNOWN;
  const prompts = await Promise.all(
    items.map((item) => compare(options, item, findCommitted, fetched, production.get(item.ref.name))),
  );
  const failing = new Set(prompts.filter(({ problem }) => problem).map(({ ref }) => refKey(ref)));
  return {
    platform: asked ? "compared" : "skipped",
    prompts: prompts.sort((a, b) => byNameThenPin(a.ref, b.ref)),
    imports,
    namesClient,
    findCommitted,
    findCurrent: async (ref) => {
      const key = refKey(ref);
      return (failing.has(key) ? undefined : fetched?.get(key)?.version) ?? findCommitted(ref);
    },
  };
}

/** Everything that asks for one prompt and pin; its requests differ only in syntax and narrowed types. */
interface Item {
  readonly ref: PromptRef;
  readonly requests: ResolvedImport[];
  readonly specifiers: string[];
  readonly uses: ScopeUse[];
}

/**
 * The imports by prompt and pin, with the prompts that they include, as committed or as fetched.
 *
 * @throws for every snapshot file among them that is damaged
 */
async function collect(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
  findCommitted: FindVersion,
  fetched: ReadonlyMap<string, Fetched> | undefined,
): Promise<readonly Item[]> {
  const items = new Map<string, Item>();
  const errors = new Set<unknown>();
  const add = async (request: ResolvedImport, specifier?: string, uses: readonly ScopeUse[] = []) => {
    const key = refKey(request.ref);
    const item = items.get(key) ?? { ref: request.ref, requests: [], specifiers: [], uses: [] };
    items.set(key, item);
    if (specifier !== undefined) item.specifiers.push(specifier);
    item.uses.push(...uses);
    const dialect = JSON.stringify([request.syntax, request.variables]);
    if (item.requests.some((one) => JSON.stringify([one.syntax, one.variables]) === dialect)) return;
    item.requests.push(request);
    try {
      for (const version of [await findCommitted(request.ref), fetched?.get(key)?.version]) {
        if (version === undefined) continue;
        for (const partial of partialRequests(request, version, options).values()) await add(partial);
      }
    } catch (error) {
      if (!isScopeError(error)) throw error;
      errors.add(error);
    }
  };
  for (const { request, specifier, uses } of imports) await add(request, specifier, uses);
  throwAll([...errors], "snapshot files cannot be used");
  return [...items.values()];
}

async function compare(
  options: ResolvedOptions,
  { ref, requests, specifiers, uses }: Item,
  findCommitted: FindVersion,
  fetched: ReadonlyMap<string, Fetched> | undefined,
  production: PromptVersionData | undefined,
): Promise<ComparedPrompt> {
  const found = fetched?.get(refKey(ref));
  const compared = {
    ref,
    file: await snapshotFile(options.snapshotDir, ref),
    specifiers,
    requests,
    uses,
    committed: await findCommitted(ref),
    current: found?.version,
    notes: [] as readonly string[],
  };
  // Without the platform, there's no way to get a prompt that isn't committed.
  const nowhere = fetched === undefined && compared.committed === undefined;
  const missing = nowhere ? snapshotMissing(ref) : found?.missing;
  if (missing !== undefined) return { ...compared, grade: "missing", changes: [], problem: missing };
  const { committed, current } = compared;
  compared.notes = pinNotes(ref, { committed, current, isServed: found?.isServed, production });
  if (current === undefined) return { ...compared, ...NO_CHANGE, problem: undefined };
  const now = needing(async (one) => versionIn(fetched, one));
  try {
    if (committed !== undefined) {
      const change = await compareRequests(requests, options, needing(findCommitted), now);
      return { ...compared, ...change, problem: undefined };
    }
    for (const request of requests) await compileRequest(request, options, now);
    return { ...compared, ...NEVER_PULLED, problem: undefined };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { ...compared, grade: "breaking", changes: [], problem: error };
  }
}

/** There's nothing to compare with, and no call that was right. */
const NEVER_PULLED: VersionChange = { grade: "compatible", changes: [] };

/** What was fetched; if a prompt that this one includes is gone, why. */
function versionIn(
  fetched: ReadonlyMap<string, Fetched> | undefined,
  ref: PromptRef,
): PromptVersionData | undefined {
  const found = fetched?.get(refKey(ref));
  if (found?.missing !== undefined) throw found.missing;
  return found?.version;
}

/**
 * What is in production for the prompts that are pinned to a version, by name; left out if nothing is. No code imports
 * it, so if it isn't available, it counts as unknown and nothing else is reported.
 */
async function fetchProduction(
  project: Project,
  items: readonly Item[],
): Promise<ReadonlyMap<string, PromptVersionData>> {
  const pinned = items.filter(({ ref }) => ref.pin.kind === "version");
  const imports = pinned.map(({ ref, requests: [request] }) => ({
    request: { ...(request as ResolvedImport), ref: { ...ref, pin: PRODUCTION }, syntax: "scope" as const },
    uses: [],
  }));
  let found: Awaited<ReturnType<typeof fetchVersions>>;
  try {
    found = await fetchVersions(project, imports);
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return NOTHING_KNOWN;
  }
  return new Map(
    [...found.values()].flatMap(({ request, version }) => (version ? [[request.ref.name, version]] : [])),
  );
}

const NOTHING_KNOWN: ReadonlyMap<string, PromptVersionData> = new Map();
const PRODUCTION: Pin = { kind: "label", label: "production" };

function askFor(label: Label | undefined): ((ref: PromptRef) => PromptRef) | undefined {
  if (label === undefined) return undefined;
  return (ref) => (ref.pin.kind === "label" ? { ...ref, pin: { kind: "label", label } } : ref);
}
