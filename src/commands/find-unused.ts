import { partialRequests } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { committedRefs, loadIfSound } from "../project/snapshot/store.ts";
import { type PromptRef, refKey } from "../prompt.ts";
import { byNameThenPin } from "./ref-order.ts";
import type { SelectedImport } from "./select-imports.ts";

/**
 * What is committed but belongs to no import, no config key, and no partial of either. Goes by file names: unused files
 * aren't read, and may be damaged.
 */
export async function findUnused(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
): Promise<readonly PromptRef[]> {
  const used = new Set<string>();
  const searched = new Set<string>();
  const mark = async (request: ResolvedImport): Promise<void> => {
    const key = refKey(request.ref);
    used.add(key);
    // The text only matters if it can name other prompts.
    if (request.syntax !== "mustache" || searched.has(key)) return;
    searched.add(key);
    const version = (await loadIfSound(options.snapshotDir, request.ref))?.version;
    if (version === undefined) return;
    for (const partial of partialRequests(request, version, options).values()) await mark(partial);
  };
  for (const { request } of imports) await mark(request);
  const committed = await committedRefs(options.snapshotDir);
  return committed.filter((ref) => !used.has(refKey(ref))).sort(byNameThenPin);
}
