import type { Where } from "../errors/scope-error.ts";
import { findImport, placeOf } from "../project/discovery/find-uses.ts";

/** Where the import is that ran into an error, from what a bundler calls the importing module. */
export async function importPlace(importer: string, specifier: string): Promise<Where> {
  // A block of a component is named by a query on its file.
  const file = importer.replace(/\?.*$/s, "");
  const use = await findImport(file, specifier);
  return use === undefined ? { importedBy: file } : placeOf(use);
}
