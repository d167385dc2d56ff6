import { emitLiveConfig, emitLiveModule } from "../../compiler/3-emit/emit-live.ts";
import { OUTPUT_FILE } from "../../compiler/3-emit/emit-module.ts";
import { emitOutputHelper } from "../../compiler/3-emit/emit-output.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { CONNECTION_OPTIONS } from "../../config/validate/connection-schema.ts";
import { loadRuntimeFile } from "./runtime-file.ts";

/** Names of what the live modules of a folder share: the live client, and what the build leaves for it. */
const CLIENT_FILE = "live.js";
const CONFIG_FILE = "live-config.js";
const LIVE_OUTPUT_FILE = "live-output.js";
/** `live: false` is about development alone. */
const DEFAULTS = { intervalMs: 5000, productionIntervalMs: 60_000, maxRequestsPerSecond: 10 };

/** Writes a file into the folder of the modules. */
export type WriteFile<T> = (name: string, code: string) => Promise<T>;

export interface LiveModuleOptions {
  readonly options: ResolvedOptions;
  /** Warns about unknown variables, freezes the metadata, and polls as often as development does. */
  readonly development: boolean;
  /** Name of the helper file. */
  readonly helper: string;
  /** Of the names of the files that live modules share. Default none. */
  readonly prefix?: string;
}

/**
 * Writes the module of a live prompt, and beside it all that it needs to run where this package is not installed.
 *
 * @param base name of the module's file, without its ending
 * @returns what `write` gives for the module
 */
export async function writeLiveModule<T>(
  write: WriteFile<T>,
  base: string,
  compiled: CompiledPrompt,
  { options, development, helper, prefix = "" }: LiveModuleOptions,
): Promise<T> {
  const client = prefix + CLIENT_FILE;
  const config = prefix + CONFIG_FILE;
  await write(client, await loadRuntimeFile("live-client", "The live client of unplugin-scope, minified."));
  await write(config, emitLiveConfig(liveBuild(options, development)));
  const files = { helper: `./${helper}`, client: `./${client}`, config: `./${config}` };
  const output = prefix + OUTPUT_FILE;
  const liveOutput = prefix + LIVE_OUTPUT_FILE;
  if (compiled.output !== undefined) {
    await write(output, emitOutputHelper());
    await write(
      liveOutput,
      await loadRuntimeFile("live-output", "How unplugin-scope compares answers, minified."),
    );
  }
  return write(
    `${base}.js`,
    emitLiveModule(compiled, {
      ...files,
      outputHelper: `./${output}`,
      liveOutput: `./${liveOutput}`,
      development,
    }),
  );
}

/** What a live client takes from the build, times in seconds. Credentials are not among it. */
function liveBuild({ connection, live, roles }: ResolvedOptions, development: boolean) {
  const { intervalMs, productionIntervalMs, maxRequestsPerSecond } = live === false ? DEFAULTS : live;
  return {
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
  };
}

/** To read a response holds up the server that renders: without a word of the config a tenth of what a build reads. */
export function liveMaxBodyBytes(configured: number): number {
  return configured === CONNECTION_OPTIONS.maxBodyBytes.default ? 1_048_576 : configured;
}
