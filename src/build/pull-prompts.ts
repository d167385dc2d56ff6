import { findUses } from "../discovery/find-uses.ts";
import type { PromptRef } from "../prompt.ts";
import { SnapshotStaging } from "../snapshot/staging.ts";
import { removeSnapshot } from "../snapshot/store.ts";
import { type CommittedTypes, commitPull } from "./commit-pull.ts";
import type { FetchProgress } from "./fetch-versions.ts";
import { findUnused } from "./find-unused.ts";
import { needsPlatform } from "./needs-platform.ts";
import type { Project } from "./project.ts";
import { byNameThenPin } from "./ref-order.ts";
import { onlyNamed, selectImports } from "./select-imports.ts";
import { type PulledPrompt, stagePrompts } from "./stage-prompts.ts";

export type { PulledPrompt } from "./stage-prompts.ts";

export interface PullResult {
  /** Sorted by name, then by pin. */
  readonly prompts: readonly PulledPrompt[];
  /** Committed, but neither imported nor configured; sorted by name, then by pin. */
  readonly unused: readonly PromptRef[];
  /** Were the unused ones removed? */
  readonly pruned: boolean;
  /** The types file; undefined with `dts: false`. */
  readonly types: CommittedTypes;
  readonly warnings: readonly string[];
}

export interface PullOptions {
  /** Keys, prompt names or specifiers; all when empty. */
  readonly names?: readonly string[];
  /** Remove snapshot files of prompts that are neither imported nor configured. Default false. */
  readonly prune?: boolean;
  readonly onProgress?: (progress: FetchProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Fetches what the project imports, and writes snapshot and types. Nothing is written unless everything asked
 * for was fetched and compiles and the disk has taken all of it, so that a fault leaves the committed state whole.
 *
 * @throws ConfigurationError `build_credentials_needed`, `fetch_never`; the client's errors and the compiler's,
 * all of a run at once
 */
export async function pullPrompts(project: Project, pull: PullOptions = {}): Promise<PullResult> {
  const { options } = project;
  needsPlatform(project, "A pull");
  const { uses } = await findUses(options);
  const imports = selectImports(options, uses);
  const staging = new SnapshotStaging(options.snapshotDir);
  let staged: Awaited<ReturnType<typeof stagePrompts>>;
  let types: CommittedTypes;
  try {
    staged = await stagePrompts(project, onlyNamed(imports, pull.names ?? []), staging, pull);
    const specifiers = uses.map((use) => use.specifier);
    types = await commitPull(options, specifiers, staging);
  } finally {
    await staging.discard();
  }
  // The code may have come to import one of them meanwhile.
  const now = pull.prune ? selectImports(options, (await findUses(options)).uses) : imports;
  const unused = await findUnused(options, now);
  if (pull.prune) for (const ref of unused) await removeSnapshot(options.snapshotDir, ref);
  return {
    prompts: staged.prompts.sort((a, b) => byNameThenPin(a.ref, b.ref)),
    unused,
    pruned: pull.prune === true,
    types,
    warnings: staged.warnings,
  };
}
