import { join, relative, resolve } from "node:path";
import type { BuildOptions, OnResolveResult, PluginBuild } from "esbuild";
import { processEnv } from "../../environment.ts";
import { toPosix } from "../../errors/printable.ts";
import type { PluginOptions } from "../../project/config/options.ts";
import { helperPath, LATE_HELPER, moduleNameOf } from "../../project/module-names.ts";
import { folderOf, OUTPUT_MANIFEST, type OutputPlace } from "../../run/manifest/outputs.ts";
import { type BundlerCompiler, CONSOLE, CompilerRun, createInstance, isEdge } from "../instance/instance.ts";

/** esbuild: `scope:` resolves to the module file. esbuild itself reads, watches and maps that file. */
export function applyToEsbuild(build: PluginBuild, options: PluginOptions | undefined): void {
  const run = new CompilerRun(createInstance(options), describeCompiler(build));
  let hasStarted = false;
  /** The names of the modules that this build imports. */
  let imported = new Set<string>();
  /** The files that import prompts. */
  let importers = new Set<string>();
  build.onStart(async () => {
    hasStarted = false;
    imported = new Set();
    importers = new Set();
    try {
      await run.start();
      hasStarted = true;
      return null;
    } catch (error) {
      return { errors: [{ text: (error as Error).message }] };
    }
  });
  const resolve = async (path: string, importer: string): Promise<OnResolveResult> => {
    try {
      // esbuild waits for an import of a file before it resolves the next.
      if (!importers.has(importer)) await run.expectImportsOf(importer);
      importers.add(importer);
      const file = await run.module(path, importer);
      imported.add(moduleNameOf(file));
      return { path: file, sideEffects: false };
    } catch (error) {
      // Not thrown: esbuild's watch mode stops for good when a callback throws.
      const session = await run.session();
      const errors = [{ text: (error as Error).message }];
      // Nothing of the prompt is on disk yet, so no file change could trigger another try.
      return session === undefined ? { errors } : { errors, watchFiles: [await session.problemsFile()] };
    }
  };
  build.onResolve({ filter: /^scope:/ }, ({ path, importer }) => {
    // The build has already failed, so the other imports don't repeat the error.
    if (!hasStarted) return { path, external: true };
    return resolve(path, importer);
  });
  build.onResolve({ filter: /^unplugin-scope\// }, async ({ path, pluginData, ...place }) => {
    // Asked below.
    if (pluginData === run) return undefined;
    const { external } = await build.resolve(path, { ...place, pluginData: run });
    if (external) await run.external(path);
    return undefined;
  });
  build.onResolve({ filter: LATE_HELPER }, ({ path, importer }) => {
    const file = helperPath(path, importer);
    return file === undefined ? undefined : { path: file, sideEffects: false };
  });
  build.onEnd(async (result) => {
    const hasFailed = result.errors.length > 0;
    const present = imported;
    // When there are errors, esbuild hasn't read everything.
    await run.reportImports((name) => hasFailed || present.has(name));
    if (!hasFailed) {
      const place = outputPlace(build);
      const folder = folderOf(place) ?? build.initialOptions.outdir;
      const { outputFiles } = result;
      // By this time esbuild has written its files, or passes them on.
      const text = await run.recordOutput(place, outputFiles ? undefined : folder);
      const path = join(folder ?? "", OUTPUT_MANIFEST);
      if (text !== undefined)
        outputFiles?.push({ path, contents: new TextEncoder().encode(text), hash: "", text });
    }
    await run.end(hasFailed);
  });
  build.onDispose(() => void run.close());
}

function outputPlace({ initialOptions }: PluginBuild): OutputPlace {
  const { absWorkingDir = "", outdir, outfile, write } = initialOptions;
  const given = outdir ?? outfile;
  const path = given === undefined ? undefined : resolve(absWorkingDir, given);
  // A tool that writes the files itself, such as Angular's, names the folder that it runs in.
  if (write === false && path === resolve(absWorkingDir)) {
    return { bundler: "esbuild", compiler: entriesOf(initialOptions) };
  }
  return { bundler: "esbuild", path, isFile: outdir === undefined };
}

/** The entries of a build, from its working directory: "src/main.ts". */
function entriesOf({ absWorkingDir = "", entryPoints = [] }: BuildOptions): string {
  const entries = Array.isArray(entryPoints) ? entryPoints : Object.values(entryPoints);
  const files = entries.map((entry) => (typeof entry === "string" ? entry : entry.in));
  const root = resolve(absWorkingDir);
  return files.map((file) => toPosix(relative(root, resolve(root, file)))).join(", ");
}

function describeCompiler(build: PluginBuild): BundlerCompiler {
  const { absWorkingDir, platform, conditions } = build.initialOptions;
  const { NODE_ENV } = processEnv();
  return {
    tool: "esbuild",
    name: "esbuild",
    cwd: absWorkingDir ?? process.cwd(),
    mode: NODE_ENV || "production",
    // esbuild doesn't tell a plugin that it is watching.
    development: NODE_ENV === "development",
    browser: (platform ?? "browser") === "browser" && !isEdge(conditions),
    reporter: CONSOLE,
    config: build.initialOptions,
  };
}
