import { FileTexts } from "../files/read-file.ts";
import { digestOf, stableJson } from "../files/stable-json.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { ModuleStore } from "../project/module-store.ts";
import type { Project } from "../project/project.ts";
import { PolicySource } from "../project/versions/source.ts";
import { Build, type BuildOptions } from "./build.ts";
import { BuildRecord } from "./record/build-record.ts";

/** Facts about a build that come from its surroundings. */
export interface Surroundings
  extends Pick<BuildOptions, "development" | "reloadsModules" | "reporter" | "outputs"> {
  /** How a module imports a file that modules share, by its path. Default: from its own folder. */
  readonly importPath?: ((file: string) => string) | undefined;
  /** Write the manifest and check the types at the end. Default: in builds, not in development or test runs. */
  readonly reportsAtEnd?: boolean;
  /** The snapshot files that the run has read so far. Default none. */
  readonly snapshot?: FileTexts;
}

/**
 * Starts one build over a project.
 *
 * @param given what development does differently: where versions come from, and what is called for a new import.
 * Default: each prompt is resolved once, by the fetch policy
 */
export function startBuild(
  project: Project,
  surroundings: Surroundings,
  given: Partial<Pick<BuildOptions, "source" | "onImport">> = {},
): Build {
  const { options, recordName } = project;
  const { development, reporter, snapshot = new FileTexts() } = surroundings;
  const store = new ModuleStore({
    root: options.root,
    mode: options.mode,
    development,
    outsideRoot: options.isTestRun,
    importPath: surroundings.importPath,
    warn: (text) => reporter.warn(text),
  });
  const { reportsAtEnd = !development && !options.isTestRun } = surroundings;
  return new Build({
    options,
    source: new PolicySource(project, reporter, { failsAtConflict: !development, files: snapshot }),
    ...surroundings,
    snapshot,
    store,
    reportsAtEnd,
    record:
      reportsAtEnd && options.fetch === "never" && recordName !== undefined
        ? BuildRecord.open(
            options,
            recordName,
            digestOf(stableJson(settingsOf(options))),
            store.folderInRoot,
            snapshot,
          )
        : undefined,
    ...given,
  });
}

/** Everything that decides what a prompt becomes: all options except the secrets. */
function settingsOf({ connection, prompts, restsOn: _, ...rest }: ResolvedOptions): unknown {
  const { baseUrl, environment, credentials } = connection;
  return { ...rest, prompts: [...prompts], baseUrl, environment, orgId: credentials?.orgId };
}
