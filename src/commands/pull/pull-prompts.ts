import { existsSync } from "node:fs";
import { isScopeError, ScopeError } from "../../errors/scope-error.ts";
import { ScopeErrors, throwAll } from "../../errors/scope-errors.ts";
import { criticalSection } from "../../files/critical-section.ts";
import {
  brokenCalls,
  type CallPlace,
  type CommandProgress,
  callsOfPrompt,
} from "../../project/calls/broken-calls.ts";
import { typeCheckCommand } from "../../project/config/tsconfig.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { nothingFound, usesInFile } from "../../project/discovery/find-uses.ts";
import { notIncluded, outsideText } from "../../project/discovery/list-sources.ts";
import type { Project } from "../../project/project.ts";
import { setupProblems } from "../../project/setup-problems.ts";
import {
  loadIfSound,
  loadSnapshot,
  removeSnapshot,
  SnapshotStaging,
  snapshotFile,
} from "../../project/snapshot/store.ts";
import { prepareTypes } from "../../project/types/prepare-types.ts";
import { findInCode, makeTypes } from "../../project/types/types-file.ts";
import { updateTypes } from "../../project/types/update-types.ts";
import { needsPlatform } from "../../project/versions/resolve.ts";
import {
  byNameThenPin,
  type FoundImports,
  findImports,
  findUnused,
  onlyNamed,
} from "../../project/versions/select-imports.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { notIncludedInBuilds } from "../../run/manifest/outputs.ts";
import { type StagedPrompt, stagePrompts } from "./stage-prompts.ts";

/** What a pull did to one prompt and pin, and to the code. */
export interface PulledPrompt extends StagedPrompt {
  /** The calls that its new types break. */
  readonly calls: readonly CallPlace[];
  /** Files that import it, if its types changed, and whose calls no compiler checked. */
  readonly unseen: readonly string[];
}

export type PullResult = Awaited<ReturnType<typeof pullPrompts>>;

interface PullOptions {
  /** All when empty. Only prompts that are named here get the platform's text of a committed pin. */
  readonly names?: readonly string[];
  /** Remove snapshot files of prompts that are neither imported nor configured. Default false. */
  readonly prune?: boolean;
  readonly progress?: CommandProgress | undefined;
}

/**
 * Fetches what the project imports, and writes snapshot and types. A prompt that is missing or doesn't compile keeps
 * its committed version and is listed as a failure; the others are written. Nothing at all is written if none could be
 * pulled, in an outage, with refused credentials, or if the disk can't hold everything: that is thrown.
 */
export async function pullPrompts(project: Project, pull: PullOptions = {}) {
  const { options } = project;
  const { names = [], progress } = pull;
  needsPlatform(project, "A pull");
  const found = await findImports(options);
  const { imports } = found;
  const staging = new SnapshotStaging(options.snapshotDir);
  let staged: Awaited<ReturnType<typeof stagePrompts>>;
  let types: Awaited<ReturnType<typeof commitPull>>;
  let before: readonly string[] | undefined;
  try {
    const named = onlyNamed(imports, names);
    staged = await stagePrompts(project, named, staging, names.length > 0, progress);
    if (staged.prompts.length === 0) throwAll(staged.failures, "prompts can't be pulled");
    if (staged.prompts.some(({ change }) => change === "breaking" || change === "compatible"))
      before = await typesOf(options, found);
    types = await commitPull(options, staging);
  } finally {
    await staging.discard();
  }
  const { failures } = staged;
  // The code may have changed in the meantime, and what it imports by now has to stay.
  const current = pull.prune ? await findImports(options) : found;
  const unused = await findUnused(project, current);
  if (pull.prune && unused.length > 0 && current.imports.length === 0)
    if (!options.writesPrompts) throw await nothingFound(options);
  // A name with a typo can't be pulled, and what it means looks unused.
  const outside = pull.prune ? await outsideSources(options) : [];
  const isPruned = pull.prune === true && failures.length === 0 && outside.length === 0;
  const pruned = isPruned ? await prune(options, unused) : { removed: unused, warnings: [] };
  const isKept = pull.prune === true && !isPruned && unused.length > 0;
  const { prompts, warnings } = await withCalls(options, staged.prompts, before, found, progress);
  const setup: string[] = [];
  for await (const { message, fix } of setupProblems(options, found.uses)) setup.push(`${message} ${fix}`);
  const isUnseen = prompts.some(({ unseen }) => unseen.length > 0);
  return {
    prompts: prompts.toSorted((a, b) => byNameThenPin(a.ref, b.ref)),
    /** Committed, but neither imported nor configured: what was removed, if that was asked for and done. */
    unused: pruned.removed,
    pruned: isPruned,
    types,
    /** The command that checks calls which a pull can't see; undefined if there are none. */
    typeCheck: isUnseen ? typeCheckCommand(options.root) : undefined,
    warnings: [
      ...staged.warnings,
      ...(isKept && outside.length > 0 ? [`Nothing was pruned. ${outsideText(options, outside)}`] : []),
      ...(isKept && failures.length > 0 ? ["Nothing was pruned: not everything could be pulled."] : []),
      ...pruned.warnings,
      ...warnings,
      ...setup,
    ],
    /** What couldn't be pulled: one error for each prompt that is missing or doesn't compile. */
    failures,
  };
}

/**
 * Commits what a pull fetched, snapshot and types as one: the types are made from the staged snapshot, and are complete
 * in temporary files next to their targets before the first file is replaced. A full disk or a read-only folder fails
 * before that, and leaves everything as it was. Otherwise the error says what was replaced already.
 */
async function commitPull(options: ResolvedOptions, staging: SnapshotStaging) {
  const { dts: file } = options;
  const hasNews = !staging.isEmpty;
  if (file === false) {
    await criticalSection(() => staging.commit());
    return undefined;
  }
  const types = await prepareTypes(options, await findInCode(options), {
    find: async (ref) => (await staging.load(ref))?.version,
    placeOf: (ref) => staging.placeOf(ref),
  });
  try {
    const written = await criticalSection(async () => {
      await staging.commit();
      const done = "The snapshot was updated, but the types weren't.";
      return reporting(hasNews && done, () => types.commit());
    });
    if (!hasNews && !written) return { file, written };
    // Another program may have written since the types were made.
    const updated = await reporting(MAY_NOT_FIT, () => updateTypes(options));
    return { file, written: written || updated?.written === true };
  } finally {
    await types.discard();
  }
}

const MAY_NOT_FIT =
  "Snapshot and types were updated, but we don't know whether the code or another program changed them in the meantime.";

/** Adds what was already done to the message of a later step's error; false if nothing was done. */
async function reporting<T>(done: string | false, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    // Several errors are reported one by one, and have no message to add it to.
    if (done === false || !isScopeError(error) || error instanceof ScopeErrors) throw error;
    const { code, where, hint } = error;
    throw new ScopeError(done, { code, where, hint, cause: error });
  }
}

/** The types of what is committed now. */
async function typesOf(options: ResolvedOptions, { imports }: FoundImports): Promise<readonly string[]> {
  const find = async (ref: PromptRef) => (await loadIfSound(options.snapshotDir, ref))?.version;
  const specifiers = imports.map(({ specifier }) => specifier);
  return (await makeTypes(options, specifiers, find)).files.map(({ code }) => code);
}

/**
 * With the calls that they break, if the types `before` had another contract. All is written by then: problems are
 * warnings.
 */
async function withCalls(
  options: ResolvedOptions,
  prompts: readonly StagedPrompt[],
  before: readonly string[] | undefined,
  found: FoundImports,
  progress: CommandProgress | undefined,
): Promise<{ readonly prompts: readonly PulledPrompt[]; readonly warnings: readonly string[] }> {
  const unchanged = prompts.map((prompt) => ({ ...prompt, calls: [], unseen: [] }));
  if (before === undefined) return { prompts: unchanged, warnings: [] };
  try {
    const after = await typesOf(options, found);
    const broken = await brokenCalls(options, { befores: [before], after, prompts, found, progress });
    const pulled = prompts.map(async (prompt) => {
      const own = found.imports.filter(({ request }) => refKey(request.ref) === refKey(prompt.ref));
      const specifiers = own.map(({ specifier }) => specifier);
      const uses = own.flatMap((one) => one.uses);
      return { ...prompt, ...(await callsOfPrompt(broken, { specifiers, uses })) };
    });
    return { prompts: await Promise.all(pulled), warnings: broken.warnings };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    const warnings = [`Couldn't find out which calls this breaks. ${error.message}`];
    return { prompts: unchanged, warnings };
  }
}

/** The files that builds have met, that still import prompts and that `include` doesn't cover. */
async function outsideSources(options: ResolvedOptions): Promise<readonly string[]> {
  const files = await notIncluded(options, await notIncludedInBuilds(options.root));
  const found = await Promise.all(
    files.map(async (file) => (existsSync(file) ? (await usesInFile(file)).uses.length > 0 : false)),
  );
  return files.filter((_, index) => found[index]);
}

/** Removes the snapshot files of unused prompts. A file whose content doesn't match its name may be somebody else's. */
async function prune(
  options: ResolvedOptions,
  unused: readonly PromptRef[],
): Promise<{ readonly removed: readonly PromptRef[]; readonly warnings: readonly string[] }> {
  const removed: PromptRef[] = [];
  const warnings: string[] = [];
  for (const ref of unused) {
    try {
      if (await loadSnapshot(options.snapshotDir, ref)) removed.push(ref);
    } catch (error) {
      if (!isScopeError(error)) throw error;
      warnings.push(`${error.message} It wasn't removed. (${await snapshotFile(options.snapshotDir, ref)})`);
    }
  }
  await criticalSection(async () => {
    for (const ref of removed) await removeSnapshot(options.snapshotDir, ref);
    // An import that was removed while the pull ran is still in the types.
    if (removed.length > 0) await updateTypes(options);
  });
  return { removed, warnings };
}
