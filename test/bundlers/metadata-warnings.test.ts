import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { buildApp, makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { node, type Ran, ROOT, scopeGen } from "../support/run.ts";

/** Both environments in one command: `vite build --app` runs them one after the other. */
const VITE_CONFIG = `
  import scope from "unplugin-scope/vite";
  const build = (outDir) => ({ build: { outDir, rollupOptions: { input: "src/main.ts" } } });
  export default {
    plugins: [scope(JSON.parse(process.env.TEST_PLUGIN_OPTIONS))],
    environments: { client: build("out/client"), ssr: build("out/server") },
    builder: {},
  };
`;
const VITE = join(ROOT, "node_modules", "vite", "bin", "vite.js");

type RunBuild = (root: string, env: Readonly<Record<string, string>>) => Promise<Ran>;
const BUILDS: readonly (readonly [string, RunBuild])[] = [
  [
    "Vite, client and ssr",
    async (root, env) => {
      const ran = await node([VITE, "build", "--app"], { cwd: root, env });
      expect(await readdir(join(root, "out")), ran.stderr).toEqual(["client", "server"]);
      return ran;
    },
  ],
  ["Rolldown", (root, env) => buildApp("rolldown", root, env)],
  ["webpack", (root, env) => buildApp("webpack", root, env)],
];

const READS = 'import hi, { metadata } from "scope:hi";\n';
const READS_NOT = 'import hi from "scope:hi?label=production";\n';

/** Two files import the prompt, whose version 2 breaks the committed metadata. */
async function built(build: RunBuild, reads: boolean, options: object): Promise<string> {
  const dir = await temporaryFolder();
  const save = (versions: Readonly<Record<number, object>>) =>
    writeTree(dir, {
      ...Object.fromEntries(Object.keys(versions).map((number) => [`hi/${number}.md`, "Hi."])),
      "hi/prompt.json": JSON.stringify({
        versions: Object.fromEntries(
          Object.entries(versions).map(([number, metadata]) => [number, { metadata }]),
        ),
      }),
    });
  await save({ 1: { model: "small" } });
  const platform = await startPlatform({ dir });
  onTestFinished(() => platform.close());
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "vite.config.js": VITE_CONFIG,
    "src/main.ts":
      'import { one } from "./one.ts";\nimport { two } from "./two.ts";\nconsole.log(one, two);\n',
    "src/one.ts": `${READS_NOT}export const one = hi();\n`,
    "src/two.ts": reads
      ? `${READS}export const two = hi() + metadata.model;\n`
      : `${READS_NOT}export const two = hi();\n`,
  });
  await mkdir(join(root, "node_modules"));
  await symlink(ROOT, join(root, "node_modules", "unplugin-scope"), "dir");
  const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  await save({ 1: { model: "small" }, 2: {} });
  const { code, stdout, stderr } = await build(root, {
    ...platform.env,
    TEST_PLUGIN_OPTIONS: JSON.stringify({ clientBundle: "allow", ...options }),
  });
  expect(code, stderr).toBe(0);
  return stdout + stderr;
}

describe.each(BUILDS)("%s", (_build, build) => {
  it.each([
    [
      "no code reads",
      false,
      {},
      'changes the contract (metadata "model" is gone), and no import reads its metadata',
    ],
    [
      "the config ships",
      true,
      { contract: { metadata: "warn" } },
      'changes the contract (metadata "model" is gone). Run',
    ],
  ])(
    "warns once about broken metadata that %s, however often the prompt is imported",
    async (_, reads, options, warning) => {
      const printed = await built(build, reads, options);
      expect(printed.split(warning).length - 1, printed).toBe(1);
      expect(printed.split("changes the contract").length - 1, printed).toBe(1);
    },
  );
});
