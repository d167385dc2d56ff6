import type { ResolvedOptions } from "../../project/config/types.ts";
import { committedRefs, loadIfSound } from "../../project/snapshot/store.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { type PromptRequests, promptRequests } from "../prompt-requests.ts";
import { byNameThenPin, type SelectedImport } from "../select-imports.ts";

/** What is committed or needed, but neither imported nor configured. */
export interface NotImported {
  /** Committed, and no partial either, nor what a pinned key follows after `unpin`. A damaged file goes by its name. */
  readonly unused: readonly PromptRef[];
  /** Partials of prompts that are imported or configured. */
  readonly included: readonly PromptRequests[];
}

export async function findUnused(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
): Promise<NotImported> {
  // The text only matters if it can name other prompts.
  const prompts = await promptRequests(imports, options, async ({ ref, syntax }) =>
    syntax === "mustache" ? [(await loadIfSound(options.snapshotDir, ref))?.version] : [],
  );
  const followed = [...options.prompts.values()]
    .filter(({ pin }) => pin.kind === "version")
    .map(({ name }): PromptRef => ({ name, pin: { kind: "label", label: options.label } }));
  const used = new Set([...prompts.map(({ ref }) => ref), ...followed].map(refKey));
  const committed = await committedRefs(options.snapshotDir);
  return {
    unused: committed.filter((ref) => !used.has(refKey(ref))).sort(byNameThenPin),
    included: prompts
      .filter(({ specifiers }) => specifiers.length === 0)
      .sort((a, b) => byNameThenPin(a.ref, b.ref)),
  };
}
