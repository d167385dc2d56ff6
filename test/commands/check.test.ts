import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProject } from "../../src/project/project.ts";
import { findStaleTypes } from "../../src/project/types/types-file.ts";
import { linkPackage, node, tsc } from "../support/run.ts";
import { type CallsApp, chat, startCallsApp } from "./calls-app.ts";
import { type CliRun, cli, type TestProject, testProject } from "./cli-helpers.ts";

const APP = {
  "src/mail.ts": `import greeting from "scope:greeting";\n\nexport const mail = greeting({ name: "Ada" });\n`,
  "src/other.ts": `import farewell from "scope:farewell";\nexport const text = farewell({ name: "Ada" });\n`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022"], "types": [] }, "include": ["src"] }`,
};
const PROMPTS = { "greeting/1.md": "Hello {{name}}", "farewell/1.md": "Bye {{name}}" };
const NEVER = ["--fetch", "never"];

async function pulled(
  files: Readonly<Record<string, string>> = APP,
  prompts: Readonly<Record<string, string>> = PROMPTS,
): Promise<TestProject & { check(...flags: string[]): Promise<CliRun> }> {
  const project = await testProject(files, prompts);
  const { root, env } = project;
  expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
  return { ...project, check: (...flags) => cli(["check", ...flags], { cwd: root, env }) };
}

const verdict = ({ stdout }: CliRun) => JSON.parse(stdout);
const changes = (run: CliRun) =>
  Object.fromEntries(verdict(run).prompts.map(({ name, change }: Record<string, string>) => [name, change]));

describe("exit codes and the shape of --json", () => {
  it("0 up to date, 2 differs, 3 breaks", async () => {
    const { check, prompt } = await pulled();
    const inStep = await check("--json");
    expect(inStep.code).toBe(0);
    expect(verdict(inStep)).toEqual({
      status: "in-sync",
      platform: "compared",
      prompts: ["farewell", "greeting"].map((name) => ({
        name,
        pin: { label: "production" },
        change: "none",
        stopsBuild: false,
        changes: [],
        from: 1,
        to: 1,
        calls: [],
      })),
    });
    await prompt("farewell/2.md", "Good-bye {{name}}");
    const differs = await check("--json");
    expect([differs.code, verdict(differs).status]).toEqual([2, "compatible"]);
    expect((await check("--fail-on", "breaking")).code).toBe(0);
    expect((await check("--fail-on", "any")).code).toBe(2);

    await prompt("greeting/2.md", "Hello {{name}}, it is {{day}}");
    const breaks = await check("--json", "--fail-on", "breaking");
    expect(breaks.code).toBe(3);
    const estimate = { tokens: expect.any(Number), prefix: expect.any(Number), encoding: null };
    expect(verdict(breaks)).toEqual({
      status: "breaking",
      platform: "compared",
      prompts: [
        {
          name: "farewell",
          pin: { label: "production" },
          change: "text",
          stopsBuild: false,
          changes: [{ kind: "text", message: "text only" }],
          from: 1,
          to: 2,
          cost: { from: estimate, to: estimate },
          calls: [],
        },
        {
          name: "greeting",
          pin: { label: "production" },
          change: "breaking",
          stopsBuild: true,
          changes: [{ kind: "variable-added", message: 'new variable "day"' }],
          from: 1,
          to: 2,
          cost: { from: estimate, to: estimate },
          calls: [
            {
              file: "src/mail.ts",
              line: 3,
              column: 30,
              message: expect.stringMatching(/^Argument of type .*\n.*Property 'day' is missing in type/),
            },
          ],
        },
      ],
    });
  });

  // Issue 37: "breaking … no call breaks" was exit 0 with --fail-on breaking, and the next build stopped.
  it("a changed contract that breaks no call is exit 3 if the next build stops at it", async () => {
    const { check, prompt, root, env } = await pulled({
      "src/a.ts": 'import "scope:greeting";',
      "tsconfig.json": APP["tsconfig.json"],
    });
    await prompt("greeting/2.md", "Hello {{name}}, it is {{day}}");
    const run = await check("--fail-on", "breaking");
    expect([run.code, run.stderr]).toEqual([3, ""]);
    const said = run.stdout.replace(/\s+/g, " ");
    expect(said).toContain(
      'breaking new variable "day"; no call breaks, but the next build stops until you pull',
    );
    expect(said).toContain("1 prompt: 1 changes the contract.");
    expect(said).toContain("Builds ask the platform, and stop at a version that changes the contract.");
    const onGitHub = await cli(["check"], { cwd: root, env: { ...env, GITHUB_ACTIONS: "true" } });
    expect(onGitHub.stdout).toMatch(/^::error .*version 1 → 2: new variable "day"; no call breaks, but/m);
    const diff = await cli(["diff", "--json"], { cwd: root, env });
    expect(verdict(diff).prompts).toMatchObject([{ change: "breaking" }]);
  });

  it.each([
    ["nothing changes", {}, "Hello {{name}}", 0],
    ["the text", {}, "Hi {{name}}", 2],
    ["a new variable", {}, "Hello {{name}}, {{day}}", 3],
    ["a new variable, fetch never", { fetch: "never" }, "Hello {{name}}, {{day}}", 2],
    ["a new variable, fetch never in builds", { fetch: { build: "never" } }, "Hello {{name}}, {{day}}", 2],
    ["a new variable, warn", { onContractChange: "warn" }, "Hello {{name}}, {{day}}", 2],
    ["a new variable, keep", { onContractChange: "keep" }, "Hello {{name}}, {{day}}", 2],
    ["a template that doesn't compile", {}, "Hello {{#name}}", 3],
  ])("exit 3 is exactly where the next build stops: %s", async (_, options, text, expected) => {
    const { check, prompt, root, env } = await pulled({
      ...APP,
      "scope.config.json": JSON.stringify({ syntax: "mustache", ...options }),
      "src/mail.ts": "",
      "src/other.ts": "",
      "src/a.ts": 'import greeting from "scope:greeting";\nconsole.log(typeof greeting);\n',
    });
    await prompt("greeting/2.md", text);
    expect((await check()).code).toBe(expected);
    // A variable of one step in CI doesn't say what builds do.
    const fromOutside = await cli(["check"], { cwd: root, env: { ...env, SCOPE_FETCH: "auto" } });
    expect(fromOutside.code).toBe(expected);
    await linkPackage(root);
    const script =
      'import { build } from "esbuild"; import scope from "unplugin-scope/esbuild"; await build({ entryPoints: ["src/a.ts"], bundle: true, platform: "node", format: "esm", outfile: "out.js", logLevel: "silent", plugins: [scope()] });';
    const built = await node(["--input-type=module", "-e", script], { cwd: root, env });
    expect(built.code, built.stderr).toBe(expected === 3 ? 1 : 0);
  });

  it("paths are relative to the working directory", async () => {
    const { root, env, prompt } = await pulled({ ...APP, "scope.config.json": "{}" });
    await prompt("greeting/2.md", "{{day}}");
    const run = await cli(["check", "--json"], { cwd: join(root, "src"), env });
    expect(verdict(run).prompts[1].calls[0].file).toBe("mail.ts");
    const below = await cli(["check", "--json", "--cwd", "scope"], { cwd: root, env });
    expect(verdict(below).prompts[1].calls[0].file).toBe("../src/mail.ts");
  });
});

it("a renamed variable is reported as renamed, with the compiler's message", async () => {
  const { prompt, check } = await pulled();
  await prompt("greeting/2.md", "Hello {{user}}");
  const [, { change, changes, calls }] = verdict(await check("--json")).prompts;
  expect([change, changes[0].message]).toEqual(["breaking", 'new variable "user" ("name" → "user"?)']);
  expect(calls[0].message).toMatch(/'name' does not exist[\s\S]*\n"name" → "user"\?$/);
  expect((await check()).stdout).toContain('"name" → "user"?');
  expect((await check("--markdown")).stdout).toContain('"name" → "user"?');
});

describe("offline", () => {
  it("without credentials, or with --fetch never, it decides offline and makes no request", async () => {
    const { root, env, platform, prompt } = await pulled();
    await prompt("greeting/2.md", "Hello {{day}}");
    const before = platform.requests.length;
    for (const run of [
      await cli(["check", "--json"], { cwd: root }),
      await cli(["check", "--json", ...NEVER], { cwd: root, env }),
      await cli(["check", "--json"], { cwd: root, env: { ...env, SCOPE_FETCH: "never" } }),
    ]) {
      expect(run.code).toBe(0);
      expect(verdict(run)).toMatchObject({ status: "in-sync", platform: "skipped" });
      expect(verdict(run).prompts[0]).toMatchObject({ change: "none", from: 1, to: null });
    }
    expect(platform.requests.length).toBe(before);
    for (const flags of [[], ["--markdown"]]) {
      const ask = (await cli(["check", ...flags], { cwd: root })).stdout;
      expect(ask).not.toContain("in step");
      expect(ask).toMatch(
        /imports and types fit the committed prompts[\s\S]*SCOPE_API_SECRET, then run: \S.*scope-gen check\n/,
      );
      const reviewed = (await cli(["check", ...NEVER, ...flags], { cwd: root, env })).stdout;
      expect(reviewed).not.toContain("in step");
      expect(reviewed).toMatch(/To ask it: \S.*scope-gen check --fetch auto\n/);
    }
  });

  it("an import that isn't committed is missing, with its place", async () => {
    const { root, check } = await pulled();
    await writeFile(join(root, "src/new.ts"), `\nimport other from "scope:other";\n`);
    const run = await check("--json", ...NEVER);
    expect(run.code).toBe(3);
    expect(verdict(run).prompts[2]).toEqual({
      name: "other",
      pin: { label: "production" },
      change: "missing",
      stopsBuild: true,
      changes: [],
      from: null,
      to: null,
      calls: [
        {
          file: "src/new.ts",
          line: 2,
          column: 19,
          message: "This prompt isn't in the committed snapshot. Run: scope-gen pull",
        },
      ],
    });
    expect((await check(...NEVER)).stdout).toMatch(/^other {3}production {2}not pulled {2}missing/m);
  });

  it("missing or stale types are a difference; line endings are ignored", async () => {
    const { root, check } = await pulled();
    const file = join(root, "src/scope-types/greeting.d.ts");
    const types = await readFile(file, "utf8");
    await writeFile(file, types.replaceAll("\n", "\r\n"));
    expect((await check(...NEVER)).code).toBe(0);
    await writeFile(file, types.replace("name: string", "nam: string"));
    const stale = await check("--json", ...NEVER);
    expect([stale.code, verdict(stale).status]).toEqual([2, "compatible"]);
    expect(stale.stderr).toContain("scope-gen types");
    expect((await check(...NEVER)).stdout).toContain(
      "The types are out of date (src/scope-types/greeting.d.ts).",
    );
    await rm(join(root, "src/scope-types"), { recursive: true });
    const missing = await check(...NEVER);
    expect([missing.code, missing.stdout]).toEqual([2, expect.stringContaining("The types are missing")]);
    expect((await check(...NEVER, "--fail-on", "breaking")).code).toBe(0);
  });

  it("types in another layout are up to date, and neither pull nor build rewrites them", async () => {
    const { root, env, check } = await pulled();
    const file = join(root, "src/scope-types/greeting.d.ts");
    const types = await readFile(file, "utf8");
    // ESLint's --fix takes out what no rule needs.
    const formatted = types
      .replace("/* eslint-disable */", "")
      .replaceAll('"', "'")
      .replaceAll(";", "")
      .replaceAll("\n  ", "\n\t")
      .replaceAll("\n", "\r\n");
    await writeFile(file, formatted);
    const run = await check("--json");
    expect([run.code, verdict(run).status]).toEqual([0, "in-sync"]);
    expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
    expect(await readFile(file, "utf8")).toBe(formatted);
    const project = await openProject({ cwd: root, env, isTestRun: false });
    expect(await findStaleTypes(project.options, ["scope:greeting"])).toBeUndefined();
    await project.close();
    await writeFile(file, formatted.replace("Hello {{name}}", "Hallo {{name}}"));
    expect((await check(...NEVER)).code).toBe(2);
    await cli(["pull"], { cwd: root, env });
    expect(await readFile(file, "utf8")).toBe(types);
  });

  it("with dts: false no types are expected, and calls are still checked", async () => {
    const { check, prompt } = await pulled({ ...APP, "scope.config.json": '{ "dts": false }' });
    expect((await check()).code).toBe(0);
    await prompt("greeting/2.md", "{{name}} {{day}}");
    expect(changes(await check("--json"))).toEqual({ greeting: "breaking", farewell: "none" });
  });

  it("an empty project is up to date", async () => {
    const { root, env } = await testProject({}, PROMPTS);
    const run = await cli(["check"], { cwd: root, env });
    expect([run.code, run.stdout]).toEqual([0, "No prompts: nothing is imported or configured.\n"]);
  });
});

describe("exits with 1 if it can't tell", () => {
  it("a damaged snapshot file that is used; one that isn't doesn't matter", async () => {
    const { root, env, check } = await pulled();
    const file = join(root, "scope/greeting@production.json");
    const text = await readFile(file, "utf8");
    for (const [broken, code] of [
      [text.replace("Hello", "Hallo"), "snapshot_integrity"],
      ["{", "snapshot_damaged"],
      [`<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`, "merge conflict"],
    ] as const) {
      await writeFile(file, broken);
      for (const run of [await check("--json"), await check("--json", ...NEVER)]) {
        expect([run.code, run.stdout]).toEqual([1, expect.stringContaining(code)]);
      }
    }
    await writeFile(join(root, "src/mail.ts"), "");
    await cli(["pull"], { cwd: root, env });
    const unused = await check();
    expect([unused.code, unused.stderr]).toEqual([
      0,
      expect.stringMatching(/^warning {2}.*damaged.* Nothing uses it\./),
    ]);
  });

  it("an outage, reported once", async () => {
    const { check, platform } = await pulled();
    await platform.close();
    const run = await check("--json");
    expect(run.code).toBe(1);
    const { error } = JSON.parse(run.stdout);
    expect(error.code).toBe("build_platform_down");
    expect([error.message, error.hint]).toEqual([
      "The Scope platform can't be reached.",
      `Nothing listens there. To start the local platform: scope-gen serve --port ${platform.port}`,
    ]);
    const { stderr } = await check();
    expect(stderr.match(/ECONNREFUSED/g)).toHaveLength(1);
  });

  it("wrong credentials, and a question that only the platform can answer", async () => {
    const { root, env } = await pulled();
    const wrong = await cli(["check"], { cwd: root, env: { ...env, SCOPE_API_SECRET: "wr0ng" } });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("credentials_invalid")]);
    const none = await cli(["check", "--label", "latest"], { cwd: root });
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("build_credentials_needed")]);
    const never = await cli(["check", "--label", "latest", ...NEVER], { cwd: root, env });
    expect([never.code, never.stderr]).toEqual([1, expect.stringContaining("fetch_never")]);
    const always = await cli(["check", "--fetch", "always"], { cwd: root });
    expect([always.code, always.stderr]).toEqual([1, expect.stringContaining("build_credentials_needed")]);
  });

  it("a tsconfig that doesn't parse, with its place", async () => {
    const { check, prompt } = await pulled({ ...APP, "tsconfig.json": '{\n  "include": ["src"\n' });
    await prompt("greeting/2.md", "{{day}}");
    const run = await check();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("tsconfig_invalid  The tsconfig doesn't parse: ");
    expect(run.stderr).toMatch(/tsconfig\.json:\d+:\d+/);
  });

  it("a specifier that can't be parsed", async () => {
    const { root, check } = await pulled();
    await writeFile(join(root, "src/bad.ts"), `import a from "scope:greeting?label=latst";`);
    const run = await check(...NEVER);
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('Did you mean "latest"?')]);
  });
});

describe("defined results for edge cases", () => {
  it("a source file with syntax errors: the existing errors aren't blamed on the prompt", async () => {
    const { root, check, prompt } = await pulled();
    await writeFile(
      join(root, "src/mail.ts"),
      `import greeting from "scope:greeting";\nconst = 3;\nexport const mail = greeting({ name: "Ada" });\nfunction (`,
    );
    await prompt("greeting/2.md", "{{name}} {{day}}");
    const calls = verdict(await check("--json")).prompts[1].calls;
    expect(calls.map(({ line }: { line: number }) => line)).toEqual([3]);
  });

  it("a prompt that was never pulled: compatible if its calls are right, breaking if they aren't", async () => {
    const { root, check, prompt } = await pulled();
    await prompt("other/1.md", "{{x}}");
    await writeFile(join(root, "src/o.ts"), `import other from "scope:other";\nother({ x: 1 });\n`);
    const right = await check("--json");
    expect([right.code, changes(right).other]).toEqual([2, "compatible"]);
    expect(verdict(right).prompts[2]).toMatchObject({ from: null, to: 1 });
    await writeFile(join(root, "src/o.ts"), `import other from "scope:other";\nother({ y: 1 });\n`);
    const wrong = await check("--json");
    expect([wrong.code, changes(wrong).other]).toEqual([3, "compatible"]);
    expect(verdict(wrong).prompts[2].calls).toMatchObject([{ file: "src/o.ts", line: 2 }]);
  });

  it("stale types hide nothing: what the current ones break is found", async () => {
    const { root, check, prompt, env } = await pulled();
    const old = await readFile(join(root, "src/scope-types/greeting.d.ts"), "utf8");
    await prompt("greeting/2.md", "{{name}} {{day}}");
    await cli(["pull"], { cwd: root, env });
    await writeFile(join(root, "src/scope-types/greeting.d.ts"), old);
    const run = await check("--json");
    expect([run.code, changes(run)]).toEqual([3, { greeting: "none", farewell: "none" }]);
  });

  it("types that are newer than the snapshot hide nothing: the platform's version breaks the call", async () => {
    const { root, env, check, prompt } = await pulled();
    const file = join(root, "scope/greeting@production.json");
    const committed = await readFile(file, "utf8");
    await prompt("greeting/2.md", "Hello {{name}}, it is {{day}}");
    expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
    await writeFile(file, committed);
    const run = await check("--json", "--fail-on", "breaking");
    expect(run.code).toBe(3);
    expect(verdict(run).prompts[1].calls).toMatchObject([{ file: "src/mail.ts", line: 3 }]);
  });

  it("--markdown escapes what would control a terminal or be invisible", async () => {
    const { check, prompt } = await pulled();
    await prompt("greeting/2.md", "Hello {{name}}\x1b[2J\u{e0049}");
    const { stdout } = await check("--markdown");
    expect(stdout).toContain("Hello {{name}}<ins>\\x1b[2J\\u{e0049}</ins>\n");
  });

  it("a prompt that the code doesn't mention any more isn't fetched", async () => {
    const { root, check, platform } = await pulled();
    await writeFile(join(root, "src/other.ts"), "");
    await rm(join(root, "src/scope-types/greeting.d.ts"));
    const before = platform.requests.length;
    expect(changes(await check("--json"))).toEqual({ greeting: "none" });
    expect(platform.requests.slice(before).map(({ path }) => path)).not.toContain(
      "/api/v1/prompts/farewell/production",
    );
  });
});

describe("check --label latest", () => {
  it("says whether a version can be promoted, before anyone does it", async () => {
    const { root, env, prompt, check } = await pulled(APP, {
      ...PROMPTS,
      "greeting/prompt.json": '{ "production": 1 }',
      "farewell/prompt.json": '{ "production": 1 }',
    });
    await prompt("greeting/2.md", "Hello {{name}}, {{day}}");
    await prompt("farewell/2.md", "Good-bye {{name}}");
    expect((await check()).code).toBe(0);
    const run = await check("--label", "latest", "--json");
    expect([run.code, changes(run)]).toEqual([3, { greeting: "breaking", farewell: "text" }]);
    expect(verdict(run).prompts[1]).toMatchObject({ pin: { label: "production" }, from: 1, to: 2 });
    expect((await check("--label", "latest")).stdout).toMatch(/scope-gen diff --to latest\n$/);
    const refused = await cli(["check", "--label", "lates"], { cwd: root, env });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("cli_usage")]);
  });

  it("leaves prompts that are pinned to a version alone", async () => {
    const { check, prompt, root, env } = await pulled(
      { "scope.config.json": '{ "prompts": { "greeting": { "version": "version_one" } } }' },
      { "greeting/1.md": "One", "greeting/prompt.json": '{ "versions": { "1": { "id": "version_one" } } }' },
    );
    await prompt("greeting/2.md", "Two {{x}}");
    const run = await check("--label", "latest", "--json");
    expect([run.code, verdict(run).prompts[0].pin]).toEqual([0, { version: "version_one" }]);
    expect(await readdir(join(root, "scope"))).toEqual(["greeting@version-1.json"]);
    expect((await cli(["check"], { cwd: root, env })).code).toBe(0);
  });
});

describe("output", () => {
  let app: CallsApp;
  beforeAll(async () => {
    app = await startCallsApp();
    await app.addVersion("reply", "{{tone}} {{message}} {{length}}");
    await app.addVersion("summary", "Sum up:\n\n{{text}}\n```\n| a | b |\n");
    await app.addVersion("support/triage", chat(["developer", "{{plan}}"], ["user", "{{ticket}}"]));
    await app.remove("legal");
  });
  afterAll(() => app.close());
  const check = (flags: readonly string[] = [], more: Partial<Parameters<typeof cli>[1]> = {}) =>
    cli(["check", ...flags], { cwd: app.root, env: app.env, ...more });

  it("a table of differences, the calls with their places, a summary, next steps", async () => {
    const { stdout, stderr } = await check();
    expect(stderr).toBe("");
    const [head, ...rows] = stdout.split("\n\n")[0]?.split("\n") ?? [];
    expect(head).toBe("prompt            pin         version   change    what changed");
    expect(rows).toEqual([
      "legal/disclaimer  production  1 → gone  missing   gone",
      'reply             production  1 → 2     breaking  new variable "length"',
      "summary           production  1 → 2     text      text only",
      "support/triage    production  1 → 2     breaking  roles changed from [system, user] to [developer, user]",
    ]);
    expect(stdout).toContain("legal/disclaimer@production breaks 1 place:\n  src/reply.ts:1:24\n");
    expect(stdout).toContain("reply@production breaks 2 places:\n  src/reply.ts:6:50\n    Argument of type");
    expect(stdout).toMatch(
      /\n10 prompts: 1 missing, 2 change the contract \(2 break calls\), 1 text only, 6 in step\.\nBuilds ask the platform, and ship .*\nRestore the missing prompts .*\n.*scope-gen diff\.\n$/,
    );
  });

  it("nothing is wider than the terminal", async () => {
    const { stdout } = await check([], { isTTY: true, env: { ...app.env, NO_COLOR: "1" } });
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toContain("production  1 → 2     breaking  roles changed from");
    expect(stdout).not.toContain("\x1b");
    expect((await check([], { isTTY: true })).stdout).toContain("\x1b[31mbreaking");
    expect((await check(["--no-color"], { isTTY: true })).stdout).not.toContain("\x1b");
  });

  it("--markdown is a comment that no prompt can break out of", async () => {
    const { stdout, code } = await check(["--markdown"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^### Prompts: 1 missing, 2 change the contract \(2 break calls\), 1 text only\n\n\| prompt \| pin \|/,
    );
    expect(stdout).toContain("| `reply` | `production` | 1 → 2 | **breaking** | new variable `length` |");
    expect(stdout).toContain("- `src/reply.ts:6:50`\n\n  ```\n  Argument of type");
    // The text holds a fence of three: the one around it has four.
    expect(stdout).toContain("````diff\n@@");
    expect(stdout).toContain("+```\n+| a | b |\n");
  });

  it("prints annotations with GITHUB_ACTIONS, as well as the usual output", async () => {
    const env = { ...app.env, GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: join(app.root, "..") };
    const folder = app.root.split("/").at(-1);
    const { stdout } = await check([], { env });
    expect(stdout).toContain("10 prompts: ");
    const lines = stdout.split("\n").filter((line) => line.startsWith("::"));
    expect(lines).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^::error file=${folder}/src/reply\\.ts,line=6,col=50,title=reply@production::Argument of .*%0A`,
        ),
      ),
    );
    expect(lines).toContain(
      `::warning file=${folder}/scope/summary@production.json,title=summary@production::version 1 → 2: text only`,
    );
    const json = await check(["--json"], { env });
    expect(JSON.parse(json.stdout).status).toBe("breaking");
    expect(json.stderr).toContain("::error file=");
    const markdown = await check(["--markdown"], { env });
    expect(markdown.stdout).not.toContain("::error");
    expect(markdown.stderr).toContain("::error file=");
  });

  it("names the same calls as the compiler once the new versions are pulled", async () => {
    const found = verdict(await check(["--json"])).prompts.flatMap(({ calls }: never) => calls as never[]);
    await app.write("legal/disclaimer/1.md", "No advice is given.");
    expect((await cli(["pull"], { cwd: app.root, env: app.env })).code).toBe(0);
    const ran = await tsc(["-p", ".", "--pretty", "false"], { cwd: app.root });
    const errors = [...ran.stdout.matchAll(/^(\S+)\((\d+),(\d+)\): error/gm)].map(([, ...place]) =>
      place.join(":"),
    );
    const calls = found
      .map(({ file, line, column }: Record<string, unknown>) => `${file}:${line}:${column}`)
      .filter((place: string) => !place.startsWith("src/reply.ts:1:"));
    expect(calls.sort()).toEqual(errors.sort());
    expect(calls.length).toBeGreaterThan(4);
  });
});
