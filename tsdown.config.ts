import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "tsdown";
import { bundledPackages } from "./bundled-packages.ts";

/** The templates of what is generated are imported as text, and so are part of the package's code. */
const textImports = {
  name: "text-imports",
  load: {
    filter: { id: /\?raw$/ },
    handler: (id: string) =>
      `export default ${JSON.stringify(readFileSync(id.slice(0, -"?raw".length), "utf8"))};`,
  },
};

/** All that the package is made of, as a digest: modules that other code made are not taken for its own. */
function digestSources(): string {
  const hash = createHash("sha256").update(readFileSync("package-lock.json"));
  for (const folder of ["src", "templates"])
    for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort())
      if (/\.\w+$/.test(name)) hash.update(`\n${name}\n`).update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * What an unchanged build loads, and little else: one file is read in half the time of a dozen. Nothing of it may be
 * for a page or an edge runtime.
 */
const FIRST_LOOK =
  /[\\/]src[\\/](?:build[\\/](?:record|manifest)[\\/][\w-]+|build[\\/](?:run-report|modules[\\/]module-names)|plugin[\\/](?:instance[\\/](?:instance|options-identity|runs)|name|edge-conditions)|files[\\/](?:digest|read-file|file-texts|stable-json|write-file|owner)|config[\\/](?:package-manager|load[\\/](?:search-folders|places|read-config-text|read-pipe|load-env-files|digest-sources)))\.ts$/;

/** What it shares with the client and with pages: small files that would be read one by one. */
const BASICS =
  /[\\/]src[\\/](?:prompt|config[\\/](?:environment|connection[\\/]credentials-source)|errors[\\/](?:printable|classes|scope-error))\.ts$/;

/** Every entry of the exports map, and the command line. Small libraries are bundled in: see package.json. */
const entries = defineConfig({
  entry: {
    index: "src/index.ts",
    vite: "src/plugin/vite.ts",
    rollup: "src/plugin/rollup.ts",
    rolldown: "src/plugin/rolldown.ts",
    webpack: "src/plugin/webpack.ts",
    rspack: "src/plugin/rspack.ts",
    // Not an entry for users: Rspack runs it.
    "rspack-loader": "src/plugin/webpack/rspack-loader.ts",
    esbuild: "src/plugin/esbuild.ts",
    farm: "src/plugin/farm.ts",
    bun: "src/plugin/bun.ts",
    next: "src/next/index.ts",
    // Not an entry for users: Next's loader processes run it.
    "next-loader": "src/next/loader.ts",
    nuxt: "src/nuxt/index.ts",
    register: "src/register/index.ts",
    // Not entries for users: the threads of /register run them.
    "register-worker": "src/register/worker.ts",
    "register-hooks": "src/register/hooks.ts",
    client: "src/client/index.ts",
    runtime: "src/runtime/index.ts",
    platform: "src/platform/index.ts",
    testing: "src/testing/index.ts",
    cli: "src/cli/index.ts",
  },
  format: "esm",
  platform: "node",
  target: "node20.19",
  dts: true,
  clean: true,
  hash: false,
  define: { PACKAGE_DIGEST: JSON.stringify(digestSources()) },
  plugins: [textImports, bundledPackages({ continues: false })],
  // No entry's name begins so: a chunk of declarations took `index.d.ts` once, and its entry became `index2.d.ts`.
  outputOptions: {
    chunkFileNames: "chunk-[name].js",
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: "first-look", test: FIRST_LOOK },
        { name: "basics", test: BASICS },
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
    // The application's own: a second copy would not share its state.
    external: [/^(?:svelte|vue)(?:\/|$)/],
    minify,
    plugins: [bundledPackages({ continues: false })],
    dts: false,
    clean: false,
    hash: false,
    outExtensions: () => ({ js: ".js" }),
  });

const liveClient = laidBeside("live-client", "live/live-client", true);
const liveOutput = laidBeside("live-output", "live/live-output", true);
const hotUpdates = ["vite", "webpack", "svelte", "vue"].map((part) =>
  laidBeside(`hot-${part}`, `hot/${part}`, false),
);

export default [entries, liveClient, liveOutput, ...hotUpdates];
