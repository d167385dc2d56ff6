/** A build with source maps, everything kept on disk: node secrets-build.js <vite|esbuild|webpack|plain> <root>. */
import { join } from "node:path";

const [bundler, root] = process.argv.slice(2);
process.chdir(root);
const isPlain = bundler === "plain";
const scope = (await import(`unplugin-scope/${isPlain ? "esbuild" : bundler}`)).default;
const entry = join(root, "src", isPlain ? "plain.js" : "main.js");
const outDir = join(root, "out", bundler);

const builds = {
  async vite() {
    const { build } = await import("vite");
    await build({
      root,
      configFile: false,
      plugins: [scope()],
      build: { ssr: entry, outDir, sourcemap: true },
    });
  },
  async esbuild() {
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: join(outDir, "main.mjs"),
      bundle: true,
      format: "esm",
      platform: "node",
      sourcemap: true,
      metafile: true,
      plugins: [scope()],
    });
  },
  async webpack() {
    const { default: webpack } = await import("webpack");
    const compiler = webpack({
      mode: "production",
      context: root,
      entry,
      target: "node20",
      devtool: "source-map",
      cache: { type: "filesystem", cacheDirectory: join(root, ".cache") },
      output: { path: outDir, filename: "main.mjs", module: true, chunkFormat: "module" },
      experiments: { outputModule: true },
      plugins: [scope()],
    });
    await new Promise((done, fail) => {
      compiler.run((error, stats) => {
        console.log(stats?.toString("verbose"));
        compiler.close(() => (error || stats.hasErrors() ? fail(error ?? new Error("failed")) : done()));
      });
    });
  },
};

try {
  await builds[isPlain ? "esbuild" : bundler]();
} catch (error) {
  console.error(error);
  console.error(JSON.stringify(error), error?.stack, error?.cause);
  process.exitCode = 1;
}
