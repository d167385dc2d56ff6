import { relative } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { type EmittedFolder, emittedFolders } from "../project-files/emitted.ts";
import type { ProjectPackage } from "../project-files/packages.ts";
import type { SelectedImport } from "../select-imports.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/**
 * For a package that is built without a plugin: are the files of `scope-gen emit` there, and made from the committed
 * versions?
 */
export async function examineEmitted(
  options: ResolvedOptions,
  { folder, tools: { tools } }: ProjectPackage,
  all: readonly SelectedImport[],
  cwd: string,
): Promise<readonly Finding[]> {
  const using = tools.filter(({ entry, hasPlugin }) => entry === undefined && hasPlugin);
  const found = using.length === 0 ? [] : await emittedFolders(folder);
  // Jest's mapping for a prompt could come from any tool.
  const missing = using.find(({ emits }) => emits !== "map");
  if (found.length === 0 && missing !== undefined) {
    const what = `${missing.name} reads files that aren't there.`;
    return [problem("emit", what, "Run: scope-gen emit --out-dir src/prompts")];
  }
  const isHere = (file: string) => !relative(folder, file).startsWith("..");
  const imports = all.filter(({ uses }) => uses.length === 0 || uses.some(({ file }) => isHere(file)));
  return (await Promise.all(found.map((one) => examineFolder(one, imports, options, cwd)))).flat();
}

async function examineFolder(
  { folder, files }: EmittedFolder,
  imports: readonly SelectedImport[],
  { snapshotDir }: ResolvedOptions,
  cwd: string,
): Promise<readonly Finding[]> {
  const place = shortPath(folder, cwd);
  const command = `Run: scope-gen emit --out-dir ${relative(cwd, folder).replaceAll("\\", "/")}`;
  const stale: string[] = [];
  for (const { specifier, request } of imports) {
    const file = files.get(specifier);
    const text = file === undefined ? undefined : await readTextIfThere(file);
    if (text === undefined) {
      return [problem("emit", `${specifier} is imported, but isn't among the files in ${place}.`, command)];
    }
    const version = (await loadIfSound(snapshotDir, request.ref))?.version;
    if (version !== undefined && !text.includes(JSON.stringify(version.id))) stale.push(specifier);
  }
  if (stale.length === 0) return [ok("emit", `the files in ${place} are of the committed versions`)];
  const what = `Not of the committed version: ${stale.join(", ")} in ${place}.`;
  return [warning("emit", what, `${command}. If the emitted version is the newer one: scope-gen pull`)];
}
