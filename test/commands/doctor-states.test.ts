import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { examineNode } from "../../src/commands/doctor/examine.ts";
import { writeTree } from "../support/app.ts";
import { cli, recordRun, type TestProject, testProject } from "./cli-helpers.ts";
import { commitAll } from "./git-repository.ts";

const SECRET = "s3cret-of-the-platform";
const PLUGIN = 'import scope from "unplugin-scope/vite"; export default { plugins: [scope()] };\n';
const APP = {
  ".gitignore": ".env.local\n.scope/\nnode_modules/\n",
  "package.json": '{ "devDependencies": { "unplugin-scope": "*", "vite": "*" } }',
  "scope.config.json": "{}",
  "tsconfig.json": '{ "include": ["src"] }',
  "vite.config.ts": PLUGIN,
  "src/a.ts": 'import a from "scope:welcome";\n',
  "node_modules/unplugin-scope/package.json": '{ "name": "unplugin-scope", "version": "0.1.0" }',
};
const without = (...names: string[]) => Object.fromEntries(names.map((name) => [name, ""]));

/** A committed project that is set up, pulled and built. */
async function setUp(files: Readonly<Record<string, string>> = {}, tool = "vite"): Promise<TestProject> {
  const project = await testProject(
    { ...APP, ...files },
    { "welcome/1.md": "Hello {{name}}" },
    { credentials: { apiSecret: SECRET } },
  );
  const { root, env } = project;
  for (const [name, text] of Object.entries(files)) if (text === "") await rm(join(root, name));
  expect(await cli(["pull"], { cwd: root, env })).toMatchObject({ code: 0 });
  await commitAll(root, "Set up");
  if (tool) await recordRun(root, tool, "src/a.ts");
  return project;
}

/** Everything that isn't in order, as it is shown. */
async function said(root: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const { stdout } = await cli(["doctor", "--json"], { cwd: root, env });
  expect(stdout).not.toContain(SECRET);
  const checks: Record<string, string>[] = JSON.parse(stdout).checks;
  return checks
    .filter(({ status }) => status !== "ok")
    .map(({ status, check, message, fix }) => `${status} ${check}: ${message} → ${fix}`);
}

/** The way from a sound project to a broken one; the environment to ask with, if it's another. */
type Break = (project: TestProject) => Promise<unknown>;
const writes =
  (files: Readonly<Record<string, string>>): Break =>
  ({ root }) =>
    writeTree(root, files);

it.each<[string, Break, RegExp]>([
  [
    "the plugin removed from the config",
    writes({ "vite.config.ts": "export default {};\n" }),
    /^warning runs: src\/a\.ts imports scope:welcome; .* No config names the plugin\. Run: scope-gen init/,
  ],
  [
    "the plugin never added",
    async ({ root }) => {
      await rm(join(root, ".scope"), { recursive: true });
      await writeFile(join(root, "vite.config.ts"), "export default {};\n");
    },
    /^warning runs: .*No config names the plugin\. Run: scope-gen init \(it adds what Vite needs\)$/,
  ],
  [
    "types excluded",
    writes({ "tsconfig.json": '{ "include": ["src"],\n  "exclude": ["src/scope-types"] }' }),
    /^problem tsconfig: tsconfig\.json excludes src\/scope-types: line 2 .* → Remove it from "exclude"\.$/,
  ],
  [
    "types ignored",
    writes({ ".gitignore": `${APP[".gitignore"]}scope-types\n` }),
    /^warning types: Git ignores src\/scope-types, .*\.gitignore:4 \(scope-types\)\. → Remove that line, then run: git add src\/scope-types$/,
  ],
  [
    "the snapshot ignored",
    writes({ ".gitignore": `${APP[".gitignore"]}/scope/\n` }),
    /^warning snapshot: Git ignores scope, .*\.gitignore:4 \(\/scope\/\)\. → Remove that line, then run: git add scope$/,
  ],
  [
    "a prompt deleted",
    ({ prompts }) => rm(join(prompts, "welcome"), { recursive: true }),
    /^problem platform: .*404 for prompt "welcome".* → Create welcome@production on the platform, or remove its import\.$/,
  ],
  [
    "a secret written",
    writes({ "scope.config.json": `{ "credentials": { "apiSecret": "${SECRET}" } }` }),
    /^problem credentials: scope\.config\.json:1: apiSecret is the secret itself, .* → Make a new secret on the platform, and set it as SCOPE_API_SECRET/,
  ],
  [
    "a wrong address",
    ({ platform }) => platform.close(),
    /^problem login: .*ECONNREFUSED.* → Nothing listens there\. To start the local platform: scope-gen serve --port \d+$/,
  ],
  [
    "a runtime import of a devDependency",
    async ({ root }) => {
      const record = join(root, ".scope/runs/vite.json");
      const text = await readFile(record, "utf8");
      await writeFile(record, text.replace('"scope:welcome"', '"scope:welcome", "unplugin-scope/messages"'));
    },
    /^warning package: What vite built imports unplugin-scope\/messages when it runs\. → .* Run: npm install --save-prod unplugin-scope$/,
  ],
])("broken: %s", async (_, breaks, expected) => {
  const project = await setUp();
  expect(await said(project.root, project.env)).toEqual([]);
  await breaks(project);
  expect(await said(project.root, project.env)).toEqual([expect.stringMatching(expected)]);
});

it("broken: a wrong Node", () => {
  const { status, message, fix } = examineNode("18.20.0");
  expect(`${status}: ${message} → ${fix}`).toMatch(/^problem: .*18\.20\.0.* → Use Node 20\.19 or newer/);
});

it.each<[string, Record<string, string>, string?]>([
  ["a config that names the plugin, before any run", {}, ""],
  ["a config of data that names nothing", { "scope.config.json": "", "scope.config.yaml": "{}" }],
  ["no config at all", without("scope.config.json")],
  ["no tsconfig", without("tsconfig.json")],
  ["types in one file", { "scope.config.json": '{ "dts": "src/prompts.d.ts" }' }],
  ["no types", { "scope.config.json": '{ "dts": false }' }],
  ["a snapshot with another name", { "scope.config.json": '{ "snapshotDir": "prompts" }' }],
  ["code that Node runs with /register", { ...without("vite.config.ts") }, "register"],
  ["a build by a script that no config names", without("vite.config.ts"), "esbuild"],
  [
    "a tsconfig that excludes tests, and a .gitignore with an exception",
    {
      "tsconfig.json": '{ "include": ["src"], "exclude": ["src/**/*.test.ts"] }',
      ".gitignore": `${APP[".gitignore"]}*.d.ts\n!/src/scope-types/*.d.ts\n`,
    },
  ],
])("sound: %s", async (_, files, tool) => {
  const { root, env } = await setUp(files, tool);
  expect(await said(root, env)).toEqual([]);
});
