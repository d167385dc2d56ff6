import { basename, join } from "node:path";
import { isScopeError } from "../../errors/scope-error.ts";
import { searchedFolders } from "../../project/config/config-files.ts";
import { installCommand, manifestAt, packagesOf } from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { readRuns } from "../../project/runs.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { findStaleTypes } from "../../project/types/find-stale-types.ts";
import { readableImports } from "../doctor/readable-imports.ts";
import { addPlugin, newConfig } from "../project-files/edit-config.ts";
import { findPackages, type ProjectPackage } from "../project-files/packages.ts";
import { EMIT, type FoundTool, type ProjectTools, UNKNOWN_LINES } from "../project-files/tools.ts";
import type { SelectedImport } from "../select-imports.ts";
import { type FileChange, type ManualStep, placeOf } from "./change.ts";
import { chosenTypes, planAgents, planConfig, planGitFiles, planTsconfig } from "./plan-files.ts";

/** How a project gets new versions: by a pull and a review, or whatever the label points at when a build runs. */
export type Mode = "reviewed" | "fresh";

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
  const ran = new Set((await readRuns(loaded.root)).map(({ tool }) => tool));
  const all = packages.map(({ tools }) => tools);
  const options = { ...loaded, dts: chosenTypes(loaded, all) };
  const parts = [
    planConfig(loaded, options.dts, all, mode),
    ...packages.flatMap(({ folder, tools }) => planTools(folder, tools, ran)),
    ...(
      await Promise.all(packages.map(({ folder, tools }) => planTsconfig(options, folder, tools, users)))
    ).flat(),
    ...(await planGitFiles(options)),
    await planAgents(options),
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

/**
 * The plugin in the config of each tool that `init` edits, and the lines for the others.
 *
 * @param ran the tools that have run with the plugin: they need nothing more
 */
function planTools(folder: string, project: ProjectTools, ran: ReadonlySet<string>): readonly Part[] {
  const { tools } = project;
  const hasRun = ({ entry, edit, lines }: FoundTool) =>
    edit === undefined &&
    (entry === undefined ? lines.startsWith(EMIT) && ran.has("emit") : ran.has(basename(entry)));
  // Storybook takes the plugin from Vite's config.
  const isAnothers = (tool: FoundTool) =>
    tool.file !== undefined && tools.find(({ file }) => file === tool.file) !== tool;
  const missing = tools.filter(
    (tool) => !/unplugin-scope|scope-types/.test(tool.text) && !hasRun(tool) && !isAnothers(tool),
  );
  const isUnknown = tools.every(({ buildsNothing }) => buildsNothing) && ran.size === 0;
  const what = "No bundler was found. Do what fits your project";
  return [
    ...missing.map((tool) => planTool(tool, folder, project)),
    ...(isUnknown ? [{ manual: { what, code: UNKNOWN_LINES } }] : []),
  ];
}

function planTool(
  tool: FoundTool,
  folder: string,
  { isWorkspace, usesTypeScript, tools }: ProjectTools,
): Part {
  const { name, entry, file, text, lines, page } = tool;
  const why = `the plugin for ${name}`;
  const edited = file === undefined ? undefined : addPlugin(tool, text);
  if (file !== undefined && edited !== undefined)
    return { change: { file, why, before: text, after: edited } };
  // A config made from Vite's has its plugins.
  if (/["'](?:\.\/)?vite\.config/.test(text) && tools.some((one) => one.name === "Vite")) return {};
  // The packages of a workspace have configs of their own.
  const after = file === undefined && !isWorkspace ? newConfig(tool) : undefined;
  if (after !== undefined) {
    const created = join(folder, `${tool.configs[0]}.${usesTypeScript ? "ts" : "mjs"}`);
    return { change: { file: created, why, before: undefined, after } };
  }
  const place = file === undefined ? "" : ` to ${basename(file)}`;
  const what = entry === undefined ? `Make the prompts known to ${name}` : `Add ${why}${place}`;
  return { manual: { what: `${what} (unplugin-scope/${page})`, code: lines } };
}

/** A package of a workspace finds what the root has installed. */
function planInstall([first]: readonly ProjectPackage[], root: string): Part {
  if (first === undefined) return {};
  const { packageManager, isWorkspace } = first.tools;
  for (const folder of searchedFolders(root)) {
    if (packagesOf(manifestAt(folder)).has("unplugin-scope")) return {};
  }
  return { manual: { what: "Install the package", code: installCommand(packageManager, isWorkspace) } };
}

function planCredentials({ connection }: ResolvedOptions): Part {
  if (connection.credentials !== undefined) return {};
  return {
    manual: {
      what: "Set the platform's address and the credentials, for example in .env.local",
      code: "SCOPE_API_URL=https://your-scope-url\nSCOPE_ORG_ID=…\nSCOPE_API_KEY=…\nSCOPE_API_SECRET=…",
    },
  };
}
