import { processEnv } from "../../environment.ts";
import type { Options } from "../../project/config/options.ts";
import { passOn } from "../../run/modules/write-module.ts";
import type { BundlerCompiler } from "../instance/compiler.ts";
import { PluginInstance } from "../instance/instance.ts";
import type { BunBuilder } from "./bun-build.ts";

const reporter = { info: console.error, warn: console.error };

/** Returns the code for a `scope:` import. */
type Load = (specifier: string, importer: string | undefined) => Promise<string>;

/**
 * A preload: handles `scope:` imports of the process itself. Bun's resolve hook can't be async, but its load hook can.
 * So the import becomes a module that re-exports from the module file.
 */
export async function applyToBunRun(build: BunBuilder, options: Options | undefined): Promise<void> {
  const load = process.execArgv.includes("--hot") ? await loadHot(options) : await loadOnce(options);
  const importers = new Map<string, string>();
  const namespace = "scope";
  build.onResolve({ filter: /./, namespace }, ({ path, importer }) => {
    importers.set(path, importer);
    return { path, namespace };
  });
  build.onLoad({ filter: /./, namespace }, async ({ path }) => ({
    contents: await load(`${namespace}:${path}`, importers.get(path)),
    loader: "js",
  }));
}

/** As under `node --import unplugin-scope/register`: `bun --watch` restarts the process. */
async function loadOnce(options: Options | undefined): Promise<Load> {
  const { openPrompts } = await import("../../run/open-prompts.ts");
  const { bundlerError } = await import("../instance/bundler-error.ts");
  const watches = process.execArgv.includes("--watch");
  try {
    const { moduleFile, madeOf } = await openPrompts(reporter, "bun", { options, watches });
    // Bun watches what it loads.
    const watched = madeOf.map((file) => `import ${JSON.stringify(file)} with { type: "text" };\n`);
    return async (specifier, importer) => {
      const file = await moduleFile({ specifier, importer }).catch((error) => {
        throw bundlerError(error);
      });
      return watched.join("") + passOn(file);
    };
  } catch (error) {
    throw bundlerError(error);
  }
}

/** `bun --hot` keeps the process and reloads changed files: development works as under a bundler's server. */
async function loadHot(options: Options | undefined): Promise<Load> {
  const instance = new PluginInstance(options);
  const compiler: BundlerCompiler = {
    tool: "bun",
    name: "bun",
    cwd: process.cwd(),
    mode: processEnv().NODE_ENV || "development",
    development: true,
    browser: false,
    reloadsModules: true,
    reporter,
  };
  await instance.start(compiler);
  return async (specifier, importer) => passOn(await instance.module(compiler, specifier, importer));
}
