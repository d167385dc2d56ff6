import { lstat, readdir, readFile, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ScopeError } from "../../../src/errors/scope-error.ts";
import { makeApp } from "../../support/app.ts";
import { readTree } from "../../support/file-tree.ts";
import { linkPackage, node } from "../../support/run.ts";
import { cli, testProject } from "../cli-helpers.ts";

const CREDENTIALS = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s3cret" };
const packageJson = (names: readonly string[], more: object = {}) =>
  `${JSON.stringify({ ...more, devDependencies: Object.fromEntries(names.map((name) => [name, "*"])) }, null, 2)}\n`;

/** What `init --yes --json` says in a project: see also the recorded sessions in samples/init and samples/set-up. */
async function initIn(root: string, env: Readonly<Record<string, string>> = CREDENTIALS) {
  const ran = await cli(["init", "--yes", "--json"], { cwd: root, env });
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout);
}

/** Text and time of every file but git's. */
async function contents(root: string): Promise<ReadonlyMap<string, string>> {
  const times = [...(await readTree(root))].filter(([path]) => !path.startsWith(".git/"));
  return new Map(
    await Promise.all(
      times.map(async ([path, text]) => [path, `${(await stat(join(root, path))).mtimeMs} ${text}`] as const),
    ),
  );
}

// biome-ignore format: one row a line
it.each<[string, Record<string, string>, string]>([
  ["Next", { "next.config.mjs": "export default {};\n" }, "export default withScope(nextConfig);"],
  ["Nuxt", { "nuxt.config.ts": "export default defineNuxtConfig({ modules: [] });\n" }, 'modules: ["unplugin-scope/nuxt"]'],
  ["webpack", { "webpack.config.js": "module.exports = {};\n" }, 'import scope from "unplugin-scope/webpack";'],
  ["Rspack", { "rspack.config.mjs": "export default { plugins: [] };\n" }, "unplugin-scope/rspack"],
  ["esbuild", { "esbuild.config.mjs": "" }, "unplugin-scope/esbuild"],
  ["Jest", { "package.json": packageJson(["jest"]) }, "jest.map.json"],
])(
  "%s: no file of it is changed, and its lines are printed",
  async (name, files, expected) => {
    const root = await makeApp(files);
    const steps = async () => {
      const { changes, manual } = await initIn(root);
      // Nothing that the host doesn't read.
      for (const { file } of changes) expect(file).toMatch(/^(?:scope\.config\.\w+|\.gitignore)$/);
      return manual.filter(({ what }: { what: string }) => what.includes("(unplugin-scope/docs/"));
    };
    expect((await steps()).slice(0, 1)).toEqual([
      {
        what: expect.stringMatching(
          new RegExp(`(?:for|to) ${name}\\b.*\\(unplugin-scope/docs/[\\w/.-]+\\.md(?:#[\\w-]+)?\\)$`),
        ),
        code: expect.stringContaining(expected),
      },
    ]);
    for (const [file, text] of Object.entries(files)) {
      if (file !== "vite.config.js") expect(await readFile(join(root, file), "utf8")).toBe(text);
    }
  },
);

// Issue 40: "Often no config is needed at all".
it("no config is written where it would say nothing; everything works without, and a pin creates one", async () => {
  const { root, env } = await testProject(
    {
      "package.json": packageJson(["typescript", "unplugin-scope"], { type: "module" }),
      "tsconfig.json": '{ "compilerOptions": { "types": [], "outDir": "dist" } }',
      "src/main.js": 'import welcome from "scope:welcome";\nconsole.log(welcome({ name: "Ada" }));\n',
    },
    { "welcome/1.md": "Hello {{name}}" },
  );
  await linkPackage(root);
  const succeeds = async (...argv: string[]) => {
    const ran = await cli(argv, { cwd: root, env });
    expect([argv, ran.code], ran.stderr).toEqual([argv, 0]);
    return ran.stdout;
  };
  const { found, changes } = JSON.parse(await succeeds("init", "--yes", "--json"));
  expect([found, changes]).toEqual([expect.stringContaining("No config is needed"), []]);
  for (const command of ["pull", "check", "types", "doctor", "list"]) await succeeds(command);
  const ran = await node(["--import", "unplugin-scope/register", "src/main.js"], { cwd: root });
  expect(ran.stdout || ran.stderr).toBe("Hello Ada\n");
  await succeeds("pin", "welcome", "--to", "1", "--yes");
  expect(await readFile(join(root, "scope.config.json"), "utf8")).toContain('"welcome"');
  await succeeds("check");
  const asked = await testProject({ "package.json": packageJson([]) }, {});
  const choose = async () => "reviewed";
  await cli(["init"], { cwd: asked.root, env, choose, confirm: async () => true });
  expect(await readFile(join(asked.root, "scope.config.mjs"), "utf8")).toContain('fetch: "never"');
});

describe("asking", () => {
  const FILES = {
    "package.json": packageJson(["vite"]),
    "vite.config.ts": "export default { plugins: [] };\n",
    "AGENTS.md": "# Rules\n",
  };
  const ask = (cwd: string, confirm: () => Promise<boolean>, choose?: () => Promise<string>) =>
    cli(["init"], { cwd, env: CREDENTIALS, confirm, ...(choose && { choose }) });

  it("asks which mode a new config is for, and says what that means", async () => {
    const root = await makeApp(FILES);
    const run = (choose: () => Promise<string>) => ask(root, async () => true, choose);
    const { code, stdout, stderr } = await run(async () => "reviewed");
    expect(code).toBe(0);
    expect(stderr).toContain("A build uses what's committed.");
    expect(stderr).toContain("To get new versions: npx scope-gen pull.");
    expect(stdout).toMatch(/\nThen: npx scope-gen pull\n$/);
    expect(await readFile(join(root, "scope.config.mjs"), "utf8")).toContain('\n  fetch: "never",\n});');
    // A config that is there has its mode: nothing is asked, and the next command goes by it.
    const again = await run(() => Promise.reject(new TypeError("Nothing is to be asked.")));
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/\nThen: npx scope-gen pull\n$/);
  });

  it("Ctrl-C at a question ends it, and keeps what was confirmed", async () => {
    const root = await makeApp(FILES);
    let questions = 0;
    const { code, stderr } = await ask(root, async () => {
      questions += 1;
      if (questions === 1) return true;
      throw new ScopeError("The command was stopped before it finished.", { code: "cli_interrupted" });
    });
    expect([code, stderr]).toEqual([130, expect.stringContaining("cli_interrupted")]);
    expect(await readdir(root)).toContain("scope.config.mjs");
    expect(await readFile(join(root, "vite.config.ts"), "utf8")).toBe(FILES["vite.config.ts"]);
  });

  it("a file that changed while the question was open isn't overwritten", async () => {
    const root = await makeApp(FILES);
    const { code, stderr } = await ask(root, async () => {
      await writeFile(join(root, "vite.config.ts"), "export default { mine: true };\n");
      return true;
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("file_changed")]);
    expect(await readFile(join(root, "vite.config.ts"), "utf8")).toBe("export default { mine: true };\n");
  });

  it("a file behind a link is changed at its real path", async () => {
    const root = await makeApp({ "shared/vite.config.ts": "export default { plugins: [] };\n" });
    await symlink(join(root, "shared/vite.config.ts"), join(root, "vite.config.ts"));
    await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
    expect((await lstat(join(root, "vite.config.ts"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(root, "shared/vite.config.ts"), "utf8")).toContain("scope()");
  });

  // Issue 24, row 10.
  it("a link that leads outside is refused with the real path, before anything changes", async () => {
    const outside = await makeApp({ "vite.config.ts": "export default { plugins: [] };\n" });
    const root = await makeApp({
      "package-lock.json": "{}",
      "package.json": packageJson(["vite", "typescript"]),
    });
    await symlink(join(outside, "vite.config.ts"), join(root, "vite.config.ts"));
    const before = [await contents(root), await contents(outside)];
    const { code, stdout, stderr } = await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
    expect([code, stderr]).toEqual([1, expect.stringContaining("leads_outside")]);
    expect(stdout + stderr).toContain(join(await realpath(outside), "vite.config.ts"));
    expect([await contents(root), await contents(outside)]).toEqual(before);
  });
});

it("AGENTS.md gets a paragraph for coding agents once, in its own line endings", async () => {
  const root = await makeApp({ "AGENTS.md": "# Rules\r\n\r\nBe kind.", "src/a.ts": "" });
  await initIn(root);
  const text = await readFile(join(root, "AGENTS.md"), "utf8");
  expect(text).toMatch(/^# Rules\r\n\r\nBe kind\.\r\n\r\n## Prompts\r\n/);
  expect(text).toContain("node_modules/unplugin-scope/skills/unplugin-scope/SKILL.md");
  expect(text.replaceAll("\r\n", "")).not.toContain("\n");
  const before = await contents(root);
  await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
  expect(await contents(root)).toEqual(before);
});
