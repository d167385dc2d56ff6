import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { examineNode } from "../../../src/commands/setup/examine.ts";
import { writeTree } from "../../support/app.ts";
import { cli, recordRun, type TestProject, testProject } from "../cli-helpers.ts";
import { commitAll } from "../git-repository.ts";

const SECRET = "s3cret-of-the-platform";
const OTHER = "an0ther-s3cret-value";
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
    {
      "welcome/1.md": "Hello {{name}}",
      "welcome/prompt.json": '{ "id": "prompt_01JQ8Z6X4T7M2R9V5K3D1C0B8A" }',
    },
    { credentials: { apiSecret: SECRET } },
  );
  const { root } = project;
  for (const [name, text] of Object.entries(files)) if (text === "") await rm(join(root, name));
  expect(await project.run("pull")).toMatchObject({ code: 0 });
  await commitAll(root, "Set up");
  if (tool) await recordRun(root, tool, "src/a.ts");
  return project;
}

/** Everything that isn't in order, as it is shown. */
async function said(root: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const { stdout } = await cli(["doctor", "--json"], { cwd: root, env });
  for (const secret of [SECRET, OTHER]) expect(stdout).not.toContain(secret);
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
    /^warning runs: .*No config names the plugin\. Run: scope-gen init \(it adds or prints what Vite needs\)$/,
  ],
  [
    "types excluded",
    writes({ "tsconfig.json": '{ "include": ["src"],\n  "exclude": ["src/scope-types"] }' }),
    /^problem tsconfig: tsconfig\.json excludes src\/scope-types: line 2 .* → Remove it from "exclude"\.$/,
  ],
  [
    "types ignored",
    writes({ ".gitignore": `${APP[".gitignore"]}scope-types\n` }),
    /^warning types: Git ignores new files in src\/scope-types, .*\.gitignore:4 \(scope-types\)\. → Remove that line, then run: git add src\/scope-types$/,
  ],
  [
    "the snapshot ignored",
    writes({ ".gitignore": `${APP[".gitignore"]}/scope/\n` }),
    /^warning snapshot: Git ignores new files in scope, .*\.gitignore:4 \(\/scope\/\)\. → Remove that line, then run: git add scope$/,
  ],
  [
    "a prompt deleted",
    ({ prompts }) => rm(join(prompts, "welcome"), { recursive: true }),
    /^problem platform: .*404 for prompt "welcome".* → Create welcome@production on the platform, or remove its import\. /,
  ],
  [
    "a wrong path in the address of prompts alone",
    async ({ env }) => ({ ...env, SCOPE_API_URL: `${env.SCOPE_API_URL}/wrong` }),
    /^problem platform: .* → Create welcome.* If it's there, check the address: no prompt was found at http:\S+\/wrong\.$/,
  ],
  [
    "a prompt renamed",
    ({ prompts }) => rename(join(prompts, "welcome"), join(prompts, "greeting")),
    /^warning platform: welcome@production was renamed to "greeting" on the platform\. → Change the name/,
  ],
  [
    "a secret written",
    writes({ "scope.config.json": `{ "credentials": { "apiSecret": "${SECRET}" } }` }),
    /^problem credentials: scope\.config\.json:1: apiSecret is the secret itself, .* → Delete it there, replace it on the platform, .* and set the new one as SCOPE_API_SECRET/,
  ],
  [
    "a secret written in the bundler's config alone",
    writes({
      "vite.config.ts": PLUGIN.replace("scope()", `scope({ credentials: { apiSecret: "${OTHER}" } })`),
    }),
    /^problem credentials: vite\.config\.ts:1: apiSecret is the secret itself, .* → Delete it there/,
  ],
  [
    "a committed secret that another file overrides",
    async ({ root }) => {
      await writeTree(root, {
        ".env": `A=1\nSCOPE_API_SECRET=${OTHER}\n`,
        ".env.local": "SCOPE_API_SECRET=x\n",
      });
      await commitAll(root, "Add a secret");
    },
    /^problem credentials: \.env:2: SCOPE_API_SECRET is the secret itself, .* → Delete it there/,
  ],
  [
    "a secret that .env.local gives, written in code",
    writes({
      ".env.local": `SCOPE_API_SECRET=${OTHER}\n`,
      "vite.config.ts": `${PLUGIN}const key = \`${OTHER}\`;\n`,
    }),
    /^problem credentials: vite\.config\.ts:2: key is the secret itself, /,
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
  const env = await breaks(project);
  expect(await said(project.root, (env as typeof project.env) ?? project.env)).toEqual([
    expect.stringMatching(expected),
  ]);
});

it("broken: a wrong Node", () => {
  const { status, message, fix } = examineNode("18.20.0");
  expect(`${status}: ${message} → ${fix}`).toMatch(/^problem: .*18\.20\.0.* → Use Node 20\.19 or newer/);
});

it.each<[string, Record<string, string>, string?]>([
  ["a config that names the plugin, before any run", {}, ""],
  ["a config of data that names nothing", { "scope.config.json": "", "scope.config.yaml": "{}" }],
  ["no config at all", without("scope.config.json")],
  [
    "credentials of the environment and of an example, in config and comment",
    {
      "vite.config.ts": PLUGIN.replace(
        "scope()",
        'scope({ credentials: { apiSecret: process.env.SCOPE_API_SECRET } /* apiSecret: "your-secret-here" */ })',
      ),
      ".env.example": "SCOPE_API_SECRET=your-secret-goes-here\n",
    },
  ],
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

it("a clone without snapshot and credentials: what is missing, and no command that can't work", async () => {
  const { root } = await setUp();
  const types = join(root, "src/scope-types/welcome.d.ts");
  const before = await readFile(types, "utf8");
  await rm(join(root, "scope"), { recursive: true });
  expect(await said(root, {})).toEqual([
    expect.stringMatching(
      /^warning credentials: None are set, so a build has only what is committed\. → Set SCOPE_API_URL/,
    ),
    expect.stringMatching(
      /^problem snapshot: Imported and not committed: .* → Nothing is committed in .*\. Set SCOPE_API_URL.*, then run: scope-gen pull$/,
    ),
  ]);
  const { code, stderr } = await cli(["types"], { cwd: root });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /snapshot_missing {2}.* all types would be removed[\s\S]*scope[\s\S]*scope-gen pull/,
  );
  expect(await readFile(types, "utf8")).toBe(before);
});
