// The program that the bench of builds measures: `bundle.js <bundler> <plugin|disk> <build|serve>` in an application.
import { join } from "node:path";

const [bundler, kind, command] = process.argv.slice(2);
const root = process.cwd();
const entry = join(root, kind, "main.js");
const outDir = join(root, "out", bundler, kind);
const isOurs = kind === "plugin";

/** The plugin as a config would have it; nothing of this package is loaded for the twin. */
async function plugins() {
  if (!isOurs) return [];
  const { default: scope } = await import(`../../dist/${bundler}.js`);
  return [scope()];
}

const BUILDS = {
  async vite() {
    const { build } = await import("vite");
    await build({
      configFile: false,
      logLevel: "error",
      plugins: await plugins(),
      build: { ssr: entry, outDir, minify: false },
    });
  },
  async esbuild() {
    const { build } = await import("esbuild");
    await build({
      entryPoints: [entry],
      outdir: outDir,
      bundle: true,
      format: "esm",
      platform: "node",
      logLevel: "error",
      plugins: await plugins(),
    });
  },
  async rollup() {
    const { rollup } = await import("rollup");
    const bundle = await rollup({ input: entry, plugins: await plugins() });
    await bundle.write({ dir: outDir });
    await bundle.close();
  },
  async rolldown() {
    const { rolldown } = await import("rolldown");
    const bundle = await rolldown({ input: entry, platform: "node", plugins: await plugins() });
    await bundle.write({ dir: outDir });
    await bundle.close();
  },
  async webpack() {
    await compile((await import("webpack")).default);
  },
  async rspack() {
    await compile((await import("@rspack/core")).rspack);
  },
};

async function compile(bundle) {
  const compiler = bundle({
    mode: "production",
    target: "node",
    context: root,
    entry,
    output: { path: outDir },
    optimization: { minimize: false },
    plugins: await plugins(),
  });
  await new Promise((done, fail) => {
    compiler.run((error, stats) => {
      if (error ?? stats.hasErrors()) fail(error ?? new Error(stats.toString("errors-only")));
      else compiler.close(done);
    });
  });
}

/** Vite's dev server until the page's modules have been served. */
async function serve() {
  const { createServer } = await import("vite");
  const server = await createServer({ configFile: false, logLevel: "error", plugins: await plugins() });
  await server.listen(0);
  const seen = new Set();
  const load = async (url) => {
    if (seen.has(url)) return;
    seen.add(url);
    const served = await server.environments.client.transformRequest(url);
    if (served === null) throw new Error(`${url} is not served`);
    for (const [, next] of served.code.matchAll(/from "(\/[^"]+)"/g)) await load(next);
  };
  await load(`/${kind}/main.js`);
  await server.close();
}

await (command === "serve" ? serve() : BUILDS[bundler]());
