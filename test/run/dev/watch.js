/**
 * Watches an app with one bundler, as a user's own script would: node watch.js <bundler> <root>. The entry is
 * src/main.js, the output out/main.mjs, for Node. Ends with its standard input.
 */
import { join, resolve } from "node:path";
import { pluginOptions } from "../../support/plugin-options.js";

const [bundler, givenRoot] = process.argv.slice(2);
const root = resolve(givenRoot);
const entry = join(root, "src", "main.js");
const outDir = join(root, "out");
const options = pluginOptions(root);
const scope = (await import(`unplugin-scope/${bundler}`)).default;
process.chdir(root);

/** Of Rollup, and of what has its watcher. */
function report(watcher) {
  watcher.on("event", ({ code, error, result }) => {
    if (code === "ERROR") console.error(error.message);
    if (code === "END") console.log("built");
    return result?.close();
  });
  return () => watcher.close();
}

const watchers = {
  async rollup() {
    const { watch } = await import("rollup");
    const watcher = watch({
      input: entry,
      output: { file: join(outDir, "main.mjs"), format: "esm" },
      plugins: [scope(options)],
      watch: { clearScreen: false },
    });
    return report(watcher);
  },
  async rolldown() {
    const { watch } = await import("rolldown");
    const watcher = watch({
      input: entry,
      cwd: root,
      platform: "node",
      output: { file: join(outDir, "main.mjs"), format: "esm" },
      plugins: [scope(options)],
    });
    return report(watcher);
  },
  async esbuild() {
    const { context } = await import("esbuild");
    const said = {
      name: "said",
      setup: (build) =>
        build.onEnd(({ errors }) => {
          for (const { text } of errors) console.error(text);
          console.log("built");
        }),
    };
    const watching = await context({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: join(outDir, "main.mjs"),
      bundle: true,
      format: "esm",
      platform: "node",
      logLevel: "silent",
      plugins: [scope(options), said],
    });
    await watching.watch();
    return () => watching.dispose();
  },
  async vite() {
    const { build } = await import("vite");
    const watcher = await build({
      root,
      configFile: false,
      plugins: [scope(options)],
      build: {
        ssr: entry,
        outDir,
        minify: false,
        watch: {},
        rollupOptions: { output: { entryFileNames: "main.mjs" } },
      },
    });
    return report(watcher);
  },
  webpack: async () => watchPacked((await import("webpack")).default),
  rspack: async () => watchPacked((await import("@rspack/core")).rspack),
};

function watchPacked(create) {
  const compiler = create({
    mode: bundler === "webpack" ? "production" : "development",
    context: root,
    entry,
    target: "node20",
    devtool: false,
    output: { path: outDir, filename: "main.mjs", module: true, chunkFormat: "module" },
    experiments: { outputModule: true },
    plugins: [scope(options)],
  });
  compiler.watch({}, (error, stats) => {
    if (error) console.error(error);
    for (const { message } of stats?.toJson({ all: false, errors: true }).errors ?? [])
      console.error(message);
    console.log("built");
  });
  return () => new Promise((done) => compiler.close(done));
}

const close = await watchers[bundler]();
console.log(
  `watching, listening servers: ${process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length}`,
);
process.stdin.on("end", async () => {
  await close();
  process.exit();
});
process.stdin.resume();
