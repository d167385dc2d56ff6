import { basename, join, relative } from "node:path";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { workspaceFolder } from "./packages.ts";
import { firstFile, parseJsonc } from "./settings.ts";

/** A task runner of the repository, and the settings that keep it from replaying a build of other prompts. */
export interface TaskRunner {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** What its settings don't mention, of the snapshot, the config and the variables of scope-gen. */
  readonly lacks: readonly string[];
  /** What the file needs: to be merged into it and its lists. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Finds a project's settings for Turborepo and Nx, in the repository root. */
export async function findTaskRunners(options: ResolvedOptions): Promise<readonly TaskRunner[]> {
  const { root, snapshotDir, configFile } = options;
  const folder = workspaceFolder(root);
  const path = (file: string) => relative(folder, file).replaceAll("\\", "/");
  const config = basename(configFile ?? "scope.config.ts").replace(/^(scope\.config)\..*/, "$1.*");
  const snapshot = `${path(snapshotDir)}/**`;
  // Files in a package are inputs of its tasks anyway.
  const files = root === folder ? [snapshot, path(join(root, config))] : [];
  const nx = await firstFile(folder, ["nx.json"]);
  const targets = targetsWithoutInputs(nx?.text ?? "");
  const runners = [
    {
      name: "Turborepo",
      found: await firstFile(folder, ["turbo.json", "turbo.jsonc"]),
      settings: {
        ...(files.length > 0 && { globalDependencies: files }),
        globalPassThroughEnv: ["SCOPE_*"],
      },
    },
    {
      name: "Nx",
      found: nx,
      settings: {
        namedInputs: {
          default: ["{projectRoot}/**/*", "sharedGlobals"],
          sharedGlobals: [
            ...files.map((one) => `{workspaceRoot}/${one.replace(/\*\*$/, "**/*")}`),
            { env: "SCOPE_FETCH" },
          ],
        },
        ...(targets.length > 0 && {
          targetDefaults: Object.fromEntries(
            targets.map((one) => [one, { inputs: ["default", "^default"] }]),
          ),
        }),
      },
    },
  ];
  return runners.flatMap(({ name, found, settings }) => {
    if (found === undefined) return [];
    const { text, file } = found;
    const mentioned = files.map((one) => one.replace(/\*.*/, ""));
    const isCovered = (one: string) => text.includes(one) || text.includes('"**"');
    const lacks = [
      ...mentioned.filter((one) => !isCovered(one)),
      ...(/"SCOPE_|"envMode"\s*:\s*"loose"/.test(text) ? [] : ["SCOPE_FETCH"]),
      ...(name === "Nx" ? targets.map((one) => `inputs of "${one}"`) : []),
    ];
    return [{ name, file, lacks, settings }];
  });
}

/** The cached targets of Nx that only count their project's files, because they have no inputs. */
function targetsWithoutInputs(nxJson: string): readonly string[] {
  const { targetDefaults } = Object(parseJsonc(nxJson));
  return Object.entries(Object(targetDefaults)).flatMap(([name, target]) => {
    const { cache, inputs } = Object(target);
    return cache === true && inputs === undefined ? [name] : [];
  });
}
