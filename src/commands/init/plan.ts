import { basename } from "node:path";
import { isScopeError } from "../../errors/scope-error.ts";
import { searchedFolders } from "../../project/config/load/search-folders.ts";
import { installCommand, manifestAt, packagesOf } from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { findStaleTypes } from "../../project/types/find-stale-types.ts";
import { readableImports } from "../doctor/readable-imports.ts";
import type { ProjectTools } from "../project-files/detect-tools.ts";
import { findPackages, type ProjectPackage } from "../project-files/packages.ts";
import { findTaskRunners } from "../project-files/task-runners.ts";
import type { SelectedImport } from "../select-imports.ts";
import { type FileChange, type ManualStep, placeOf } from "./change.ts";
import type { Mode } from "./mode.ts";
import { planAgents } from "./plan-agents.ts";
import { chosenTypes, planConfig, planGitFiles, planTsconfig, planTypes } from "./plan-files.ts";
import { planLinters } from "./plan-linters.ts";
import { planNodeScripts, planPlugin } from "./plan-tools.ts";

/** What a project is missing. */
export interface Plan {
  /** In the order in which they're proposed. */
  readonly changes: readonly FileChange[];
  readonly manual: readonly ManualStep[];
  /** What was found, for the first line. */
  readonly found: string;
  /** What the code imports, as far as it can be read. */
  readonly imports: readonly SelectedImport[];
}

/** A change, or something for you to do; neither if nothing is missing. */
export interface Part {
  readonly change?: FileChange;
  readonly manual?: ManualStep;
}

/**
 * Reads a project and says what has to be added so that prompts work in it. Writes nothing.
 *
 * @param mode for a new config
 * @throws ConfigurationError as {@link placeOf}, for any of the files to change
 */
export async function planSetup(loaded: ResolvedOptions, cwd: string, mode: Mode): Promise<Plan> {
  const { imports, users } = await readableImports(loaded);
  const packages = await findPackages(loaded, cwd, users);
  const all = packages.map(({ tools }) => tools);
  const options = { ...loaded, dts: chosenTypes(loaded, all) };
  const parts = [
    planConfig(loaded, options.dts, all, mode),
    ...packages.flatMap(({ folder, tools }) => [
      ...tools.tools.map((tool) => planPlugin(tool, folder, tools)),
      planNodeScripts(folder, tools),
    ]),
    ...(
      await Promise.all(packages.map(({ folder, tools }) => planTsconfig(options, folder, tools, users)))
    ).flat(),
    await planTypes(options),
    ...(await planGitFiles(options)),
    ...(await planLinters(options)),
    await planAgents(options),
    ...(await planTaskRunners(options)),
    planInstall(packages, loaded.root),
    planCredentials(options),
  ];
  const changes = parts.flatMap(({ change }) =>
    change === undefined || change.before === change.after ? [] : [change],
  );
  for (const { file } of changes) await placeOf(file, loaded.root);
  return {
    changes,
    manual: parts.flatMap(({ manual }) => manual ?? []),
    found: foundText(all),
    imports,
  };
}

/** What comes after `init`: a pull, the types of what has been pulled, or nothing if all of that exists. */
export async function nextCommand(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
): Promise<string | undefined> {
  try {
    const committed = await Promise.all(
      imports.map(({ request: { ref } }) => loadIfSound(options.snapshotDir, ref)),
    );
    if (imports.length === 0 || committed.includes(undefined)) return "scope-gen pull";
    const stale = await findStaleTypes(
      options,
      imports.map(({ specifier }) => specifier),
    );
    return stale === undefined ? undefined : "scope-gen types";
  } catch (error) {
    // The command itself says what it does.
    if (isScopeError(error)) return "scope-gen pull";
    throw error;
  }
}

function foundText(all: readonly ProjectTools[]): string {
  const names = [...new Set(all.flatMap(({ tools }) => tools.map(({ name }) => name)))];
  const usesTypeScript = all.some((tools) => tools.usesTypeScript);
  return [
    ...(names.length === 0 ? ["plain Node"] : names),
    ...(usesTypeScript ? ["TypeScript"] : []),
    ...new Set(all.map(({ packageManager }) => packageManager)),
  ].join(", ");
}

async function planTaskRunners(options: ResolvedOptions): Promise<readonly Part[]> {
  const runners = await findTaskRunners(options);
  return runners.flatMap(({ name, file, isSetUp, settings }) => {
    const what = `Add to ${basename(file)}, so that ${name} builds again when prompts change (unplugin-scope/docs/monorepo.md)`;
    return isSetUp ? [] : [{ manual: { what, code: JSON.stringify(settings, null, 2) } }];
  });
}

/** A package of a workspace finds what the root has installed. */
function planInstall([first]: readonly ProjectPackage[], root: string): Part {
  if (first === undefined) return {};
  const { packages, packageManager, packageJson, isWorkspace } = first.tools;
  if (packages.has("unplugin-scope") || packageJson?.includes('"name": "unplugin-scope"')) return {};
  for (const folder of searchedFolders(root)) {
    if (packagesOf(manifestAt(folder)).has("unplugin-scope")) return {};
  }
  return { manual: { what: "Install the package", code: installCommand(packageManager, isWorkspace) } };
}

function planCredentials({ connection }: ResolvedOptions): Part {
  if (connection.credentials !== undefined) return {};
  return {
    manual: {
      what: "Set the credentials, for example in .env.local",
      code: "SCOPE_ORG_ID=…\nSCOPE_API_KEY=…\nSCOPE_API_SECRET=…",
    },
  };
}
