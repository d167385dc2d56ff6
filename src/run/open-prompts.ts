import { isTestRun, processEnv } from "../environment.ts";
import { loadEnvFiles } from "../project/config/config-files.ts";
import type { Options } from "../project/config/options.ts";
import { findUses } from "../project/discovery/find-uses.ts";
import { inDevelopment, openProject } from "../project/project.ts";
import { type Reporter, shownReporter } from "../project/reporter.ts";
import { listSnapshot } from "../project/snapshot/store.ts";
import { RunRecord } from "../project/tool-runs.ts";
import { Compilation } from "./compilation.ts";

/** An import that a process makes; `importer` is a path. */
export interface ModuleRequest {
  readonly specifier: string;
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
  /** Resolves when the record of runs has every import so far. */
  recorded(): Promise<void>;
}

/**
 * Opens the config of the working directory, for a process that runs without a bundler. Unless `fetch` is `never` (the
 * default here), it fetches every prompt that the code imports now, once. A failure is thrown by the import that needs
 * the prompt.
 *
 * @param tool as the record of runs names it
 * @throws ConfigurationError for a config that can't be used
 */
export async function openPrompts(
  listener: Reporter,
  tool: string,
  { options: given, watches: isWatched }: RunOptions = {},
): Promise<Prompts> {
  const reporter = shownReporter(listener);
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
  const compilation = new Compilation(project, { development, reporter, reportsAtEnd: false });
  const record = new RunRecord(options.root, isTestRun(env) ? "vitest" : tool, 0);
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
        const file = await compilation.module(specifier, { importer });
        record.add(importer, specifier);
        // A test run ends with its last test, whatever is still being written.
        if (isTestRun(env)) await record.write();
        return file;
      } catch (error) {
        throw await compilation.withAllFailures(error);
      } finally {
        await end();
      }
    },
    recorded: () => record.write(),
  };
}
