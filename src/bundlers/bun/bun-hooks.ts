import { createRequire } from "node:module";
import { resolve } from "node:path";
import { processEnv } from "../../environment.ts";
import type { PluginOptions } from "../../project/config/options.ts";
import { helperPath, LATE_HELPER } from "../../project/module-names.ts";
import { CONSOLE, CompilerRun, createInstance, isEdge } from "../instance/instance.ts";

/** Only a preload has no config. */
export async function applyToBun(build: BunBuilder, options: PluginOptions | undefined): Promise<void> {
  if (build.config === undefined) await applyToBunRun(build, options);
  else applyToBunBuild(build, build.config, options);
}

/** `Bun.build`: `scope:` resolves to the module file. Bun itself reads and maps that file. */
function applyToBunBuild(
  build: BunBuilder,
  config: NonNullable<BunBuilder["config"]>,
  options: PluginOptions | undefined,
): void {
  const { outdir, target = "browser", conditions = [] } = config;
  const run = new CompilerRun(createInstance(options), {
    tool: "bun",
    name: "bun",
    config,
    cwd: process.cwd(),
    mode: processEnv().NODE_ENV || "production",
    development: false,
    browser: target === "browser" && !isEdge([conditions].flat()),
    reporter: CONSOLE,
  });
  build.onStart?.(() => run.start());
  build.onResolve({ filter: /^scope:/ }, async ({ path, importer }) => ({
    path: await run.module(path, importer),
  }));
  build.onResolve({ filter: LATE_HELPER }, (asked) => {
    const path = helperPath(asked.path, asked.importer);
    return path === undefined ? undefined : { path };
  });
  build.onEnd?.(async ({ success }) => {
    if (success) {
      const path = outdir === undefined ? undefined : resolve(outdir);
      await run.recordOutput({ bundler: "bun", path }, path);
    }
    await run.end(!success);
  });
}

/**
 * A preload: handles `scope:` imports of the process itself. Bun's resolve hook can't be async, but its load hook can.
 * So the import becomes a module that re-exports from the module file.
 */
async function applyToBunRun(build: BunBuilder, options: PluginOptions | undefined): Promise<void> {
  const { emitReExport } = await import("../../run/modules/write-module.ts");
  const { moduleFile, watched } = await openOnce(options);
  const importers = new Map<string, string>();
  const namespace = "scope";
  build.onResolve({ filter: /./, namespace }, ({ path, importer }) => {
    importers.set(path, importer);
    return { path, namespace };
  });
  build.onLoad({ filter: /./, namespace }, async ({ path }) => {
    const file = await moduleFile(`${namespace}:${path}`, importers.get(path));
    // Bun watches what it loads.
    const imports = watched.map((one) => `import ${JSON.stringify(one)} with { type: "text" };\n`);
    // Bun may have listed the folder before the file was written. It lists it again only for an import from a real
    // path, which the module below doesn't have.
    const found = createRequire(file).resolve(file);
    return { contents: imports.join("") + emitReExport(found), loader: "js" };
  });
}

const ON_STDERR = { info: console.error, warn: console.error };

/** As under `node --import unplugin-scope/register`: `bun --watch` restarts the process. */
async function openOnce(options: PluginOptions | undefined) {
  const { openPrompts } = await import("../../run/open-prompts.ts");
  const { bundlerError } = await import("../instance/bundler-error.ts");
  const shown = (error: unknown) => {
    throw bundlerError(error);
  };
  const watches = process.execArgv.includes("--watch");
  const { moduleFile, filesToWatch } = await openPrompts(ON_STDERR, { plugin: options, watches }).catch(
    shown,
  );
  return {
    moduleFile: (specifier: string, importer?: string) => moduleFile({ specifier, importer }).catch(shown),
    watched: filesToWatch,
  };
}

/** The plugin as Bun takes it. Bun's own type is in a package that apps of other bundlers don't have. */
export interface BunPlugin {
  readonly name: string;
  setup(build: object): void | Promise<void>;
}

/**
 * The part of Bun's builder that is used here. In a preload it has the two hooks that every plugin gets, and no config.
 */
export interface BunBuilder {
  onResolve(
    filter: Filter,
    run: (asked: { readonly path: string; readonly importer: string }) => Answer | Promise<Answer>,
  ): void;
  onLoad(
    filter: Filter,
    run: (asked: { readonly path: string }) => Promise<{ readonly contents: string; readonly loader: "js" }>,
  ): void;
  /** The options that were passed to `Bun.build`. */
  readonly config?: {
    readonly outdir?: string;
    readonly target?: string;
    readonly conditions?: string | readonly string[];
  };
  onStart?(run: () => Promise<void>): void;
  onEnd?(run: (result: { readonly success: boolean }) => Promise<void>): void;
}

interface Filter {
  readonly filter: RegExp;
  readonly namespace?: string;
}

type Answer = { readonly path: string; readonly namespace?: string } | undefined;
