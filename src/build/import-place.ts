import type { Where } from "../errors/scope-error.ts";
import { findImport, placeOf } from "../project/discovery/find-uses.ts";

/** The place of the import that failed, from what a bundler calls the importing module. */
export async function importPlace(importer: string, specifier: string): Promise<Where> {
  // A query on the file names a block of a component.
  const file = importer.replace(/\?.*$/s, "");
  const use = await findImport(file, specifier);
  return use === undefined ? { importedBy: file } : placeOf(use);
}
