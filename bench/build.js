// Warm builds of 1,000 prompts through the plugin, beside the same modules as .ts files on disk, in one process.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, row } from "./compile-source.js";
import { manyPrompts } from "./size-prompts.js";
import { pullFrom } from "./support/pull.js";

const PROMPTS = 1000;
const WARM_UPS = 3;
const ROUNDS = 21;

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  const app = await makeApp();
  // The plugin must see a build, not a test run, and never the platform.
  process.env.SCOPE_FETCH = "never";
  try {
    return {
      rows: [
        row("cached Vite build of 1,000 prompts", await ratio(app, viteBuild), 1.0),
        row("cached esbuild build of 1,000 prompts", await ratio(app, esbuildBuild), 1.1),
      ],
    };
  } finally {
    delete process.env.SCOPE_FETCH;
    await rm(app.root, { recursive: true });
  }
}

/** An app that imports every prompt through the plugin, and its twin that imports the same modules from disk. */
async function makeApp() {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-"));
  const prompts = manyPrompts(PROMPTS);
  for (const { name, text } of prompts) {
    await mkdir(join(root, "platform", name), { recursive: true });
    await writeFile(join(root, "platform", name, "1.md"), text);
  }
  const main = (specifier) =>
    [
      ...prompts.map(({ name }, i) => `import p${i} from "${specifier(name)}";`),
      `export default [${prompts.map((_, i) => `p${i}`).join(", ")}];`,
    ].join("\n");
  await mkdir(join(root, "src"));
  await writeFile(join(root, "package-lock.json"), "{}");
  await writeFile(
    join(root, "src", "plugin.ts"),
    main((name) => `scope:${name}`),
  );
  await writeFile(
    join(root, "src", "disk.ts"),
    main((name) => `../disk/${name}.ts`),
  );
  await pullFrom(join(root, "platform"), root);
  await build("vite", root, "plugin", true, viteBuild);
  await mkdir(join(root, "disk"));
  const [folder] = (await readdir(join(root, ".scope"))).filter((name) =>
    name.startsWith("build-production-"),
  );
  const generated = join(root, ".scope", folder);
  for (const file of await readdir(generated)) {
    const code = await readFile(join(generated, file), "utf8");
    const name = file === "helper.js" ? "helper.ts" : `${file.split("@")[0]}.ts`;
    await writeFile(
      join(root, "disk", name),
      `// @ts-nocheck\n${code.replace("./helper.js", "./helper.ts")}`,
    );
  }
  return { root };
}

async function ratio({ root }, bundle) {
  const ratios = [];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    // Turn about, and compared round by round: whatever else the machine does meets both.
    const times = {};
    for (const kind of round % 2 === 0 ? ["plugin", "disk"] : ["disk", "plugin"]) {
      const startedAt = performance.now();
      await build(bundle.name, root, kind, kind === "plugin", bundle);
      times[kind] = performance.now() - startedAt;
    }
    if (round >= 0) ratios.push(times.plugin / times.disk);
  }
  return median(ratios);
}

function build(_name, root, entry, usesPlugin, bundle) {
  return bundle(root, join(root, "src", `${entry}.ts`), join(root, "out", entry), usesPlugin);
}

async function viteBuild(root, entry, outDir, usesPlugin) {
  const { build } = await import("vite");
  const { default: scope } = await import("../dist/vite.js");
  await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: usesPlugin ? [scope()] : [],
    build: { ssr: entry, outDir, minify: false },
  });
}

async function esbuildBuild(root, entry, outDir, usesPlugin) {
  const { build } = await import("esbuild");
  const { default: scope } = await import("../dist/esbuild.js");
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: outDir,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    plugins: usesPlugin ? [scope()] : [],
  });
}
