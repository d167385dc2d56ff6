import { join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";
import { searchedFolders } from "../../project/config/load/search-folders.ts";
import { installCommand } from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { readableImports } from "../doctor/readable-imports.ts";
import type { ProjectTools } from "../project-files/detect-tools.ts";
import { packagesOf, readManifest } from "../project-files/manifest.ts";
import { findPackages, type ProjectPackage } from "../project-files/packages.ts";
import { findTaskRunners } from "../project-files/task-caches.ts";
import type { FileChange, ManualStep } from "./change.ts";
import { addToList } from "./edit-jsonc.ts";
import type { Mode } from "./mode.ts";
import { chosenTypes, planConfig, planGitFiles, planTsconfig, planTypes } from "./plan-files.ts";
import { planLinters } from "./plan-linters.ts";
import { planNodeScripts, planPlugin } from "./plan-tools.ts";

/** What a project lacks. */
export interface Plan {
  /** In the order in which they are proposed. */
  readonly changes: readonly FileChange[];
  readonly manual: readonly ManualStep[];
  /** What was found, for the first line. */
  readonly found: string;
}

/** A change, or what a person has to do; neither where nothing is lacking. */
export interface Part {
  readonly change?: FileChange;
  readonly manual?: ManualStep;
}

/** Reads a project and says what has to be added so that prompts work in it. Writes nothing. The mode is for a new config. */
export async function planSetup(loaded: ResolvedOptions, cwd: string, mode: Mode): Promise<Plan> {
  const packages = await findPackages(loaded, cwd);
  const all = packages.map(({ tools }) => tools);
  const options = { ...loaded, dts: chosenTypes(loaded, all) };
  const users = (await readableImports(options)).flatMap(({ uses }) => uses.map(({ file }) => file));
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
    ...(await planTaskRunners(options)),
    await planInstall(packages, loaded.root),
    planCredentials(options),
  ];
  return {
    changes: parts.flatMap(({ change }) =>
      change === undefined || change.before === change.after ? [] : [change],
    ),
    manual: parts.flatMap(({ manual }) => manual ?? []),
    found: foundText(all),
  };
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
  return runners.map(({ name, file, text, needs }) => {
    const after = needs.reduce<string | undefined>(
      (edited, { keys, values, start }) => edited && addToList(edited, keys, values, start),
      text,
    );
    const why = `the inputs that make ${name} build again when prompts change`;
    if (after !== undefined) return { change: { file, why, before: text, after } };
    const code = needs.map(({ keys, values }) => `${keys.join(".")}: ${JSON.stringify(values)}`).join("\n");
    return { manual: { what: `Add ${why}, to ${file}`, code } };
  });
}

/** A package of a workspace finds what the root has installed. */
async function planInstall([first]: readonly ProjectPackage[], root: string): Promise<Part> {
  if (first === undefined) return {};
  const { packages, packageManager, packageJson, isWorkspace } = first.tools;
  if (packages.has("unplugin-scope") || packageJson?.includes('"name": "unplugin-scope"')) return {};
  for (const folder of searchedFolders(root)) {
    const manifest = readManifest(await readTextIfThere(join(folder, "package.json")));
    if (packagesOf(manifest).has("unplugin-scope")) return {};
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
