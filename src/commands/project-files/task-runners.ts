import { relative } from "node:path";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { workspaceFolder } from "./packages.ts";
import { firstFile } from "./settings.ts";

/** A task runner of the repository, and the settings that keep it from replaying a build of other prompts. */
export interface TaskRunner {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Does the file mention the variables of scope-gen? Then somebody has thought of the rest. */
  readonly isSetUp: boolean;
  /** What the file needs: to be merged into it and its lists. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Finds a project's settings for Turborepo and Nx, in the repository root. */
export async function findTaskRunners({
  root,
  snapshotDir,
}: ResolvedOptions): Promise<readonly TaskRunner[]> {
  const folder = workspaceFolder(root);
  const snapshot = relative(folder, snapshotDir).replaceAll("\\", "/");
  // Files in a package are inputs of its tasks anyway.
  const files = root === folder ? [`${snapshot}/**`, "scope.config.*"] : [];
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
      found: await firstFile(folder, ["nx.json"]),
      settings: {
        namedInputs: {
          default: ["{projectRoot}/**/*", "sharedGlobals"],
          sharedGlobals: [
            ...files.map((one) => `{workspaceRoot}/${one.replace(/\*\*$/, "**/*")}`),
            { env: "SCOPE_FETCH" },
          ],
        },
        targetDefaults: { build: { inputs: ["default", "^default"] } },
      },
    },
  ];
  return runners.flatMap(({ name, found, settings }) => {
    if (found === undefined) return [];
    const isSetUp = /"SCOPE_|"envMode"\s*:\s*"loose"/.test(found.text);
    return [{ name, file: found.file, isSetUp, settings }];
  });
}
