import type { ResolvedOptions } from "../project/config/types.ts";
import { committedRefs, loadIfSound } from "../project/snapshot/store.ts";
import { type PromptRef, refKey } from "../prompt.ts";
import { promptRequests } from "./prompt-requests.ts";
import { byNameThenPin, type SelectedImport } from "./select-imports.ts";

/**
 * What is committed but belongs to no import, no config key, and no partial of either. A damaged file goes by its name.
 */
export async function findUnused(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
): Promise<readonly PromptRef[]> {
  // The text only matters if it can name other prompts.
  const prompts = await promptRequests(imports, options, async ({ ref, syntax }) =>
    syntax === "mustache" ? [(await loadIfSound(options.snapshotDir, ref))?.version] : [],
  );
  const used = new Set(prompts.map(({ ref }) => refKey(ref)));
  const committed = await committedRefs(options.snapshotDir);
  return committed.filter((ref) => !used.has(refKey(ref))).sort(byNameThenPin);
}
