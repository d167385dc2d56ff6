// A cached build of one prompt as a whole process, with the config that `init` writes, beside the same module from disk.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { median, row } from "./compile-source.js";
import { pullFrom } from "./support/pull.js";

const WARM_UPS = 2;
const ROUNDS = 15;
const CONFIG = `import { defineConfig } from "unplugin-scope";

export default defineConfig({
  // Prompts that the code imports are found by themselves: "scope:<name>".
  label: "production",
});
`;
const DIST = new URL("../dist/", import.meta.url);
const PACKAGES = pathToFileURL(join(import.meta.dirname, "..", "package.json")).href;

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-"));
  try {
    await makeApp(root);
    return {
      rows: [
        row(
          "whole process, cached Vite build of one prompt, against the module on disk",
          ratio(root, "vite"),
          1.1,
        ),
        row(
          "whole process, cached esbuild build of one prompt, against the module on disk",
          ratio(root, "esbuild"),
          1.15,
        ),
      ],
    };
  } finally {
    await rm(root, { recursive: true });
  }
}

async function makeApp(root) {
  const files = {
    "platform/greeting/1.md":
      "Write a short greeting for {{name}}, who opened {{product}} for the first time.",
    "package-lock.json": "{}",
    "scope.config.ts": CONFIG,
    "plugin.ts": `import greeting from "scope:greeting";\nconsole.log(greeting({ name: "a", product: "b" }));\n`,
    "disk.ts": `import greeting from "./disk/greeting.ts";\nconsole.log(greeting({ name: "a", product: "b" }));\n`,
    "vite.mjs": viteScript(),
    "esbuild.mjs": esbuildScript(),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, ".."), { recursive: true });
    await writeFile(join(root, name), text);
  }
  await pullFrom(join(root, "platform"), root);
  build(root, "vite", "plugin");
  const [folder] = (await readdir(join(root, ".scope"))).filter((name) =>
    name.startsWith("build-production-"),
  );
  await mkdir(join(root, "disk"));
  for (const file of await readdir(join(root, ".scope", folder))) {
    if (!file.endsWith(".js")) continue;
    const name = file === "helper.js" ? "helper.ts" : "greeting.ts";
    const code = await readFile(join(root, ".scope", folder, file), "utf8");
    await writeFile(
      join(root, "disk", name),
      `// @ts-nocheck\n${code.replace("./helper.js", "./helper.ts")}`,
    );
  }
}

function ratio(root, bundler) {
  const ratios = [];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const times = {};
    for (const kind of round % 2 === 0 ? ["plugin", "disk"] : ["disk", "plugin"])
      times[kind] = build(root, bundler, kind);
    if (round >= 0) ratios.push(times.plugin / times.disk);
  }
  return median(ratios);
}

/** @returns wall time in ms */
function build(root, bundler, kind) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [`${bundler}.mjs`, kind], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, SCOPE_FETCH: "never", NODE_ENV: "production", VITEST: undefined },
  });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - startedAt;
}

function viteScript() {
  return `import { createRequire } from "node:module";
const { build } = await import(createRequire(${JSON.stringify(PACKAGES)}).resolve("vite").replace(/index\\.cjs$/, "node/index.js"));
const kind = process.argv[2];
const plugins = kind === "plugin" ? [(await import(${JSON.stringify(new URL("vite.js", DIST).href)})).default()] : [];
await build({ configFile: false, logLevel: "error", plugins, build: { ssr: kind + ".ts", outDir: "out-" + kind, minify: false } });
`;
}

function esbuildScript() {
  return `import { createRequire } from "node:module";
const { build } = createRequire(${JSON.stringify(PACKAGES)})("esbuild");
const kind = process.argv[2];
const plugins = kind === "plugin" ? [(await import(${JSON.stringify(new URL("esbuild.js", DIST).href)})).default()] : [];
await build({ entryPoints: [kind + ".ts"], outdir: "out-" + kind, bundle: true, format: "esm", platform: "node", logLevel: "error", plugins });
`;
}
