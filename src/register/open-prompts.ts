import { Build } from "../build/build.ts";
import { ModuleStore } from "../build/modules/module-store.ts";
import { inDevelopment, openProject, type Project, versionResolver } from "../build/project.ts";
import { inProject, type Reporter } from "../build/run-report.ts";
import { isTestRun, processEnv } from "../config/environment.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findUses } from "../discovery/find-uses.ts";
import { listSnapshot } from "../snapshot/store.ts";
import type { ModuleRequest } from "./exchange.ts";

/** The prompts of one process. */
export interface Prompts {
  /** Under `node --watch`: the config and the committed snapshot, so that a pull restarts the application. */
  readonly madeOf: readonly string[];
  /**
   * The module file of an import.
   *
   * @throws whatever keeps a build from this prompt
   */
  moduleFile(question: ModuleRequest): Promise<string>;
}

/**
 * Opens the config of the working directory. Unless `fetch` is `never` (the default here), every prompt that the
 * code imports is fetched now, once; what fails waits for the import that needs it.
 *
 * @throws ConfigurationError for a config that cannot be used
 */
export async function openPrompts(listener: Reporter): Promise<Prompts> {
  const reporter = inProject(listener, process.cwd());
  const env = processEnv();
  const watches = env.WATCH_REPORT_DEPENDENCIES !== undefined;
  const development = env.NODE_ENV === "development" || watches || isTestRun(env);
  const opened = await openProject({
    cwd: process.cwd(),
    mode: env.NODE_ENV || (development ? "development" : "production"),
    defaultFetch: "never",
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
