import { relative } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { type EmittedFolder, emittedFolders } from "../project-files/emitted.ts";
import { commandsOf, readManifest, scriptsOf } from "../project-files/manifest.ts";
import type { ProjectPackage } from "../project-files/packages.ts";
import type { SelectedImport } from "../select-imports.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** Where `emit` writes unless you choose another folder. */
const USUAL_FOLDER = "src/prompts";

/**
 * For a package that is built without a plugin: are the files of `scope-gen emit` there, and made from the committed
 * versions?
 */
export async function examineEmitted(
  options: ResolvedOptions,
  { folder, tools: { tools, packageJson } }: ProjectPackage,
  all: readonly SelectedImport[],
  cwd: string,
): Promise<readonly Finding[]> {
  const using = tools.filter(({ entry, hasPlugin }) => entry === undefined && hasPlugin);
  const [tool] = using;
  if (tool === undefined) return [];
  const found = await emittedFolders(folder);
  if (found.length === 0) {
    // Jest's mapping for a prompt could come from any tool.
    if (using.every(({ emits }) => emits === "map")) return [];
    const outDir = chosenFolder(packageJson) ?? USUAL_FOLDER;
    return [
      problem(
        "emit",
        `${tool.name} reads files that are not there.`,
        `Run: scope-gen emit --out-dir ${outDir}`,
      ),
    ];
  }
  const isHere = (file: string) => !relative(folder, file).startsWith("..");
  const imports = all.filter(({ uses }) => uses.length === 0 || uses.some(({ file }) => isHere(file)));
  const relativeOnly = using.find(({ emits }) => emits === "relative");
  if (relativeOnly !== undefined) {
    const [use] = await spelledOut(imports.flatMap(({ uses }) => uses).filter(({ file }) => isHere(file)));
    if (use !== undefined) {
      const what = `${relativeOnly.name} finds no scope: imports, and ${shortPath(use.file, cwd)} has ${use.specifier}.`;
      const instead = found.flatMap(({ files }) => files.get(use.specifier) ?? [])[0];
      const file = instead === undefined ? "the emitted file" : shortPath(instead, cwd);
      return [problem("emit", what, `Import ${file} there, by a relative path.`)];
    }
  }
  return (await Promise.all(found.map((one) => examineFolder(one, imports, options, cwd)))).flat();
}

/** The uses that have the specifier in the code. */
async function spelledOut(uses: readonly ScopeUse[]): Promise<readonly ScopeUse[]> {
  const texts = await Promise.all(uses.map(({ file }) => readTextIfThere(file)));
  return uses.filter(({ specifier, line, column }, index) =>
    texts[index]?.split("\n")[line - 1]?.slice(column).startsWith(specifier),
  );
}

/** The folder that a script of package.json tells `emit` to write to. */
function chosenFolder(packageJson: string | undefined): string | undefined {
  const commands = commandsOf(scriptsOf(readManifest(packageJson)));
  const words = commands.find((one) => one.includes("scope-gen") && one.includes("emit")) ?? [];
  const at = words.indexOf("--out-dir");
  return at === -1 ? undefined : words[at + 1];
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
      return [problem("emit", `${specifier} is imported, and not among the files in ${place}.`, command)];
    }
    const version = (await loadIfSound(snapshotDir, request.ref))?.version;
    if (version !== undefined && !text.includes(JSON.stringify(version.id))) stale.push(specifier);
  }
  if (stale.length === 0) return [ok("emit", `the files in ${place} are of the committed versions`)];
  const what = `Of another version than is committed: ${stale.join(", ")} in ${place}.`;
  return [warning("emit", what, `${command}, or where that is the newer one: scope-gen pull`)];
}
