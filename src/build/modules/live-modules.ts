import { withoutUndefined } from "../../client/connection/connection.ts";
import { CONNECTION_OPTIONS } from "../../client/connection/connection-schema.ts";
import { emitLiveConfig, emitLiveModule } from "../../compiler/3-emit/emit-live.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { ModuleFolder } from "../../project/module-store.ts";
import type { JsonObject } from "../../prompt.ts";
import type { Helpers } from "./module-writer.ts";
import { loadRuntimeFile } from "./runtime-file.ts";

/** Names of the files that the live modules of a folder share: the live client, and what the build leaves for it. */
const CLIENT_FILE = "live.js";
const CONFIG_FILE = "live-config.js";
const LIVE_OUTPUT_FILE = "live-output.js";
/** `live: false` only concerns development. */
const DEFAULTS = { intervalMs: 5000, productionIntervalMs: 60_000, maxRequestsPerSecond: 10 };

export interface LiveModulesOptions extends Helpers {
  readonly options: ResolvedOptions;
  /** Warns about unknown variables, freezes the metadata, and polls as often as development does. */
  readonly development: boolean;
  /** Part of the names of the files that live modules share. Default none. */
  readonly prefix?: string;
}

/**
 * Writes the module of a live prompt, and next to it everything that it needs to run without this package installed.
 *
 * @param base name of the module's file, without its extension
 * @returns its path, from `folder`
 */
export async function writeLiveModule(
  folder: ModuleFolder,
  base: string,
  compiled: CompiledPrompt,
  { options, development, helper, outputHelper, prefix = "" }: LiveModulesOptions,
): Promise<string> {
  const add = async (name: string, code: string) =>
    folder.importPath(await folder.write(prefix + name, code));
  const runtime = await loadRuntimeFile("live-client", "The live client of unplugin-scope, minified.");
  const client = await add(CLIENT_FILE, runtime);
  const config = await add(CONFIG_FILE, emitLiveConfig(liveBuild(options, development)));
  let liveOutput: string | undefined;
  if (compiled.output !== undefined) {
    const compare = await loadRuntimeFile("live-output", "How unplugin-scope compares answers, minified.");
    liveOutput = await add(LIVE_OUTPUT_FILE, compare);
  }
  const files = { helper, outputHelper, client, config, liveOutput };
  return folder.write(`${base}.js`, emitLiveModule(compiled, { ...files, development }));
}

/** What a live client gets from the build, times in seconds. Credentials aren't part of it. */
function liveBuild({ connection, live, roles }: ResolvedOptions, development: boolean) {
  const { intervalMs, productionIntervalMs, maxRequestsPerSecond } = live === false ? DEFAULTS : live;
  return withoutUndefined({
    interval: (development ? intervalMs : productionIntervalMs) / 1000,
    maxRequestsPerSecond,
    roles,
    baseUrl: connection.baseUrl,
    authApiUrl: connection.authApiUrl,
    apiVersion: connection.apiVersion,
    environment: connection.environment,
    timeout: connection.timeoutMs / 1000,
    tokenRefreshBuffer: connection.tokenRefreshBufferMs / 1000,
    retryMaxDelay: connection.retryMaxDelayMs / 1000,
    maxBodyBytes: liveMaxBodyBytes(connection.maxBodyBytes),
    allowInsecure: connection.allowInsecure,
  }) as JsonObject;
}

/**
 * Reading a response blocks the server that renders. So without a setting in the config, the limit is a tenth of a
 * build's.
 */
export function liveMaxBodyBytes(configured: number): number {
  return configured === CONNECTION_OPTIONS.maxBodyBytes.default ? 1_048_576 : configured;
}
