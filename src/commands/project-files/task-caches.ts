import { basename, join, relative } from "node:path";
import { getNodeValue, type Node } from "jsonc-parser";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { firstFile } from "./first-file.ts";
import { parseJsonc, textsOf, valueAt } from "./jsonc.ts";
import { workspaceFolder } from "./packages.ts";

/** A setting that keeps a task runner from replaying what was built from other prompts. */
interface CacheNeed {
  /** Where in the file the list is. */
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  /** What the list begins with where there is none. */
  readonly start?: readonly unknown[];
  /** What happens without it, as a sentence. */
  readonly why: string;
}

/** A task runner of the repository, and what its settings lack. */
export interface TaskRunner {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  readonly needs: readonly CacheNeed[];
}

/** Finds the settings of Turborepo and Nx for a project, in its folder or in that of the whole repository. */
export async function findTaskRunners(options: ResolvedOptions): Promise<readonly TaskRunner[]> {
  const folders = new Set([await workspaceFolder(options.root), options.root]);
  const runners: TaskRunner[] = [];
  for (const folder of folders) {
    const turbo = await settings(folder, ["turbo.json", "turbo.jsonc"]);
    // A package's own settings add to the root's, and have none for all tasks.
    if (turbo !== undefined && valueAt(turbo.root, "extends") === undefined) {
      runners.push({ name: "Turborepo", ...turbo, needs: turboNeeds(turbo.root, folder, options) });
    }
    const nx = await settings(folder, ["nx.json"]);
    if (nx !== undefined) runners.push({ name: "Nx", ...nx, needs: nxNeeds(nx.root, folder, options) });
  }
  return runners;
}

async function settings(folder: string, names: readonly string[]) {
  const found = await firstFile(folder, names);
  const root = found && parseJsonc(found.text);
  return found && root && { ...found, root };
}

function turboNeeds(root: Node, folder: string, options: ResolvedOptions): readonly CacheNeed[] {
  const needs: CacheNeed[] = [];
  const present = textsOf(valueAt(root, "globalDependencies")) ?? [];
  const { snapshot, config } = inputsBelow(folder, options);
  const values = [`${snapshot}/**`, config].filter((one) => !covers(present, one));
  // What lies in a package is an input of its tasks anyway, unless a task has a list of its own.
  const isInput = options.root !== folder && !hasOwnInputs(root);
  if (values.length > 0 && !isInput) {
    const why = `It replays the old prompts after a pull: ${values.join(" and ")} are not among "globalDependencies".`;
    needs.push({ keys: ["globalDependencies"], values, why });
  }
  const passed = [
    ...["globalPassThroughEnv", "globalEnv"].flatMap((key) => textsOf(valueAt(root, key)) ?? []),
    ...tasksOf(root).flatMap((task) =>
      ["passThroughEnv", "env"].flatMap((key) => textsOf(valueAt(task, key)) ?? []),
    ),
  ];
  const isLoose = valueAt(root, "envMode")?.value === "loose";
  if (!isLoose && !passed.some((one) => ["SCOPE_*", "*", "SCOPE_FETCH"].includes(one))) {
    const why = `It keeps SCOPE_FETCH and the credentials from its tasks: "globalPassThroughEnv" does not name SCOPE_*.`;
    needs.push({ keys: ["globalPassThroughEnv"], values: ["SCOPE_*"], why });
  }
  return needs;
}

function tasksOf(root: Node): readonly Node[] {
  // Before Turborepo 2 it was `pipeline`.
  const tasks = valueAt(root, "tasks") ?? valueAt(root, "pipeline");
  return (tasks?.children ?? []).flatMap(({ children }) => children?.[1] ?? []);
}

function hasOwnInputs(root: Node): boolean {
  return tasksOf(root).some((task) => {
    const inputs = textsOf(valueAt(task, "inputs"));
    return inputs !== undefined && !inputs.includes("$TURBO_DEFAULT$");
  });
}

function nxNeeds(root: Node, folder: string, options: ResolvedOptions): readonly CacheNeed[] {
  const { snapshot, config } = inputsBelow(folder, options);
  const isShared = options.root === folder;
  const files = isShared ? [`{workspaceRoot}/${snapshot}/**/*`, `{workspaceRoot}/${config}`] : [];
  const shared = valueAt(root, "namedInputs", "sharedGlobals");
  const present = shared === undefined ? [] : (getNodeValue(shared) as unknown[]);
  const texts = present.filter((one) => typeof one === "string");
  const values: unknown[] = files.filter((one) => !covers(texts, one));
  const variable = { env: "SCOPE_FETCH" };
  if (!present.some((one) => Object(one).env === variable.env)) values.push(variable);
  const needs: CacheNeed[] = [];
  if (values.length > 0) {
    const why = isShared
      ? "It replays the old prompts after a pull: snapshot, config and SCOPE_FETCH are not among its shared inputs."
      : "It replays what was built under another SCOPE_FETCH: that is not among its shared inputs.";
    needs.push({ keys: ["namedInputs", "sharedGlobals"], values, why });
  }
  const inputs = textsOf(valueAt(root, "namedInputs", "default"));
  if (inputs?.includes("sharedGlobals") !== true) {
    const why = 'Its tasks do not count the shared inputs: "default" does not name "sharedGlobals".';
    needs.push({
      keys: ["namedInputs", "default"],
      values: ["sharedGlobals"],
      start: ["{projectRoot}/**/*"],
      why,
    });
  }
  // A cached target without inputs counts its project's files alone.
  for (const target of valueAt(root, "targetDefaults")?.children ?? []) {
    const [name, defaults] = target.children ?? [];
    if (valueAt(defaults, "cache")?.value !== true || valueAt(defaults, "inputs") !== undefined) continue;
    const why = `Its target "${name?.value}" has no "inputs", and so does not count the shared ones.`;
    needs.push({ keys: ["targetDefaults", name?.value, "inputs"], values: ["default", "^default"], why });
  }
  return needs;
}

/** What a build is made of, besides the code, as paths from a folder. */
function inputsBelow(folder: string, { root, snapshotDir, configFile }: ResolvedOptions) {
  const path = (file: string) => relative(folder, file).replaceAll("\\", "/");
  const name =
    configFile === undefined
      ? "scope.config.*"
      : basename(configFile).replace(/^(scope\.config)\..*/, "$1.*");
  return { snapshot: path(snapshotDir), config: path(join(root, name)) };
}

/** Is one of the patterns the wanted one, a shorter form of it, or everything? */
function covers(patterns: readonly string[], wanted: string): boolean {
  const start = wanted.split("*", 1).join("");
  return patterns.some((one) => one === "**" || one === "**/*" || one === wanted || one.startsWith(start));
}
