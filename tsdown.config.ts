import { readFileSync } from "node:fs";
import type { Plugin } from "rolldown";
import { defineConfig } from "tsdown";
import { bundledPackages } from "./build/bundled-packages.ts";
import { textImports } from "./build/text-imports.ts";

/** What builds share with the client and with pages: small files that would be read one by one. */
const BASICS =
  /[\\/]src[\\/](?:prompt|environment|client[\\/]connection[\\/]types|errors[\\/](?:printable|classes|scope-errors?))\.ts$/;

/** What commands share, and what `check` and `pull` load: one file instead of a dozen. */
const CHECKING =
  /[\\/]src[\\/](?:commands[\\/](?:report[\\/](?:findings-text|remarks|report|text)|check[\\/](?:command|check-project))|project[\\/](?:calls[\\/]broken-calls|setup-problems|versions[\\/](?:compare-prompts|find-version|lint-versions|pin-notes|select-imports)))\.ts$/;

/** The entry of one bundler, or the one for all. */
const BUNDLER_ENTRY = /[\\/]src[\\/](?:bundlers[\\/])?(?!unplugin)(\w+)(?:[\\/]index)?\.ts$/;

/**
 * Bundles into the entry of each bundler unplugin's factory for it. Each entry gets copies of unplugin's modules, since a module
 * that entries share keeps what any of them uses. What unplugin imports of other packages is for globs and for
 * maps of transformed code: we have neither.
 */
const unpluginByBundler: Plugin = {
  name: "unplugin-by-bundler",
  resolveId(id, importer = "") {
    const [from, bundler] = importer.split("?for=");
    const entry = bundler ?? BUNDLER_ENTRY.exec(importer)?.[1];
    if (entry === undefined || id.startsWith("node:")) return undefined;
    if (bundler === undefined && id !== "unplugin") return undefined;
    const copy = (of: string) => ({ id: `${of}?for=${entry}`, moduleSideEffects: false });
    if (bundler !== undefined && !id.startsWith(".")) return copy(NEVER_CALLED);
    return this.resolve(id, from, { skipSelf: true }).then((found) => found && copy(found.id));
  },
  load: {
    filter: { id: /\?for=\w+$/ },
    handler(id) {
      const [file = ""] = id.split("?for=");
      if (file === NEVER_CALLED) return "export default () => {};";
      // Paths of loaders that never run. jiti 1, which reads configs, knows nothing else of `import.meta`.
      return readFileSync(file, "utf8").replaceAll("import.meta.dirname", "import.meta.url");
    },
  },
  // What the others' parts need of Node would be loaded all the same: 4 ms.
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === "chunk") chunk.code = chunk.code.replace(/^import "node:[\w/]+";\n/gm, "");
  },
};
const NEVER_CALLED = "\0never-called.js";

/** Every entry of the exports map, and the command line. Small libraries are bundled in: see package.json. */
const entries = defineConfig({
  entry: {
    index: "src/index.ts",
    vite: "src/bundlers/vite.ts",
    rollup: "src/bundlers/rollup.ts",
    rolldown: "src/bundlers/rolldown.ts",
    webpack: "src/bundlers/webpack.ts",
    rspack: "src/bundlers/rspack.ts",
    // Not an entry for users: Rspack runs it.
    "rspack-loader": "src/bundlers/webpack/rspack-loader.ts",
    esbuild: "src/bundlers/esbuild.ts",
    farm: "src/bundlers/farm.ts",
    bun: "src/bundlers/bun.ts",
    next: "src/bundlers/next/index.ts",
    // Not an entry for users: Next's loader processes run it.
    "next-loader": "src/bundlers/next/loader.ts",
    nuxt: "src/bundlers/nuxt/index.ts",
    register: "src/bundlers/register/index.ts",
    // Not entries for users: the threads of /register run them.
    "register-worker": "src/bundlers/register/worker.ts",
    "register-hooks": "src/bundlers/register/hooks.ts",
    // Not an entry for users: the inspector runs it.
    "type-checker-thread": "src/inspector/type-checker-thread.ts",
    client: "src/client/index.ts",
    runtime: "src/runtime/index.ts",
    platform: "src/platform/index.ts",
    testing: "src/platform/testing/index.ts",
    messages: "src/messages.ts",
    opentelemetry: "src/opentelemetry.ts",
    cli: "src/commands/main.ts",
  },
  format: "esm",
  platform: "node",
  target: "node20.19",
  dts: true,
  clean: true,
  hash: false,
  plugins: [unpluginByBundler, textImports, bundledPackages({ continues: false })],
  deps: { alwaysBundle: (id, importer = "") => id === "unplugin" && BUNDLER_ENTRY.test(importer) },
  // Unplugin makes one, and its part for webpack alone uses it.
  treeshake: { manualPureFunctions: ["createRequire"] },
  // No entry's name begins so: a chunk of declarations took `index.d.ts` once, and its entry became `index2.d.ts`.
  outputOptions: {
    chunkFileNames: "chunk-[name].js",
    // The declarations have them.
    comments: { jsdoc: false },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: "basics", test: BASICS },
        { name: "checking", test: CHECKING },
      ],
    },
  },
  // Its main file is UMD, which no bundler can read its own imports from.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  outExtensions: () => ({ js: ".js", dts: ".d.ts" }),
});

/** What builds lay beside the modules of prompts: each one file, with all of this package that it imports in it. */
const laidBeside = (name: string, source: string, minify: boolean) =>
  defineConfig({
    entry: { [name]: `src/runtime/${source}.ts` },
    format: "esm",
    platform: "neutral",
    target: "es2022",
    minify,
    plugins: [bundledPackages({ continues: false })],
    dts: false,
    clean: false,
    hash: false,
    outExtensions: () => ({ js: ".js" }),
  });

const liveClient = laidBeside("live-client", "live/live-client", true);

const hotUpdates = laidBeside("hot-vite", "hot-vite", false);

export default [entries, liveClient, hotUpdates];
