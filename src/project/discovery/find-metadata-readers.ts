import { isScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { EmittedModules } from "./emitted-modules.ts";
import { scanText } from "./find-uses.ts";
import { listSources, readSource } from "./list-sources.ts";
import type { ScannedUse } from "./scan-script.ts";

/** The exports of a prompt's module that contain metadata; `*` is the whole module. */
const WITH_METADATA = new Set([
  "metadata",
  "getMetadata",
  "attributes",
  "output",
  "outputSchema",
  "current",
  "*",
]);

/**
 * The source files that take a prompt's metadata: their imports name an export that contains it, or take
 * the whole module, as `import()` does. What they do with it isn't examined.
 *
 * @returns absolute, sorted
 * @throws ConfigurationError `source_unreadable`
 */
export async function findMetadataReaders(
  ref: PromptRef,
  options: ResolvedOptions,
): Promise<readonly string[]> {
  const files = await listSources(options);
  const emitted = new EmittedModules(files);
  const readers: string[] = [];
  for (const file of files) {
    const text = (await readSource(file))?.toString("utf8") ?? "";
    const takesIt = (use: ScannedUse) =>
      use.kind === "import" &&
      use.taken.some((name) => WITH_METADATA.has(name)) &&
      asksFor(use.specifier, ref, options);
    if (scanText(text, file, emitted).some(takesIt)) readers.push(file);
  }
  return readers;
}

function asksFor(specifier: string, ref: PromptRef, options: ResolvedOptions): boolean {
  try {
    return refKey(resolveSpecifier(specifier, options).ref) === refKey(ref);
  } catch (error) {
    // The import that has it says so.
    if (isScopeError(error)) return false;
    throw error;
  }
}
