import { basename, join, relative } from "node:path";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { firstFile } from "./first-file.ts";
import { parseJsonc } from "./jsonc.ts";
import { workspaceFolder } from "./packages.ts";

/** A task runner of the repository, and what keeps it from replaying a build of other prompts. */
export interface TaskRunner {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** What happens without the missing settings, one sentence each. */
  readonly lacks: readonly string[];
  /** What the file needs: to be merged into it and its lists. */
  readonly settings: Settings;
}

type Settings = Readonly<Record<string, unknown>>;
type Lacks = Pick<TaskRunner, "lacks" | "settings">;

/** Finds a project's settings for Turborepo and Nx, in its folder or in the repository root. */
export async function findTaskRunners(options: ResolvedOptions): Promise<readonly TaskRunner[]> {
  const folders = new Set([await workspaceFolder(options.root), options.root]);
  const runners: TaskRunner[] = [];
  for (const folder of folders) {
    const turbo = await readSettings(folder, ["turbo.json", "turbo.jsonc"]);
    // A package's own settings add to the root's, but have none for all tasks.
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
  // Files in a package are inputs of its tasks anyway, unless a task has its own list.
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
  // A cached target without inputs only counts its project's files.
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

/** The strings in a list; none if it isn't one. */
function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** What a build depends on besides the code, as paths from a folder. */
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
