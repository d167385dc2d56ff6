import { debug } from "../debug.ts";
import { removeLeftovers } from "../files/staged-files.ts";
import { type LoadOptionsInput, loadOptions } from "./config/load-options.ts";
import type { ResolvedOptions } from "./config/types.ts";
import { type Reached, reach } from "./reach.ts";

/** A config with a way to its platform. The plugin and every command open one. */
export interface Project extends Reached, AsyncDisposable {
  readonly options: ResolvedOptions;
}

/**
 * Finds and loads the config. Makes no request.
 *
 * @throws ConfigurationError for a config, environment or option that can't be used
 */
export async function openProject(input: LoadOptionsInput): Promise<Project> {
  const options = await loadOptions(input);
  debug(() => optionsText(options));
  // A test run writes nothing and removes nothing.
  if (!options.isTestRun) await removeLeftovers(options.snapshotDir, options.dts || undefined);
  const reached = reach(options.connection);
  return { options, ...reached, [Symbol.asyncDispose]: reached.close };
}

/** The same project with the fetch policy of development. */
export function inDevelopment(project: Project): Project {
  return { ...project, options: { ...project.options, fetch: project.options.fetchInDev } };
}

function optionsText({ configFile, root, connection, ...options }: ResolvedOptions): string {
  const config = configFile === undefined ? `no config file, from ${root}` : `config ${configFile}`;
  const credentials = connection.credentials === undefined ? "without credentials" : "with credentials";
  const run = options.isTestRun ? ", a test run" : "";
  return `${config}: fetch "${options.fetch}"${run}, ${connection.baseUrl ?? "no address"} ${credentials}, snapshot ${options.snapshotDir}`;
}
