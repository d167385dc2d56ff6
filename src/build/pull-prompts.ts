import pMap from "p-map";
import type { ResolvedImport } from "../config/specifier.ts";
import { findUses } from "../discovery/find-uses.ts";
import { ConfigurationError } from "../errors/classes.ts";
import { isScopeError } from "../errors/scope-error.ts";
import type { PromptRef } from "../prompt.ts";
import { refKey } from "../prompt.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { stableJson } from "../snapshot/stable-json.ts";
import {
  listSnapshot,
  loadSnapshot,
  removeSnapshot,
  snapshotFile,
  writeSnapshot,
} from "../snapshot/store.ts";
import { type ContractChange, compareContracts, keepsContract } from "../template/contract.ts";
import { compileRequest, partialRequests } from "./compile-request.ts";
import { endedBy } from "./fetch-versions.ts";
import { answersFor, type Project } from "./project.ts";
import { byNameThenPin } from "./ref-order.ts";
import { diagnosticText, type Reporter } from "./run-report.ts";
import { distinctRefs, onlyNamed, type SelectedImport, selectImports, throwAll } from "./select-imports.ts";
import { settleTypes } from "./settle-types.ts";

/** What a pull did to one prompt and pin. */
export type PullChange = "new" | "none" | "text" | "compatible" | "breaking";

export interface PulledPrompt {
  readonly ref: PromptRef;
  /** Absolute path of its snapshot file. */
  readonly file: string;
  /** Version number that was committed; undefined when none was. */
  readonly from: number | undefined;
  readonly to: number;
  readonly change: PullChange;
  readonly changes: readonly ContractChange[];
}

export interface PullResult {
  /** Sorted by name, then by pin. */
  readonly prompts: readonly PulledPrompt[];
  /** Committed, but neither imported nor configured; sorted by name, then by pin. */
  readonly unused: readonly PromptRef[];
  /** Were the unused ones removed? */
  readonly pruned: boolean;
  /** The types file; undefined with `dts: false`. */
  readonly types: { readonly file: string; readonly written: boolean } | undefined;
  readonly warnings: readonly string[];
}

export interface PullOptions {
  /** Keys, prompt names or specifiers; all when empty. */
  readonly names?: readonly string[];
  /** Remove snapshot files of prompts that are neither imported nor configured. Default false. */
  readonly prune?: boolean;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly ref: PromptRef;
  }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Fetches what the project imports, and writes snapshot and types. Nothing is written unless everything asked
 * for was fetched and compiles, so that a fault leaves the committed state whole.
 *
 * @throws ConfigurationError `build_credentials_needed`, `fetch_never`; the client's errors and the compiler's,
 * all of a run at once
 */
export async function pullPrompts(project: Project, pull: PullOptions = {}): Promise<PullResult> {
  const { options } = project;
  refuseWithoutPlatform(project);
  const { uses } = await findUses(options);
  const imports = selectImports(options, uses);
  const fetched = await fetchAll(project, distinctRefs(onlyNamed(imports, pull.names ?? [])), pull);
  pull.signal?.throwIfAborted();
  const prompts = await Promise.all(
    [...fetched.entries.values()].map((item) => describeChange(project, item, fetched.entries)),
  );
  for (const { entry } of fetched.entries.values()) await writeSnapshot(options.snapshotDir, entry);

  const unused = await findUnused(project, imports);
  if (pull.prune) for (const ref of unused) await removeSnapshot(options.snapshotDir, ref);
  const types = await settleTypes(
    options,
    uses.map((use) => use.specifier),
  );
  return {
    prompts: prompts.sort((a, b) => byNameThenPin(a.ref, b.ref)),
    unused,
    pruned: pull.prune === true,
    types,
    warnings: fetched.warnings,
  };
}

const SILENT: Reporter = { info() {}, warn() {} };

interface Fetched {
  readonly request: ResolvedImport;
  readonly entry: SnapshotEntry;
}

function refuseWithoutPlatform({ options, fetchVersion }: Project): void {
  if (options.fetch === "never") {
    throw new ConfigurationError('fetch is "never", and a pull always needs the platform.', {
      code: "fetch_never",
      hint: "Run it with --fetch auto, or without SCOPE_FETCH=never.",
    });
  }
  if (fetchVersion === undefined) {
    throw new ConfigurationError("A pull needs the platform, and no Scope credentials are set.", {
      code: "build_credentials_needed",
      hint: "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET. Without an account: scope-gen serve starts a local platform.",
    });
  }
}

/** Fetches and compiles every import, and what its partials name, once per prompt and pin. */
async function fetchAll(
  project: Project,
  imports: readonly SelectedImport[],
  { onProgress, signal }: PullOptions,
): Promise<{ entries: Map<string, Fetched>; warnings: string[] }> {
  const { options } = project;
  const environment = options.connection.environment;
  const answers = answersFor(project, SILENT, {
    fetch: "always",
    fetchVersion: endedBy(signal, project.fetchVersion),
    // The platform is asked for everything: what is committed plays no part in what is fetched.
    loadSnapshot: async () => undefined,
  });
  const entries = new Map<string, Fetched>();
  const warnings = new Set<string>();
  const errors = new Set<unknown>();
  let done = 0;
  const add = async (request: ResolvedImport): Promise<void> => {
    if (entries.has(refKey(request.ref))) return;
    const { version } = await answers.answer(request.ref);
    entries.set(refKey(request.ref), { request, entry: { ref: request.ref, environment, version } });
    for (const partial of partialRequests(request, version, options).values()) await add(partial);
  };
  await pMap(
    imports,
    async ({ request, uses }) => {
      signal?.throwIfAborted();
      try {
        await add(request);
        const compiled = await compileRequest(
          request,
          options,
          async (ref) => (await answers.answer(ref)).version,
        );
        for (const diagnostic of compiled.diagnostics) warnings.add(diagnosticText(diagnostic));
      } catch (error) {
        errors.add(locateUse(error, uses));
      }
      done += 1;
      onProgress?.({ done, total: imports.length, ref: request.ref });
    },
    { concurrency: options.concurrency },
  );
  signal?.throwIfAborted();
  throwAll([...errors], "prompts cannot be pulled; nothing was written");
  return { entries, warnings: [...warnings].sort() };
}

function locateUse(error: unknown, [use]: SelectedImport["uses"]): unknown {
  if (use && isScopeError(error)) error.locate({ importedBy: use.file });
  return error;
}

async function describeChange(
  { options }: Project,
  { request, entry }: Fetched,
  fetched: ReadonlyMap<string, Fetched>,
): Promise<PulledPrompt> {
  const before = await loadIfSound(options.snapshotDir, entry.ref);
  const described = {
    ref: entry.ref,
    file: snapshotFile(options.snapshotDir, entry.ref),
    from: before?.version.versionNumber,
    to: entry.version.versionNumber,
  };
  if (before === undefined) return { ...described, change: "new", changes: [] };
  const now = (ref: PromptRef) => fetched.get(refKey(ref))?.entry.version ?? entry.version;
  const old = async (ref: PromptRef) => (await loadIfSound(options.snapshotDir, ref))?.version ?? now(ref);
  const committed = await compileRequest(request, options, old);
  const candidate = await compileRequest(request, options, async (ref) => now(ref));
  const changes = compareContracts(committed.contract, candidate.contract);
  return { ...described, changes, change: changeOf(before, entry, changes) };
}

/** A damaged file counts as nothing committed: the pull is about to replace it. */
async function loadIfSound(snapshotDir: string, ref: PromptRef): Promise<SnapshotEntry | undefined> {
  try {
    return await loadSnapshot(snapshotDir, ref);
  } catch (error) {
    if (isScopeError(error)) return undefined;
    throw error;
  }
}

function changeOf(
  before: SnapshotEntry,
  after: SnapshotEntry,
  changes: readonly ContractChange[],
): PullChange {
  if (!keepsContract(changes)) return "breaking";
  if (changes.length > 0) return "compatible";
  return stableJson(before.version.content) === stableJson(after.version.content) ? "none" : "text";
}

/** What is committed and belongs to no import, no key of the config, and no partial of one of these. */
async function findUnused({ options }: Project, imports: readonly SelectedImport[]): Promise<PromptRef[]> {
  const { entries } = await listSnapshot(options.snapshotDir);
  const committed = new Map(entries.map(({ entry }) => [refKey(entry.ref), entry]));
  const used = new Set<string>();
  const mark = (request: ResolvedImport): void => {
    const key = refKey(request.ref);
    if (used.has(key)) return;
    used.add(key);
    const entry = committed.get(key);
    if (entry) for (const partial of partialRequests(request, entry.version, options).values()) mark(partial);
  };
  for (const { request } of imports) mark(request);
  return [...committed]
    .filter(([key]) => !used.has(key))
    .map(([, entry]) => entry.ref)
    .sort(byNameThenPin);
}
