import { fileURLToPath } from "node:url";
import type { Compilation, Compiler } from "webpack";
import { readableError } from "../../errors/printable.ts";
import { GENERATED, moduleNameOf } from "../../project/module-names.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { DevSession } from "../../run/dev/session.ts";
import { OUTPUT_MANIFEST } from "../../run/manifest/outputs.ts";
import { CompilerRun, isEdge, PLUGIN_NAME, type PluginInstance } from "../instance/instance.ts";

/** What a plugin or a framework knows about the compilers that it gets. */
export interface Known {
  /** The name in the manifest. Default `webpack`. */
  readonly bundler?: string;
  /** None of the output reaches a browser, whatever the target says. */
  readonly isServer?: boolean;
  /** In development it runs the modules itself and reloads them when they change. */
  readonly reloadsModules?: boolean;
  /** The dev server serves no requests while there are errors, so problems next to good code are warnings. */
  readonly problemsAsWarnings?: boolean;
}

let compilers = 0;

/**
 * webpack and Rspack, whose compiler is the same in everything that is used here: the request of a `scope:` import is
 * replaced with its module file before anything is resolved. The bundler then handles the file as usual (rules, caching,
 * watching, maps).
 */
export function applyToWebpack(compiler: Compiler, instance: PluginInstance, known: Known): void {
  const { bundler = "webpack", problemsAsWarnings } = known;
  compilers += 1;
  const name = `${compiler.options.name ?? "compiler"} ${compilers}`;
  const reporter = createReporter(compiler);
  let watches = false;
  // Made when it's needed: the compiler's options are complete when a build starts.
  const run = () =>
    new CompilerRun(instance, {
      tool: bundler,
      name,
      cwd: compiler.context,
      mode: compiler.options.mode ?? "production",
      browser: known.isServer !== true && isBrowser(compiler),
      reloadsModules: known.reloadsModules === true,
      // Not `watchMode`: it's over before the hooks that end the watching are called.
      development: watches,
      reporter,
      config: compiler,
    });
  const isCached = cachesGraph(compiler.options);
  if (isCached) resolveEveryTime(compiler.options);
  const start = (isWatch: boolean) => {
    watches = isWatch;
    if (!watches) reporter.beginBuild();
    return run().start();
  };
  /** Placeholder files for modules that couldn't be made, with the reason. */
  const placeholders = new Map<string, unknown>();
  compiler.hooks.beforeRun.tapPromise(PLUGIN_NAME, () => start(false));
  compiler.hooks.watchRun.tapPromise(PLUGIN_NAME, () => start(true));
  compiler.hooks.compilation.tap(PLUGIN_NAME, (_, { normalModuleFactory }) => {
    normalModuleFactory.hooks.beforeResolve.tapPromise(PLUGIN_NAME, async (data) => {
      if (!data.request.startsWith("scope:")) return;
      const issuer = data.contextInfo?.issuer;
      if (issuer !== undefined && placeholders.has(issuer)) throw placeholders.get(issuer);
      const { request } = data;
      try {
        data.request = await run().module(request, issuer);
      } catch (error) {
        // Watching compilers and cached graphs treat a failed import as final, and never ask for it again.
        let file = watches ? await run().placeholder(request) : undefined;
        if (isCached) file ??= await run().refusal(request, issuer);
        if (file === undefined) throw error;
        placeholders.set(file, error);
        data.request = file;
      }
    });
  });
  compiler.hooks.afterCompile.tapPromise(PLUGIN_NAME, async (compilation) => {
    // Child compilers of other plugins also get here, with errors that are already reported.
    if (compilation.compiler !== compiler || !watches) return;
    const imported = new Set([...compilation.fileDependencies].map(moduleNameOf));
    // When there are errors, the compiler hasn't read everything.
    const hasFailed = compilation.errors.length > 0;
    await run().reportImports((name) => hasFailed || imported.has(name));
    // A server has no overlay, and whatever restarts it may wait for a build without errors.
    const asWarnings = problemsAsWarnings || !isBrowser(compiler);
    const isUpdate = [...(compiler.modifiedFiles ?? [])].some((file) => GENERATED.test(file));
    await reportProblems(compilation, await run().session(), asWarnings, isUpdate);
  });
  compiler.hooks.thisCompilation.tap(PLUGIN_NAME, (compilation) => {
    const { sources, Compilation } = compiler.webpack;
    const stage = Compilation.PROCESS_ASSETS_STAGE_REPORT;
    compilation.hooks.processAssets.tapPromise({ name: PLUGIN_NAME, stage }, async (assets) => {
      if (compilation.errors.length > 0) return;
      const text = await run().recordOutput({
        bundler,
        compiler: compiler.options.name,
        path: compiler.outputPath,
        // What is cleaned away is still there by now.
        writes: compiler.options.output.clean
          ? []
          : Object.keys(assets).filter((name) => /\.[cm]?js$/.test(name)),
      });
      if (text !== undefined) compilation.emitAsset(OUTPUT_MANIFEST, new sources.RawSource(text));
    });
  });
  // Before all others: plugins that show a compilation's warnings do it at this stage.
  compiler.hooks.done.tapPromise({ name: PLUGIN_NAME, stage: -1000 }, async ({ compilation }) => {
    try {
      for (const module of compilation.modules) {
        // What isn't external has a path.
        const { userRequest = "" } = module as { readonly userRequest?: string };
        if (!userRequest.startsWith("unplugin-scope/")) continue;
        await run().external(userRequest);
      }
      await run().end(compilation.errors.length > 0);
    } finally {
      reporter.endBuild(compilation);
    }
  });
  const close = () => {
    reporter.endBuild();
    run()
      .close()
      .catch((error) => reporter.warn((error as Error).message));
  };
  // A run that failed before it was done is over too. A watching compiler starts again by itself.
  compiler.hooks.failed.tap(PLUGIN_NAME, close);
  // A dev server that is stopped closes its watching but not the compiler.
  compiler.hooks.watchClose.tap(PLUGIN_NAME, close);
  compiler.hooks.shutdown.tapPromise(PLUGIN_NAME, () => run().close());
}

/**
 * Adds the problems of prompts whose last good version is served to a compilation, next to its modules: the dev
 * server's overlay shows them, and the page keeps its good code. When a problem appears or goes away, the compilation
 * finishes again.
 *
 * @param asWarnings for a server that serves no requests while there are errors
 * @param isUpdate a prompt's module has changed: a page takes no update together with errors, so they wait for the next
 *   compilation, which follows at once
 */
async function reportProblems(
  compilation: Compilation,
  session: DevSession | undefined,
  asWarnings: boolean,
  isUpdate: boolean,
): Promise<void> {
  if (session === undefined) return;
  const { texts } = session.problems;
  const waits = isUpdate && !asWarnings && texts.length > 0;
  compilation.fileDependencies.add(await session.problemsFile({ isNews: waits }));
  if (waits) return;
  for (const text of texts) {
    const list = asWarnings ? compilation.warnings : compilation.errors;
    list.push(readableError(`${text}\n\nThe last good version is still served.`));
  }
}

/** `web` targets are browsers; a `webworker` is a server (edge runtimes are built that way). */
function isBrowser({ options }: Compiler): boolean {
  if (isEdge(options.resolve?.conditionNames)) return false;
  const targets = [options.target ?? "web"].flat().map(String);
  if (targets.includes("web")) return true;
  return (
    targets.some((target) => target.startsWith("browserslist")) && options.externalsPresets?.web === true
  );
}

/**
 * With a persistent cache Rspack takes the whole module graph from the last build, and resolves an import again only if
 * the module it leads to has to be built. So prompts' modules always have to be built: they are a few lines each, and
 * what they come from isn't on this disk. webpack resolves every import in every build anyway.
 */
function resolveEveryTime({ module }: Compiler["options"]): void {
  const loader = fileURLToPath(new URL("./rspack-loader.js", import.meta.url));
  module.rules.push({ test: GENERATED, enforce: "pre", use: [{ loader }] });
}

/** Rspack's cache on disk. In Rspack 1 it's under `experiments`. */
function cachesGraph({ cache, experiments }: Compiler["options"]): boolean {
  return [cache, (experiments as { readonly cache?: unknown }).cache].some(
    (one) => (one as { readonly type?: unknown } | undefined)?.type === "persistent",
  );
}

/**
 * Prints the messages of a compiler's part in a run. The warnings of a build become warnings of its compilation, which
 * every tool shows in its own way. Everything else goes to the compiler's log. In development warnings go there too, or
 * they would cover the page.
 */
function createReporter(compiler: Compiler) {
  /** The warnings of the build that is running. */
  let held: string[] | undefined;
  // Rsbuild, and so Rslib, turns the compiler's log off for everybody.
  const log = (): Reporter =>
    compiler.hooks.done.taps?.some(({ name }) => name.startsWith("rsbuild"))
      ? console
      : compiler.getInfrastructureLogger(PLUGIN_NAME);
  return {
    info: (text: string) => log().info(text),
    warn: (text: string) => (held === undefined ? log().warn(text) : void held.push(text)),
    /** Starts a build, whose warnings are kept for {@link endBuild}. */
    beginBuild(): void {
      held ??= [];
    },
    /** Turns the kept warnings into warnings of the compilation, or writes them to the log if there is none. */
    endBuild(compilation?: Compilation): void {
      const warnings = held ?? [];
      held = undefined;
      for (const text of warnings) {
        if (compilation === undefined) log().warn(text);
        else compilation.warnings.push(readableError(text));
      }
    },
  };
}
