import { partialRequests } from "../build/compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { readSnapshots } from "../snapshot/store.ts";
import { byNameThenPin } from "./ref-order.ts";
import type { SelectedImport } from "./select-imports.ts";

/** What is committed and belongs to no import, no key of the config, and no partial of one of these. */
export async function findUnused(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
): Promise<readonly PromptRef[]> {
  const committed = new Map<string, PromptRef>();
  // Texts are of interest where they can name other prompts.
  const includes =
    options.syntax === "mustache" || imports.some(({ request }) => request.syntax === "mustache");
  const versions = new Map<string, PromptVersionData>();
  for await (const { entry } of readSnapshots(options.snapshotDir)) {
    if (entry === undefined) continue;
    committed.set(refKey(entry.ref), entry.ref);
    if (includes) versions.set(refKey(entry.ref), entry.version);
  }
  const used = new Set<string>();
  const seen = new Set<string>();
  const mark = (request: ResolvedImport): void => {
    const key = refKey(request.ref);
    used.add(key);
    const dialect = `${key} ${request.syntax}`;
    if (seen.has(dialect)) return;
    seen.add(dialect);
    const version = versions.get(key);
    if (version) for (const partial of partialRequests(request, version, options).values()) mark(partial);
  };
  for (const { request } of imports) mark(request);
  return [...committed]
    .filter(([key]) => !used.has(key))
    .map(([, ref]) => ref)
    .sort(byNameThenPin);
}
