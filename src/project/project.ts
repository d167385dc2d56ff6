import { cancelOf } from "../client/http/cancel.ts";
import type { Requester } from "../client/requester.ts";
import { debug } from "../debug.ts";
import { processEnv } from "../environment.ts";
import { removeLeftovers } from "../files/staged-files.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { recordName } from "./config/config-files.ts";
import { type LoadOptionsInput, loadOptions } from "./config/load-options.ts";
import type { ResolvedOptions } from "./config/types.ts";
import { typesFolder } from "./types/types-place.ts";

/** A config with a way to its platform. The plugin and every command open one. */
export interface Project extends AsyncDisposable {
  readonly options: ResolvedOptions;
  /** Of the record kept for builds that start like this one; undefined if there is none. */
  readonly recordName: string | undefined;
  /** Fetches what the platform serves now, bypassing every cache; undefined if there are no credentials. */
  readonly fetchVersion: ((ref: PromptRef, signal?: AbortSignal) => Promise<PromptVersionData>) | undefined;
  /** Closes the connections; a later fetch opens new ones. */
  close(): Promise<void>;
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
  if (!options.isTestRun)
    await removeLeftovers(options.snapshotDir, options.dts === false ? undefined : typesFolder(options.dts));
  let requester: Promise<Requester> | undefined;
  const fetchVersion = async (ref: PromptRef, signal?: AbortSignal): Promise<PromptVersionData> => {
    // Loaded when something is fetched: a build from the snapshot doesn't need it.
    requester ??= import("../client/requester.ts").then(({ Requester }) => new Requester(options.connection));
    return (await requester).fetchFirst(ref, cancelOf(signal));
  };
  const close = async (): Promise<void> => {
    const open = requester;
    requester = undefined;
    // If it couldn't be made, the fetch has said so.
    await (await open?.catch(() => undefined))?.close();
  };
  return {
    options,
    recordName: recordName({
      cwd: input.cwd,
      mode: options.mode,
      options: input.options ?? {},
      env: input.env ?? processEnv(),
    }),
    fetchVersion: options.connection.credentials === undefined ? undefined : fetchVersion,
    close,
    [Symbol.asyncDispose]: close,
  };
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
