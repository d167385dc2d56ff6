/**
 * Builds an app with one bundler, as a user's own build script would: node build.js <bundler> <root> [entry]. "context" is
 * esbuild's, which builds once for each message; "vite-dev" serves a page, as to a browser. The output is
 * <root>/out/<bundler>/main.mjs. Everything else comes from the environment.
 */
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { pluginOptions } from "../support/plugin-options.js";

const [bundler, givenRoot, entryName = "src/main.ts"] = process.argv.slice(2);
const root = resolve(givenRoot);
const entry = join(root, entryName);
const outDir = join(root, "out", process.env.TEST_OUT ?? bundler);
const sourcemap = process.env.TEST_SOURCE_MAP === "true";
const minify = process.env.TEST_MINIFY === "true";
/** For a browser, not for Node. */
const isPage = process.env.TEST_PAGE === "true";
/** Everything that the bundler and an error have to say is printed. */
const isVerbose = process.env.TEST_VERBOSE === "true";
const options = pluginOptions(root);
const plugin =
  { tsup: "esbuild", context: "esbuild", rsbuild: "rspack", "vite-dev": "vite" }[bundler] ?? bundler;
const scope = (await import(`unplugin-scope/${plugin}`)).default;
process.chdir(root);

/** webpack and Rspack do not read TypeScript by themselves; esbuild does the stripping. */
const stripTypes = {
  test: /\.ts$/,
  resolve: { fullySpecified: false },
  use: [{ loader: join(import.meta.dirname, "strip-types-loader.cjs") }],
};

const file = join(outDir, "main.mjs");

const builds = {
  async vite() {
    const { build } = await import("vite");
    await build({
      root,
      configFile: false,
      logLevel: "info",
      plugins: [scope(options)],
      build: {
        ...(isPage ? {} : { ssr: entry }),
        outDir,
        minify,
        sourcemap,
        rollupOptions: { input: entry, output: { entryFileNames: "main.mjs" } },
      },
    });
  },
  async "vite-dev"() {
    const { createServer } = await import("vite");
    const server = await createServer({
      root,
      configFile: false,
      logLevel: "silent",
      server: { port: 0, host: "127.0.0.1" },
      plugins: [scope(options)],
    });
    await server.listen();
    try {
      // One after the other, as a browser that reads the imports of each.
      for (const file of ["main", "page", "prompts"])
        await server.environments.client.transformRequest(`/src/${file}.js`);
    } finally {
      await server.close();
    }
  },
  async rollup() {
    const { rollup } = await import("rollup");
    const { transform } = await import("esbuild");
    const typescript = {
      name: "strip-types",
      async transform(code, id) {
        return id.endsWith(".ts")
          ? { code: (await transform(code, { loader: "ts", minify })).code, map: null }
          : undefined;
      },
    };
    const bundle = await rollup({ input: entry, plugins: [scope(options), typescript] });
    await bundle.write({ file, inlineDynamicImports: true, format: "esm", sourcemap });
    await bundle.close();
  },
  async rolldown() {
    const { rolldown } = await import("rolldown");
    const platform = isPage ? "browser" : "node";
    const bundle = await rolldown({ input: entry, cwd: root, platform, plugins: [scope(options)] });
    await bundle.write({ file, codeSplitting: false, format: "esm", sourcemap, minify });
    await bundle.close();
  },
  async esbuild() {
    await (await import("esbuild")).build(forEsbuild());
  },
  async context() {
    const context = await (await import("esbuild")).context(forEsbuild());
    process.on("message", async () => {
      const problem = await context.rebuild().then(
        () => "",
        (error) => error.message,
      );
      process.send(problem);
    });
    process.on("disconnect", () => context.dispose());
  },
  async tsup() {
    const { build } = (await importOfApp("tsup")).default;
    await build({
      config: false,
      entry: { main: entry },
      outDir,
      outExtension: () => ({ js: ".mjs" }),
      format: "esm",
      minify,
      sourcemap,
      esbuildPlugins: [scope(options)],
    });
  },
  async rsbuild() {
    const { createRsbuild } = await importOfApp("@rsbuild/core");
    const rsbuild = await createRsbuild({
      cwd: root,
      config: {
        source: { entry: { main: entry } },
        output: {
          target: "node",
          module: true,
          distPath: { root: outDir },
          filename: { js: "[name].mjs" },
          minify,
          sourceMap: sourcemap,
        },
        tools: { rspack: { plugins: [scope(options)] } },
      },
    });
    await rsbuild.build();
  },
  async bun() {
    await Bun.build({
      entrypoints: [entry],
      outdir: outDir,
      naming: { entry: "main.mjs" },
      target: "node",
      minify,
      sourcemap: sourcemap ? "linked" : "none",
      plugins: [scope(options)],
    });
  },
  webpack: async () => runCompiler((await import("webpack")).default),
  rspack: async () => runCompiler((await import("@rspack/core")).rspack),
  async farm() {
    const { build } = await import("@farmfe/core");
    await build({
      root,
      configPath: root,
      compilation: {
        input: { main: entry },
        output: { path: outDir, targetEnv: "node", format: "esm", entryFilename: "[entryName].mjs" },
        persistentCache: false,
        minify,
        presetEnv: false,
        sourcemap,
      },
      plugins: [scope(options)],
    });
  },
};

/** A tool that the app has, and this repository doesn't. */
async function importOfApp(name) {
  return import(pathToFileURL(createRequire(join(root, "package.json")).resolve(name)));
}

function forEsbuild() {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    format: "esm",
    minify,
    sourcemap,
    platform: isPage ? "browser" : "node",
    logLevel: isVerbose ? "verbose" : "silent",
    plugins: [scope(options)],
  };
}

function runCompiler(create) {
  const compiler = create({
    mode: process.env.NODE_ENV ?? "production",
    context: root,
    entry,
    target: isPage ? "web" : "node20",
    cache: JSON.parse(process.env.TEST_CACHE ?? "false"),
    devtool: sourcemap ? "source-map" : false,
    output: { path: outDir, filename: "main.mjs", module: true, chunkFormat: "module" },
    experiments: { outputModule: true },
    // Other ids are made of the path from the app to the loader.
    optimization: { minimize: minify, moduleIds: "natural" },
    module: { rules: [stripTypes] },
    plugins: [scope(options)],
  });
  return new Promise((done, fail) => {
    compiler.run((error, stats) => {
      if (isVerbose) console.log(stats?.toString("verbose"));
      if (stats?.hasWarnings()) console.error(stats.toString({ all: false, warnings: true }));
      const failed =
        error ?? (stats.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined);
      compiler.close(() => (failed ? fail(failed) : done()));
    });
  });
}

try {
  await builds[bundler]();
} catch (error) {
  console.error(error?.message ?? String(error));
  if (isVerbose) console.error(error, JSON.stringify(error), error?.stack, error?.cause);
  process.exitCode = 1;
}
