import { isTestRun, processEnv } from "../environment.ts";
import { loadEnvFiles } from "../project/config/config-files.ts";
import type { PluginOptions } from "../project/config/options.ts";
import { findUses } from "../project/discovery/find-uses.ts";
import { inDevelopment, openProject } from "../project/project.ts";
import { type Reporter, shownReporter } from "../project/reporter.ts";
import { listSnapshot } from "../project/snapshot/store.ts";
import { Compilation } from "./compilation.ts";

/** An import that a process makes; `importer` is a path. */
export interface ModuleRequest {
  readonly specifier: string;
  readonly importer: string | undefined;
}

export interface RunOptions {
  /** What the plugin was given. */
  readonly plugin?: PluginOptions | undefined;
  /** The process restarts when a file changes. Default: whether `node --watch` runs it. */
  readonly watches?: boolean;
}

/** The prompts of one process. */
export interface Prompts {
  /**
   * If the process is watched: the config and the committed snapshot, so that a pull restarts
   * the application.
   */
  readonly filesToWatch: readonly string[];
  /** In development: what live prompts find in `.env` files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * The module file of an import.
   *
   * @throws whatever stops a build from using this prompt
   */
  moduleFile(question: ModuleRequest): Promise<string>;
}

/**
 * Opens the config of the working directory, for a process that runs without a bundler. Unless `fetch` is `never` (the
 * default here), it fetches every prompt that the code imports now, once. A failure is thrown by the import that needs
 * the prompt.
 *
 * @throws ConfigurationError for a config that can't be used
 */
export async function openPrompts(
  listener: Reporter,
  { plugin, watches: isWatched }: RunOptions = {},
): Promise<Prompts> {
  const reporter = shownReporter(listener);
  const env = processEnv();
  const watches = isWatched ?? env.WATCH_REPORT_DEPENDENCIES !== undefined;
  const development = env.NODE_ENV === "development" || watches || isTestRun(env);
  const opened = await openProject({
    cwd: process.cwd(),
    mode: env.NODE_ENV || (development ? "development" : "production"),
    defaultFetch: "never",
    plugin,
  });
  const project = development ? inDevelopment(opened) : opened;
  const { options } = project;
  const compilation = new Compilation(project, { development, reporter, reportsAtEnd: false });
  const end = async () => {
    await compilation.finish(reporter);
    await project.close();
  };
  if (options.fetch !== "never") {
    const { uses } = await findUses(options);
    const importers = new Map(uses.map(({ specifier, file }) => [specifier, file]));
    await Promise.allSettled(
      [...importers].map(([specifier, importer]) => compilation.module(specifier, { importer })),
    );
    await end();
  }
  const { entries = [], damaged = [] } = watches ? await listSnapshot(options.snapshotDir) : {};
  const snapshotFiles = [...entries, ...damaged].map(({ file }) => file);
  const loaded = development ? await loadEnvFiles(options.root, options.mode, env) : undefined;
  return {
    env: Object.fromEntries([...(loaded?.origins.keys() ?? [])].map((name) => [name, loaded?.env[name]])),
    filesToWatch: watches ? [...options.sourceFiles, ...snapshotFiles] : [],
    async moduleFile({ specifier, importer }) {
      try {
        return await compilation.module(specifier, { importer });
      } catch (error) {
        throw await compilation.withAllFailures(error);
      } finally {
        await end();
      }
    },
  };
}
