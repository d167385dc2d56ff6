import pMap from "p-map";
import { compileRequest, partialRequests } from "../../build/compile-request.ts";
import type { Project } from "../../build/project.ts";
import { diagnosticText } from "../../build/prompt-warnings.ts";
import { compareRequests } from "../../build/versions/compare-requests.ts";
import type { VersionResolver } from "../../build/versions/version-resolver.ts";
import type { ResolvedImport } from "../../config/specifier.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import type { VersionChange } from "../../contract/compare-versions.ts";
import type { Change } from "../../contract/contract.ts";
import { placeOf, type ScopeUse } from "../../discovery/find-uses.ts";
import { locate } from "../../errors/add-to-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import type { SnapshotEntry } from "../../snapshot/format.ts";
import { placeFor } from "../../snapshot/snapshot-file.ts";
import type { SnapshotStaging } from "../../snapshot/staging.ts";
import { loadIfSound } from "../../snapshot/store.ts";
import { type FetchProgress, platformResolver } from "../fetch-versions.ts";
import { pinNotes } from "../pin-notes.ts";
import { promotionText } from "../promotion-text.ts";
import { type SelectedImport, throwAll } from "../select-imports.ts";

/** What a pull did to one prompt and pin. */
type PullChange = "new" | VersionChange["grade"];

export interface PulledPrompt {
  readonly ref: PromptRef;
  /** Absolute path of its snapshot file. */
  readonly file: string;
  /** Version number that was committed; undefined when none was. */
  readonly from: number | undefined;
  readonly to: number;
  readonly change: PullChange;
  /** Who promoted the version, when, and its tags, where the platform says so; else empty. */
  readonly promotion: string;
  /** What else there is to know of its pin, in words. */
  readonly notes: readonly string[];
  readonly changes: readonly Change[];
}

export interface StageOptions {
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** Everything that asks for one prompt and pin; the requests differ in syntax and narrowed types alone. */
interface Item {
  readonly ref: PromptRef;
  readonly requests: readonly ResolvedImport[];
  readonly use: ScopeUse | undefined;
}

/**
 * Fetches imports and the prompts that they include, once per prompt and pin, compiles them, and puts their snapshot
 * entries aside. A prompt is released as soon as that is done, so that few are held at a time.
 *
 * @returns what changed, in no order, and what the compiler warned of, sorted
 * @throws the client's errors and the compiler's, all of a run at once, and an outage once
 */
export async function stagePrompts(
  project: Project,
  imports: readonly SelectedImport[],
  staging: SnapshotStaging,
  { onProgress }: StageOptions,
): Promise<{ readonly prompts: PulledPrompt[]; readonly warnings: readonly string[] }> {
  const { options } = project;
  const resolver = platformResolver(project);
  const known = new Set(imports.map(({ request }) => refKey(request.ref)));
  const fetched = new Set<string>();
  const unserved = new Set<string>();
  const versionOf = async (ref: PromptRef) => {
    known.add(refKey(ref));
    const { version, source } = await resolver.resolve(ref);
    if (source !== "platform") unserved.add(refKey(ref));
    if (!fetched.has(refKey(ref))) {
      fetched.add(refKey(ref));
      onProgress?.({ done: fetched.size, total: known.size, ref });
    }
    return version;
  };
  const items = await collect(options, imports, versionOf);
  const prompts: PulledPrompt[] = [];
  const warnings = new Set<string>();
  const errors = new Set<unknown>();
  let unwritable: unknown;
  await pMap(
    items,
    async (item) => {
      // A folder or a disk that takes nothing takes none of the others either.
      if (unwritable !== undefined) return;
      let entry: SnapshotEntry;
      try {
        const version = await versionOf(item.ref);
        for (const request of item.requests) {
          const { diagnostics } = await compileRequest(request, options, versionOf);
          for (const diagnostic of diagnostics) warnings.add(diagnosticText(diagnostic));
        }
        const isServed = !unserved.has(refKey(item.ref));
        const notes = pinNotes(item.ref, { committed: version, isServed });
        entry = { ref: item.ref, environment: options.connection.environment, version };
        prompts.push({ ...(await describe(options, item, entry, versionOf)), notes });
      } catch (error) {
        errors.add(item.use && isScopeError(error) ? locate(error, placeOf(item.use)) : error);
        return;
      } finally {
        if (isIndependent(item)) resolver.forget(item.ref);
      }
      if (errors.size > 0) return;
      try {
        await staging.add(entry);
      } catch (error) {
        unwritable ??= error;
      }
    },
    { concurrency: options.concurrency },
  );
  if (unwritable !== undefined) errors.add(unwritable);
  refuse(resolver, errors);
  return { prompts, warnings: [...warnings].sort() };
}

/** Only prompts in mustache syntax include others, and only these are asked for again. */
function isIndependent({ requests }: Item): boolean {
  return requests.every(({ syntax }) => syntax === "scope");
}

function refuse({ outage }: VersionResolver, errors: ReadonlySet<unknown>): void {
  // Every prompt fails by the same outage: it is reported once.
  if (outage !== undefined) throw [...errors][0];
  // A missing partial is reported at the tags that name it.
  const causes = new Set([...errors].map((error) => (error as Error).cause));
  const reported = [...errors].filter((error) => !causes.has(error));
  throwAll(reported, "prompts cannot be pulled; nothing was written");
}

/** The imports by prompt and pin, with what those in mustache syntax include: these have to be fetched to know it. */
async function collect(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
  versionOf: (ref: PromptRef) => Promise<PromptVersionData>,
): Promise<readonly Item[]> {
  const items = new Map<string, { ref: PromptRef; requests: ResolvedImport[]; use: ScopeUse | undefined }>();
  const add = async (request: ResolvedImport, use: ScopeUse | undefined): Promise<void> => {
    const key = refKey(request.ref);
    const item = items.get(key) ?? { ref: request.ref, requests: [], use };
    items.set(key, item);
    const dialect = JSON.stringify([request.syntax, request.variables]);
    if (item.requests.some((one) => JSON.stringify([one.syntax, one.variables]) === dialect)) return;
    item.requests.push(request);
    if (request.syntax !== "mustache") return;
    try {
      const version = await versionOf(request.ref);
      const partials = [...partialRequests(request, version, options).values()];
      await Promise.all(partials.map((partial) => add(partial, use)));
    } catch (error) {
      // Reported when the prompt itself is fetched.
      if (!isScopeError(error)) throw error;
    }
  };
  await pMap(imports, ({ request, uses: [use] }) => add(request, use), { concurrency: options.concurrency });
  return [...items.values()];
}

async function describe(
  options: ResolvedOptions,
  { ref, requests }: Item,
  entry: SnapshotEntry,
  versionOf: (ref: PromptRef) => Promise<PromptVersionData>,
): Promise<Omit<PulledPrompt, "notes">> {
  const { version } = entry;
  const before = (await loadIfSound(options.snapshotDir, ref))?.version;
  const described = {
    ref,
    file: await placeFor(options.snapshotDir, entry),
    from: before?.versionNumber,
    to: version.versionNumber,
    promotion: promotionText(version),
  };
  if (before === undefined) return { ...described, change: "new", changes: [] };
  const committed = async (one: PromptRef) =>
    (await loadIfSound(options.snapshotDir, one))?.version ?? versionOf(one);
  const { grade, changes } = await compareRequests(requests, options, committed, versionOf);
  return { ...described, change: grade, changes };
}
