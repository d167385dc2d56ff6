import { isScopeError } from "../../errors/scope-error.ts";
import { criticalSection } from "../../files/critical-section.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses, type ProjectUses } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { snapshotFile } from "../../project/snapshot/snapshot-file.ts";
import { SnapshotStaging } from "../../project/snapshot/staging.ts";
import { loadIfSound, loadSnapshot, removeSnapshot } from "../../project/snapshot/store.ts";
import { bareBlocks } from "../../project/types/same-declarations.ts";
import { makeTypes } from "../../project/types/types-file.ts";
import { updateTypes, type WrittenTypes } from "../../project/types/update-types.ts";
import type { PromptRef } from "../../prompt.ts";
import type { TypeBlocks } from "../analysis/typed-files.ts";
import { type FetchProgress, needsPlatform } from "../fetch-versions.ts";
import { findUnused } from "../list/find-unused.ts";
import { byNameThenPin, onlyNamed, type SelectedImport, selectImports, throwAll } from "../select-imports.ts";
import { commitPull } from "./commit-pull.ts";
import { type PulledPrompt, stagePrompts } from "./stage-prompts.ts";

export type { PulledPrompt } from "./stage-prompts.ts";

export interface PullResult {
  /** Sorted by name, then by pin. */
  readonly prompts: readonly PulledPrompt[];
  /** Committed, but neither imported nor configured; sorted by name, then by pin. */
  readonly unused: readonly PromptRef[];
  /** Were the unused ones removed? */
  readonly pruned: boolean;
  /** Undefined with `dts: false`. */
  readonly types: WrittenTypes | undefined;
  /** If a contract changed: the types before and after. */
  readonly typesChange: TypesChange | undefined;
  readonly warnings: readonly string[];
  /** What couldn't be pulled: one error for each prompt that is missing or doesn't compile. */
  readonly failures: readonly unknown[];
}

/** The types of everything that the project imports, before a pull and after it. */
interface TypesChange {
  readonly before: TypeBlocks;
  readonly after: TypeBlocks;
  readonly imports: readonly SelectedImport[];
}

export interface PullOptions {
  /**
   * Keys, prompt names or specifiers; all when empty. Only those named here get the platform's text of a committed pin.
   */
  readonly names?: readonly string[];
  /** Remove snapshot files of prompts that are neither imported nor configured. Default false. */
  readonly prune?: boolean;
  readonly onProgress?: (progress: FetchProgress) => void;
}

/**
 * Fetches what the project imports, and writes snapshot and types. A prompt that is missing or doesn't compile keeps
 * its committed version and is listed as a failure; the others are written. Nothing at all is written if none could be
 * pulled, in an outage, with refused credentials, or if the disk can't hold everything.
 *
 * @throws ConfigurationError `build_credentials_needed`, `fetch_never`; once, an outage or refused credentials; the
 * failures, if there's nothing else
 */
export async function pullPrompts(project: Project, pull: PullOptions = {}): Promise<PullResult> {
  const { options } = project;
  needsPlatform(project, "A pull");
  const found = await findUses(options);
  const imports = selectImports(options, found.uses);
  const staging = new SnapshotStaging(options.snapshotDir);
  let staged: Awaited<ReturnType<typeof stagePrompts>>;
  let types: WrittenTypes | undefined;
  let before: TypeBlocks | undefined;
  try {
    const { names = [], onProgress } = pull;
    const named = onlyNamed(imports, names);
    staged = await stagePrompts(project, named, staging, names.length > 0, onProgress);
    if (staged.prompts.length === 0) throwAll(staged.failures, "prompts can't be pulled");
    if (staged.prompts.some(({ change }) => change === "breaking" || change === "compatible"))
      before = await typeBlocks(options, imports, found);
    types = await commitPull(options, staging);
  } finally {
    await staging.discard();
  }
  const typesChange = before && {
    before,
    after: await typeBlocks(options, imports, found),
    imports,
  };
  const { failures } = staged;
  // The code may have changed in the meantime, and what it imports by now has to stay.
  const current = pull.prune ? selectImports(options, (await findUses(options)).uses) : imports;
  const { unused } = await findUnused(options, current);
  // We don't know what a prompt includes if it couldn't be pulled.
  const isPruned = pull.prune === true && failures.length === 0;
  const pruned = isPruned ? await prune(options, unused) : { removed: unused, warnings: [] };
  const isKept = pull.prune === true && !isPruned && unused.length > 0;
  return {
    prompts: staged.prompts.toSorted((a, b) => byNameThenPin(a.ref, b.ref)),
    unused: pruned.removed,
    pruned: isPruned,
    types,
    typesChange,
    warnings: [
      ...staged.warnings,
      ...(isKept ? ["Nothing was pruned: not everything could be pulled."] : []),
      ...pruned.warnings,
    ],
    failures,
  };
}

/** The types of what is committed now. */
async function typeBlocks(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
  { namesClient: forClient }: ProjectUses,
): Promise<TypeBlocks> {
  const find = async (ref: PromptRef) => (await loadIfSound(options.snapshotDir, ref))?.version;
  const specifiers = imports.map(({ specifier }) => specifier);
  const { files } = await makeTypes(options, { specifiers, forClient }, find);
  return bareBlocks(files.map(({ code }) => code));
}

/**
 * Removes the snapshot files of unused prompts. A file whose content doesn't match its name stays: it may be somebody
 * else's.
 *
 * @returns what was removed, and why the rest wasn't
 */
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
