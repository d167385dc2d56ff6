import { EmittedModules } from "./emitted-modules.ts";
import { scanText } from "./find-uses.ts";
import { readSource } from "./list-sources.ts";
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
 * The files, among those given, that take a prompt's metadata: their imports name an export that contains it, or take
 * the whole module, as `import()` does. What they do with it isn't examined.
 *
 * @param files absolute
 * @param isMeant does a specifier ask for the prompt?
 * @throws ConfigurationError `source_unreadable`
 */
export async function findMetadataReaders(
  files: readonly string[],
  isMeant: (specifier: string) => boolean,
): Promise<readonly string[]> {
  const emitted = new EmittedModules(files);
  const readers: string[] = [];
  for (const file of files) {
    const text = (await readSource(file))?.toString("utf8") ?? "";
    const takesIt = (use: ScannedUse) =>
      use.kind === "import" && isMeant(use.specifier) && use.taken.some((name) => WITH_METADATA.has(name));
    if (scanText(text, file, emitted).some(takesIt)) readers.push(file);
  }
  return readers;
}
