import { chmod, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { type CliSetup, cli, type TestProject, testProject } from "./cli-helpers.ts";
import { commitAll, git } from "./git-repository.ts";

const PROMPTS = {
  "hi/1.md": "One {{name}}",
  "hi/prompt.json": JSON.stringify({ versions: { 1: { id: "version_one" }, 2: { id: "version_two" } } }),
  "bye/1.md": "Bye",
};
const APP = { "src/a.ts": `import hi from "scope:hi";\n` };

/** Version 1 and then version 2 of "hi" pulled and committed; version 3 is on the platform alone. */
async function twoPulls(files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  const config = "scope.config.ts" in files ? {} : { "scope.config.json": "{}\n" };
  const project = await testProject({ ...APP, ...config, ...files }, PROMPTS);
  const { root, env } = project;
  await commitAll(root, "Begin");
  for (const text of ["One {{name}}", "Two {{name}}", "Three {{name}}"]) {
    const number = ["One", "Two", "Three"].findIndex((word) => text.startsWith(word)) + 1;
    await project.prompt(`hi/${number}.md`, text);
    if (number === 3) break;
    const pulled = await cli(["pull"], { cwd: root, env });
    expect(pulled.code, pulled.stderr).toBe(0);
    await commitAll(root, `Take version ${number}`);
  }
  return project;
}

/** A command's JSON document; it must succeed. */
async function json(argv: readonly string[], setup: CliSetup) {
  const ran = await cli([...argv, "--json"], setup);
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout);
}

const config = async (root: string) => JSON.parse(await readFile(join(root, "scope.config.json"), "utf8"));

describe("pin", () => {
  it("without a flag: what is committed now", async () => {
    const { root } = await twoPulls();
    expect(await json(["pin", "hi", "--yes"], { cwd: root })).toEqual({
      key: "hi",
      name: "hi",
      pin: { version: "version_two" },
      versionNumber: 2,
      found: "snapshot",
      action: "changed",
      files: ["scope.config.json", "scope/hi@version-2.json", "src/scope-types"],
    });
    expect(await config(root)).toEqual({ prompts: { hi: { version: "version_two" } } });
    expect(await json(["pin", "hi", "--yes"], { cwd: root })).toMatchObject({ action: "none", files: [] });
  });

  it("--previous: the committed version while a pull isn't committed, then the one before it", async () => {
    const { root, env } = await twoPulls();
    await cli(["pull"], { cwd: root, env });
    expect(await json(["pin", "hi", "--previous", "--yes"], { cwd: root })).toMatchObject({
      versionNumber: 2,
    });
    expect(await json(["pin", "hi", "--previous", "--yes"], { cwd: root })).toMatchObject({
      versionNumber: 1,
      found: expect.stringMatching(/^git [0-9a-f]{10}$/),
    });
    expect(await config(root)).toEqual({ prompts: { hi: { version: "version_one" } } });
  });

  it("--previous of a prompt that was always pinned goes back from pin to pin", async () => {
    const pinned = (id: string) => JSON.stringify({ prompts: { hi: { version: id } } });
    const { root, env } = await testProject({ ...APP, "scope.config.json": pinned("version_one") }, PROMPTS);
    await cli(["pull"], { cwd: root, env });
    await commitAll(root, "One");
    await writeTree(root, { "scope.config.json": pinned("version_two") });
    const project = await twoPulls();
    await cli(["pull", "--prune"], { cwd: root, env: project.env });
    await commitAll(root, "Two");
    expect(await json(["pin", "hi", "--previous", "--yes"], { cwd: root })).toMatchObject({
      pin: { version: "version_one" },
    });
  });

  it("--to a number or an ID: from the snapshot and git without a platform, else from the platform", async () => {
    const { root, env } = await twoPulls();
    for (const [to, version, place] of [
      ["2", "version_two", /^snapshot$/],
      ["version_one", "version_one", /^git /],
      ["1", "version_one", /^snapshot$/],
    ] as const) {
      const result = await json(["pin", "hi", "--to", to, "--yes"], { cwd: root });
      expect(result).toMatchObject({ pin: { version }, found: expect.stringMatching(place) });
      const rendered = await cli(["render", "hi", "--var", "name=Ada"], { cwd: root });
      expect(rendered.stdout).toBe(version === "version_one" ? "One Ada" : "Two Ada");
    }
    const asked = await json(["pin", "hi", "--to", "3", "--yes"], { cwd: root, env });
    expect(asked).toMatchObject({ versionNumber: 3, found: "production" });
  });

  it("mentions tsc if the contract differs, as the project runs it", async () => {
    const { root, env, prompt } = await twoPulls({ "pnpm-lock.yaml": "" });
    await prompt("hi/3.md", "Three {{name}} of {{place}}");
    const same = await cli(["pin", "hi", "--to", "1", "--yes"], { cwd: root, env });
    expect(same.stdout).toMatch(/\n\nThen: npx scope-gen check\n$/);
    const { stdout } = await cli(["pin", "hi", "--to", "3", "--yes"], { cwd: root, env });
    expect(stdout).toMatch(
      /\n\nThe contract differs: new variable "place"\nThen: pnpm tsc --noEmit\nThen: npx scope-gen check\n$/,
    );
  });

  it("a version that isn't found: where pin looked for it", async () => {
    const { root, env, platform } = await twoPulls();
    const asked = await cli(["pin", "hi", "--to", "9", "--yes"], { cwd: root, env });
    expect([asked.code, asked.stderr.replace(/\s+/g, " ")]).toEqual([
      1,
      expect.stringContaining(
        `Version 9 of this prompt wasn't found. prompt "hi" Looked in the snapshot (version 2), the git history (versions 1, 2), production (version 3), latest (version 3).`,
      ),
    ]);
    const alone = await cli(["pin", "hi", "--to", "version_nine", "--yes"], { cwd: root });
    expect(alone.stderr.replace(/\s+/g, " ")).toContain("not on the platform: no credentials are set");
    await platform.close();
    const quick = { "scope.config.json": '{ "retryBaseDelay": 0.01 }' };
    await writeTree(root, quick);
    const down = await cli(["pin", "hi", "--to", "9", "--yes"], { cwd: root, env });
    expect(down.stderr.replace(/\s+/g, " ")).toContain("the platform can't be reached");
    expect(await config(root)).toEqual({ retryBaseDelay: 0.01 });
  });

  it("reports a shallow clone, and a missing repository", async () => {
    const { root } = await twoPulls();
    const shallow = `${root}/clone`;
    await git(root, "clone", "--quiet", "--depth=1", `file://${root}`, shallow);
    const previous = await cli(["pin", "hi", "--previous", "--yes"], { cwd: shallow });
    expect(previous.code).toBe(1);
    expect(previous.stderr.replace(/\s+/g, " ")).toContain(
      "Looked in the git history (version 2; this clone is shallow: git fetch --unshallow)",
    );
    const { root: plain, env } = await testProject({ ...APP, "scope.config.json": "{}" }, PROMPTS);
    await cli(["pull"], { cwd: plain, env });
    const none = await cli(["pin", "hi", "--previous", "--yes"], { cwd: plain });
    expect(none.stderr.replace(/\s+/g, " ")).toContain("the git history (nothing; not a git repository");
  });

  it("asks on a terminal, and a no changes nothing", async () => {
    const { root } = await twoPulls();
    const before = await git(root, "status", "--short");
    const asked: string[] = [];
    const confirm = async (message: string) => {
      asked.push(message);
      return false;
    };
    const ran = await cli(["pin", "hi", "--previous"], { cwd: root, confirm });
    expect(asked).toEqual(["Change scope.config.json?"]);
    expect(ran).toMatchObject({ code: 0, stdout: "skipped\n" });
    expect(ran.stderr).toContain('+{ "prompts": { "hi": { "version": "version_one" } } }');
    expect(await git(root, "status", "--short")).toBe(before);
    await cli(["pin", "hi", "--previous", "--yes"], { cwd: root, confirm });
    expect(asked).toHaveLength(1);
    expect(await config(root)).toEqual({ prompts: { hi: { version: "version_one" } } });
  });

  it("changes nothing if there's nobody to ask, as init does", async () => {
    const { root } = await twoPulls();
    await cli(["pin", "hi", "--yes"], { cwd: root });
    await commitAll(root, "Pin");
    for (const argv of [
      ["pin", "hi", "--to", "1"],
      ["pin", "hi", "--to", "1", "--json"],
      ["unpin", "hi"],
    ]) {
      const { code, stdout, stderr } = await cli(argv, { cwd: root });
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(argv.includes("--json") ? "nothing is asked" : "no terminal to ask in");
      expect(stdout + stderr).toContain("add --yes");
      expect(await git(root, "status", "--short")).toBe("");
    }
  });

  it("--to takes what git has, and says if the platform has another text by now", async () => {
    const { root, env, prompt } = await twoPulls();
    await prompt("hi/1.md", "One, edited, {{name}}");
    const ran = await cli(["pin", "hi", "--to", "1", "--yes"], { cwd: root, env });
    expect(ran.stderr.replace(/\s+/g, " ")).toContain(
      "hi: the platform's version 1 has another text than the committed one, which is pinned.",
    );
    expect(ran.stdout).toMatch(/^hi is pinned to version 1, from git [0-9a-f]{10}\.\n/);
    const rendered = await cli(["render", "hi", "--var", "name=Ada"], { cwd: root, env });
    expect(rendered.stdout).toBe("One Ada");
  });

  it("creates the config if there is none", async () => {
    const { root, env } = await testProject({ ...APP, "tsconfig.json": "{}" }, PROMPTS);
    await cli(["pull"], { cwd: root, env });
    expect(await json(["pin", "hi", "--yes"], { cwd: root })).toMatchObject({ action: "created" });
    expect(await readFile(join(root, "scope.config.ts"), "utf8")).toContain(
      'defineConfig({\n  prompts: {\n    hi: { version: "version_one" },\n  },\n',
    );
    const list = await cli(["list"], { cwd: root });
    expect(list.stdout).toMatch(/^hi +version 1 +1 /m);
  });

  it("a config that isn't a single literal is left alone, and the error says what to write", async () => {
    const text = "const prompts = {};\nexport default { prompts };\n";
    const { root, env } = await testProject({ ...APP, "scope.config.mjs": text }, PROMPTS);
    await cli(["pull"], { cwd: root, env });
    const ran = await cli(["pin", "hi", "--yes"], { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("config_not_editable")]);
    expect(ran.stderr.replace(/\s+/g, " ")).toContain(
      'Write it by hand: prompts: { "hi": { version: "version_one" } }',
    );
    expect(await readFile(join(root, "scope.config.mjs"), "utf8")).toBe(text);
    // Written by hand, the command adds the rest.
    const byHand = 'export default { prompts: { hi: { version: "version_one" } } };\n';
    await writeTree(root, { "scope.config.mjs": byHand });
    expect(await json(["pin", "hi", "--to", "1", "--yes"], { cwd: root })).toMatchObject({ action: "none" });
    expect((await cli(["check"], { cwd: root })).code).toBe(0);
  });

  it("a config that is a link to somewhere outside is left alone, and the real path is named", async () => {
    const { root, prompts } = await twoPulls();
    const outside = join(await realpath(prompts), "outside.json");
    await writeFile(outside, "{}\n");
    await rm(join(root, "scope.config.json"));
    await symlink(outside, join(root, "scope.config.json"));
    for (const argv of [
      ["pin", "hi", "--yes"],
      ["pin", "hi", "--yes", "--previous"],
    ]) {
      const ran = await cli(argv, { cwd: root });
      expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("leads_outside")]);
      expect(ran.stderr).toContain(outside);
    }
    expect(await readFile(outside, "utf8")).toBe("{}\n");
    expect((await readdir(join(root, "scope"))).filter((name) => name.includes("version"))).toEqual([]);
  });

  it("a read-only config stays", async () => {
    const { root } = await twoPulls();
    const file = join(root, "scope.config.json");
    await chmod(file, 0o444);
    const ran = await cli(["pin", "hi", "--yes"], { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("file_read_only")]);
    expect([await readFile(file, "utf8"), (await stat(file)).mode & 0o777]).toEqual(["{}\n", 0o444]);
  });

  it("an alias by the prompt's name; with several it doesn't guess", async () => {
    const one = JSON.stringify({ prompts: { greeting: { prompt: "hi", label: "latest" } } });
    const { root, env } = await testProject(
      { "scope.config.json": one, "src/a.ts": `import hi from "scope:greeting";\n` },
      PROMPTS,
    );
    await cli(["pull"], { cwd: root, env });
    expect(await json(["pin", "hi", "--yes"], { cwd: root })).toMatchObject({ key: "greeting", name: "hi" });
    expect(await config(root)).toEqual({ prompts: { greeting: { prompt: "hi", version: "version_one" } } });
    await writeTree(root, {
      "scope.config.json": JSON.stringify({ prompts: { a: { prompt: "hi" }, b: { prompt: "hi" } } }),
    });
    const ran = await cli(["pin", "hi", "--yes"], { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("a or b")]);
  });

  it("refuses what it can't pin, and says why", async () => {
    const { root } = await twoPulls();
    await writeTree(root, {
      "src/b.ts": 'import b from "scope:bye";\nimport c from "scope:live?live";\n',
    });
    for (const [argv, why] of [
      [["hu"], 'Did you mean "hi"?'],
      [["hi", "--previous", "--to", "1"], "Each names a version: use one of them."],
      [["scope:hi?label=latest"], "Name the prompt: hi"],
      [["live"], "?live in src/b.ts:2"],
      [["bye"], "scope-gen pull"],
    ] as const) {
      const ran = await cli(["pin", ...argv, "--yes"], { cwd: root });
      expect([argv, ran.code, ran.stderr]).toEqual([argv, 1, expect.stringContaining(why)]);
    }
    expect(await config(root)).toEqual({});
  });

  it("names the imports that have their own version", async () => {
    const { root } = await twoPulls({ "src/b.ts": `\nimport h from "scope:hi?label=latest";\n` });
    const { stderr } = await cli(["pin", "hi", "--yes"], { cwd: root });
    expect(stderr).toContain("doesn't apply to them: src/b.ts:2");
  });
});

describe("during a rollback", () => {
  it("every command names the version by its number", async () => {
    const { root, env } = await twoPulls();
    const pinned = await cli(["pin", "hi", "--to", "1", "--yes"], { cwd: root, env });
    expect(pinned.stdout).not.toContain("version_one");
    for (const line of [
      "list",
      "list --tokens",
      "check",
      "check --format markdown",
      "check --format github",
      "pull",
      "diff hi",
      "lint",
      "doctor",
      "emit --out-dir out",
    ]) {
      const { stdout, stderr } = await cli(line.split(" "), { cwd: root, env });
      expect(stdout + stderr, line).not.toContain("version_one");
      if (line === "list") expect(stdout).toContain("hi@version 1: pinned to version 1; production is at 3");
    }
  });

  it("nothing advises to remove, or removes, what unpin goes back to", async () => {
    const { root, env } = await twoPulls();
    await cli(["pin", "hi", "--to", "1", "--yes"], { cwd: root });
    for (const argv of [["list"], ["pull"], ["pull", "--prune"]]) {
      const { stdout, stderr } = await cli(argv, { cwd: root, env });
      expect(stdout + stderr, argv.join(" ")).not.toMatch(/hi@production|--prune|Removed/);
    }
    await cli(["unpin", "hi", "--yes"], { cwd: root });
    expect((await cli(["render", "hi", "--var", "name=Ada"], { cwd: root })).stdout).toBe("Two Ada");
    const { stderr } = await cli(["pull", "--prune"], { cwd: root, env });
    expect(stderr).toContain("Removed from the snapshot: hi@version 1");
  });
});

describe("what a pinned version includes", () => {
  it("keeps its own pin, and is fetched if it isn't committed", async () => {
    const { root, env, prompt } = await testProject(
      { ...APP, "scope.config.json": '{ "syntax": "mustache" }' },
      { ...PROMPTS, "hi/1.md": "One {{> bye}}" },
    );
    await cli(["pull"], { cwd: root, env });
    await commitAll(root, "One");
    await prompt("hi/2.md", "Two");
    await cli(["pull", "--prune"], { cwd: root, env });
    await commitAll(root, "Two");
    const ran = await cli(["pin", "hi", "--previous", "--yes"], { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("bye@production")]);
    expect(ran.stderr).toContain("scope-gen pull");
    expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
    expect((await cli(["render", "hi", "--fetch", "never"], { cwd: root })).stdout).toBe("One Bye");
  });
});

describe("unpin", () => {
  it("of a prompt that isn't pinned changes nothing", async () => {
    const { root } = await twoPulls();
    expect(await json(["unpin", "hi", "--yes"], { cwd: root })).toMatchObject({
      action: "none",
      pin: { label: "production" },
      versionNumber: 2,
      files: [],
    });
  });

  it("keeps an entry with other settings, and one that the code doesn't import", async () => {
    const prompts = { hi: { version: "version_one", variables: { name: ["Ada"] } }, bye: { version: "v" } };
    const { root } = await testProject({ ...APP, "scope.config.json": JSON.stringify({ prompts }) }, PROMPTS);
    await json(["unpin", "hi", "--yes"], { cwd: root });
    await json(["unpin", "bye", "--yes"], { cwd: root });
    expect(await config(root)).toEqual({ prompts: { hi: { variables: { name: ["Ada"] } }, bye: {} } });
  });
});

describe("a version's number", () => {
  it("diff: from git and the snapshot without a platform, else from the platform", async () => {
    const { root, env } = await twoPulls();
    const ran = await cli(["diff", "hi", "--from", "1", "--to", "2"], { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(
      /--- git [0-9a-f]{10}, version 1\n\+\+\+ snapshot, version 2\n@@ -1 \+1 @@\n-One \{\{name\}\}\n\+Two \{\{name\}\}\n/,
    );
    const byId = await cli(["diff", "hi", "--from", "version_one", "--to", "snapshot"], { cwd: root });
    expect(byId.stdout).toMatch(/--- git [0-9a-f]{10}, version 1\n\+\+\+ snapshot, version 2\n/);
    const asked = await cli(["diff", "hi", "--from", "1", "--to", "3"], { cwd: root, env });
    expect(asked.stdout).toContain("+++ production, version 3\n");
  });

  it("render", async () => {
    const { root } = await twoPulls();
    const ran = await json(["render", "hi?version=1", "--var", "name=Ada"], { cwd: root });
    expect(ran).toMatchObject({ output: "One Ada", versionId: "version_one", versionNumber: 1 });
    const none = await cli(["render", "hi?version=7", "--var", "name=Ada"], { cwd: root });
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("version_not_found")]);
  });
});
