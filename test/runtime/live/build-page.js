/** Builds a page with one bundler: node build-page.js <bundler> <root>. "vite-dev" serves it, as to a browser. */
import { join } from "node:path";

const [bundler, root] = process.argv.slice(2);
const entry = join(root, "src", "main.js");
const outDir = join(root, "out");
const options = process.env.TEST_PLUGIN_OPTIONS ? JSON.parse(process.env.TEST_PLUGIN_OPTIONS) : undefined;
const scope = (await import(`unplugin-scope/${bundler === "vite-dev" ? "vite" : bundler}`)).default;
process.chdir(root);

const builds = {
  async vite() {
    const { build } = await import("vite");
    await build({
      root,
      configFile: false,
      logLevel: "silent",
      plugins: [scope(options)],
      build: { outDir, rollupOptions: { input: entry } },
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
      for (const file of ["main", "page", "prompts"]) {
        await server.environments.client.transformRequest(`/src/${file}.js`);
      }
    } finally {
      await server.close();
    }
  },
  async rolldown() {
    const { rolldown } = await import("rolldown");
    const bundle = await rolldown({ input: entry, cwd: root, plugins: [scope(options)] });
    await bundle.write({ dir: outDir });
  },
  async esbuild() {
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outdir: outDir,
      bundle: true,
      format: "esm",
      logLevel: "silent",
      plugins: [scope(options)],
    });
  },
  webpack: async () => runCompiler((await import("webpack")).default),
  rspack: async () => runCompiler((await import("@rspack/core")).rspack),
};

function runCompiler(create) {
  const compiler = create({
    mode: "production",
    context: root,
    entry,
    target: "web",
    output: { path: outDir },
    plugins: [scope(options)],
  });
  return new Promise((done, fail) => {
    compiler.run((error, stats) => {
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
  process.exitCode = 1;
}
