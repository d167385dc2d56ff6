import { isTestRun, processEnv } from "../config/environment.ts";
import type { Options } from "../config/options.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findUses } from "../discovery/find-uses.ts";
import { listSnapshot } from "../snapshot/store.ts";
import { Build } from "./build.ts";
import { ModuleStore } from "./modules/module-store.ts";
import { inDevelopment, openProject, type Project, versionResolver } from "./project.ts";
import { inProject, type Reporter } from "./run-report.ts";

/** An import that a process runs into. */
export interface ModuleRequest {
  readonly specifier: string;
  /** Path of the importing file. */
  readonly importer: string | undefined;
}

export interface RunOptions {
  /** Win over the config file. Default none. */
  readonly options?: Options | undefined;
  /** The process restarts when a file changes. Default: whether `node --watch` runs it. */
  readonly watches?: boolean;
}

/** The prompts of one process. */
export interface Prompts {
  /** Where the process is watched: the config and the committed snapshot, so that a pull restarts the application. */
  readonly madeOf: readonly string[];
  /**
   * The module file of an import.
   *
   * @throws whatever keeps a build from this prompt
   */
  moduleFile(question: ModuleRequest): Promise<string>;
}

/**
 * Opens the config of the working directory, for a process that runs without a bundler. Unless `fetch` is `never` (the
 * default here), every prompt that the code imports is fetched now, once; what fails waits for the import that needs it.
 *
 * @throws ConfigurationError for a config that cannot be used
 */
export async function openPrompts(
  listener: Reporter,
  { options: given, watches: isWatched }: RunOptions = {},
): Promise<Prompts> {
  const reporter = inProject(listener, process.cwd());
  const env = processEnv();
  const watches = isWatched ?? env.WATCH_REPORT_DEPENDENCIES !== undefined;
  const development = env.NODE_ENV === "development" || watches || isTestRun(env);
  const opened = await openProject({
    cwd: process.cwd(),
    mode: env.NODE_ENV || (development ? "development" : "production"),
    defaultFetch: "never",
    options: given,
  });
  const project = development ? inDevelopment(opened) : opened;
  const { options } = project;
  const store = new ModuleStore({
    root: options.root,
    mode: options.mode,
    development,
    outsideRoot: options.isTestRun,
    warn: (text) => reporter.warn(text),
  });
  const build = new Build({
    options,
    versions: versionResolver(project, reporter),
    store,
    reporter,
    development,
    reportsAtEnd: false,
  });
  if (options.fetch !== "never") await fetchAll(project, build);
  return {
    madeOf: watches ? await filesOf(options) : [],
    async moduleFile({ specifier, importer }) {
      try {
        return await build.module(specifier, { importer });
      } catch (error) {
        throw await build.withAllFailures(error);
      } finally {
        await build.finish();
        await project.close();
      }
    },
  };
}

async function fetchAll(project: Project, build: Build): Promise<void> {
  const { uses } = await findUses(project.options);
  const importers = new Map(uses.map(({ specifier, file }) => [specifier, file]));
  await Promise.allSettled(
    [...importers].map(([specifier, importer]) => build.module(specifier, { importer })),
  );
  await build.finish();
  await project.close();
}

async function filesOf({ sourceFiles, snapshotDir }: ResolvedOptions): Promise<readonly string[]> {
  const { entries, damaged } = await listSnapshot(snapshotDir);
  return [...sourceFiles, ...[...entries, ...damaged].map(({ file }) => file)];
}
