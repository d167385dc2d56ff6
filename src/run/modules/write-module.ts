import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CONNECTION_OPTIONS, withoutUndefined } from "../../client/connection/connection.ts";
import {
  emitHelper,
  emitHotModule,
  emitLiveConfig,
  emitLiveModule,
  emitModule,
  withCurrent,
} from "../../compiler/3-emit/emit-module.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { HELPER_FILE, moduleName } from "../../project/module-names.ts";
import type { ModuleFolder } from "../../project/module-store.ts";
import type { CompiledModule } from "../../project/versions/choose-version.ts";
import type { JsonObject } from "../../prompt.ts";
import type { RunParts } from "./modules.ts";

/**
 * Writes a compiled prompt as a module file, with the files in the same folder that it imports.
 *
 * @param hot the form for a page in which Vite's dev server replaces it
 * @returns the absolute path
 */
export async function writeModule(
  { store, development, options, reloadsModules }: RunParts,
  { request, compiled, own }: Pick<CompiledModule, "request" | "compiled" | "own">,
  hot: boolean,
): Promise<string> {
  const base = moduleName(request);
  const isLeftAlone = options.isTestRun || options.dev === false || reloadsModules === true;
  // It polls for its own label by itself.
  if (request.live && !(development && isLeftAlone))
    return writeLiveModule(store, base, own, { options, development });
  const helper = await writeHelper(store, { development });
  if (hot) {
    const comment = "Hot updates of prompts in a page, from unplugin-scope. Development only.";
    await store.write("hot-vite.js", await loadRuntimeFile("hot-vite", comment));
  }
  const code = hot ? emitHotModule(compiled, { helper }) : emitModule(compiled, { development, helper });
  return store.write(`${base}${hotForm(hot)}.js`, request.live ? withCurrent(code) : code);
}

/** The end of a module's name in one form, before `.js`; empty for the ordinary one. */
export function hotForm(hot: boolean): string {
  return hot ? "+vite" : "";
}

interface Form {
  /** Modules warn about unknown variables, freeze the metadata, and poll as often as development does. */
  readonly development: boolean;
  /** Of the names of the files that modules share. Default none. */
  readonly prefix?: string;
}

/** Writes the file that every prompt's module imports. Returns its import path. */
export async function writeHelper(folder: ModuleFolder, { development, prefix = "" }: Form): Promise<string> {
  return folder.importPath(await folder.write(prefix + HELPER_FILE, emitHelper({ development })));
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
  { options, development, prefix = "" }: Form & Pick<RunParts, "options">,
): Promise<string> {
  const add = async (name: string, code: string) =>
    folder.importPath(await folder.write(prefix + name, code));
  const helper = await writeHelper(folder, { development, prefix });
  const runtime = await loadRuntimeFile("live-client", "The live client of unplugin-scope, minified.");
  const client = await add("live.js", runtime);
  const config = await add("live-config.js", emitLiveConfig(liveBuild(options, development)));
  return folder.write(`${base}.js`, emitLiveModule(compiled, { helper, client, config, development }));
}

/** If the config doesn't say: `dev` is off. */
const DEV_DEFAULTS = { intervalMs: 5000, maxRequestsPerSecond: 10 };

/** What a live client gets from the build, times in seconds. Credentials aren't part of it. */
function liveBuild({ connection, dev, live, roles }: ResolvedOptions, development: boolean) {
  const { intervalMs, maxRequestsPerSecond } = development ? dev || DEV_DEFAULTS : live;
  return withoutUndefined({
    interval: intervalMs / 1000,
    maxRequestsPerSecond,
    roles,
    baseUrl: connection.baseUrl,
    authApiUrl: connection.authApiUrl,
    apiVersion: connection.apiVersion,
    environment: connection.environment,
    timeout: connection.timeout,
    tokenRefreshBuffer: connection.tokenRefreshBuffer,
    retryMaxDelay: connection.retryMaxDelay,
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

const runtimeFiles = new Map<string, Promise<string>>();

/** A file of `runtime` as this package's own build makes it: plain code for the folder of generated modules. */
function loadRuntimeFile(name: string, comment: string): Promise<string> {
  const text = runtimeFiles.get(name) ?? readFile(builtFile(`${name}.js`), "utf8");
  runtimeFiles.set(name, text);
  return text.then((code) => `/* eslint-disable */\n// ${comment}\n${code}`);
}

/** The path of something that this package's build makes. */
export function builtFile(...path: readonly string[]): string {
  // This code runs bundled, next to it, or as source during this package's tests.
  const file = fileURLToPath(import.meta.url);
  return join(dirname(file), file.endsWith(".ts") ? "../../../dist" : ".", ...path);
}

/** Code that makes an import. It re-exports: if nobody uses a module without side effects, bundlers skip it. */
export function emitReExport(specifier: string): string {
  const from = `from ${JSON.stringify(specifier)};\n`;
  return `export * ${from}export { default } ${from}`;
}
