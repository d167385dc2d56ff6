import { basename, join, relative } from "node:path";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { firstFile } from "./first-file.ts";
import { parseJsonc } from "./jsonc.ts";
import { workspaceFolder } from "./packages.ts";

/** A task runner of the repository, and what keeps it from replaying what was built from other prompts. */
export interface TaskRunner {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** What happens without the settings that are lacking, a sentence each. */
  readonly lacks: readonly string[];
  /** What the file needs of it: to be added to what it has, and to the lists there. */
  readonly settings: Settings;
}

type Settings = Readonly<Record<string, unknown>>;
type Lacks = Pick<TaskRunner, "lacks" | "settings">;

/** Finds the settings of Turborepo and Nx for a project, in its folder or in that of the whole repository. */
export async function findTaskRunners(options: ResolvedOptions): Promise<readonly TaskRunner[]> {
  const folders = new Set([await workspaceFolder(options.root), options.root]);
  const runners: TaskRunner[] = [];
  for (const folder of folders) {
    const turbo = await readSettings(folder, ["turbo.json", "turbo.jsonc"]);
    // A package's own settings add to the root's, and have none for all tasks.
    if (turbo !== undefined && turbo.own.extends === undefined)
      runners.push({ name: "Turborepo", file: turbo.file, ...turboLacks(turbo.own, folder, options) });
    const nx = await readSettings(folder, ["nx.json"]);
    if (nx !== undefined) runners.push({ name: "Nx", file: nx.file, ...nxLacks(nx.own, folder, options) });
  }
  return runners;
}

async function readSettings(folder: string, names: readonly string[]) {
  const found = await firstFile(folder, names);
  if (found === undefined) return undefined;
  const own = parseJsonc(found.text);
  return own === undefined ? undefined : { file: found.file, own: Object(own) as Settings };
}

function turboLacks(own: Settings, folder: string, options: ResolvedOptions): Lacks {
  const { snapshot, config } = inputsBelow(folder, options);
  const files = [`${snapshot}/**`, config].filter((one) => !covers(listOf(own.globalDependencies), one));
  // Before Turborepo 2 it was `pipeline`.
  const tasks: readonly Settings[] = Object.values(Object(own.tasks ?? own.pipeline)).map(Object);
  const hasOwnInputs = tasks.some(
    ({ inputs }) => Array.isArray(inputs) && !inputs.includes("$TURBO_DEFAULT$"),
  );
  // What lies in a package is an input of its tasks anyway, unless a task has a list of its own.
  const isReplayed = files.length > 0 && (options.root === folder || hasOwnInputs);
  const passed = [
    ...[own.globalPassThroughEnv, own.globalEnv],
    ...tasks.flatMap(({ passThroughEnv, env }) => [passThroughEnv, env]),
  ].flatMap(listOf);
  const isKept =
    own.envMode !== "loose" && !passed.some((one) => ["SCOPE_*", "*", "SCOPE_FETCH"].includes(one));
  return {
    lacks: [
      isReplayed &&
        `It replays the old prompts after a pull: ${files.join(" and ")} are not among "globalDependencies".`,
      isKept &&
        `It keeps SCOPE_FETCH and the credentials from its tasks: "globalPassThroughEnv" does not name SCOPE_*.`,
    ].filter((one) => one !== false),
    settings: { ...(isReplayed && { globalDependencies: files }), globalPassThroughEnv: ["SCOPE_*"] },
  };
}

function nxLacks(own: Settings, folder: string, options: ResolvedOptions): Lacks {
  const { snapshot, config } = inputsBelow(folder, options);
  const named: Settings = Object(own.namedInputs);
  const shared: readonly unknown[] = Array.isArray(named.sharedGlobals) ? named.sharedGlobals : [];
  const isShared = options.root === folder;
  const files = isShared ? [`{workspaceRoot}/${snapshot}/**/*`, `{workspaceRoot}/${config}`] : [];
  const isLacking =
    files.some((one) => !covers(listOf(shared), one)) ||
    !shared.some((one) => Object(one).env === "SCOPE_FETCH");
  const isCounted = listOf(named.default).includes("sharedGlobals");
  // A cached target without inputs counts its project's files alone.
  const targets = Object.entries(Object(own.targetDefaults)).flatMap(([name, target]) => {
    const { cache, inputs } = Object(target);
    return cache === true && inputs === undefined ? [name] : [];
  });
  const replays = isShared
    ? "It replays the old prompts after a pull: snapshot, config and SCOPE_FETCH are not among its shared inputs."
    : "It replays what was built under another SCOPE_FETCH: that is not among its shared inputs.";
  const inputs = { inputs: ["default", "^default"] };
  return {
    lacks: [
      isLacking && replays,
      !isCounted && 'Its tasks do not count the shared inputs: "default" does not name "sharedGlobals".',
      ...targets.map(
        (name) => `Its target "${name}" has no "inputs", and so does not count the shared ones.`,
      ),
    ].filter((one) => one !== false),
    settings: {
      namedInputs: {
        default: [...(named.default === undefined ? ["{projectRoot}/**/*"] : []), "sharedGlobals"],
        sharedGlobals: [...files, { env: "SCOPE_FETCH" }],
      },
      ...(targets.length > 0 && {
        targetDefaults: Object.fromEntries(targets.map((name) => [name, inputs])),
      }),
    },
  };
}

/** The texts in a list; none where it is none. */
function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
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
