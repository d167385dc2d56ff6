import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ConfigurationError } from "../../src/errors/classes.ts";
import { Tokenizers } from "../../src/review/cost/tokenizer.ts";
import { type CliRun, cli, type TestProject, testProject } from "./cli-helpers.ts";

const APP = {
  "src/reply.ts": `import reply from "scope:reply";\nexport const one = (text: string) => reply({ tone: "formal", text });\n`,
  "src/again.ts": `import reply from "scope:reply";\nexport const two = (text: string) => reply({ tone: "formal", text });\n`,
};
const REPLY = JSON.stringify([
  { role: "system", content: "Be brief.\nAnswer {{text}}" },
  { role: "user", content: "{{text}} in a\u200b {{tone}} tone" },
]);
const PROMPTS = { "reply/1.json": REPLY };
const OFFLINE: TestProject["env"] = {};

type Json = Record<string, unknown>;
const findings = ({ stdout }: CliRun): Json[] => JSON.parse(stdout).findings;
const rules = (run: CliRun) => findings(run).map(({ rule }) => rule);

async function pulled(files: Record<string, string>, prompts: Record<string, string> = PROMPTS) {
  const project = await testProject(files, prompts);
  const { root, env } = project;
  expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
  const run = (...argv: string[]) => cli(argv, { cwd: root, env });
  const offline = (...argv: string[]) => cli(argv, { cwd: root, env: OFFLINE });
  return { ...project, run, offline };
}

describe("scope-gen lint", () => {
  it("names rule, prompt, place and fix, offline, and ends with 2", async () => {
    const { offline } = await pulled(APP);
    const run = await offline("lint");
    expect([run.code, run.stderr]).toEqual([2, ""]);
    for (const part of [
      "reply@production, version 1",
      "prompt-system-variable",
      "line 2, column 8 of message 1",
      "> 2 | Answer {{text}}",
      "prompt-invisible-character",
      "1 prompt: 2 warnings.",
      "unplugin-scope/docs/lint.md#prompt-system-variable",
    ]) {
      expect(run.stdout).toContain(part);
    }
    const json = await offline("lint", "--json");
    expect(json.code).toBe(2);
    expect(findings(json)).toEqual([
      {
        rule: "prompt-system-variable",
        severity: "warn",
        prompt: "reply",
        pin: { label: "production" },
        versionNumber: 1,
        others: [],
        message: expect.stringContaining("text"),
        hint: expect.any(String),
        line: 2,
        column: 8,
        messageIndex: 0,
      },
      expect.objectContaining({ rule: "prompt-invisible-character", line: 1, column: 14, messageIndex: 1 }),
    ]);
  });

  it("uses the config's severities: 0 with nothing, 3 with an error", async () => {
    const config = (lint: Json) => ({ ...APP, "scope.config.json": JSON.stringify({ lint }) });
    const off = { "prompt-system-variable": "off", "prompt-invisible-character": "off" };
    const none = await (await pulled(config(off))).offline("lint");
    expect([none.code, none.stdout]).toEqual([0, "1 prompt: nothing found.\n"]);
    const error = await (await pulled(config({ "prompt-system-variable": "error" }))).offline("lint");
    expect(error.code).toBe(3);
    expect(error.stdout).toContain("1 error and 1 warning");
    const typo = await (await testProject(config({ "prompt-secrt": "error" }), PROMPTS)).root;
    const wrong = await cli(["lint"], { cwd: typo, env: OFFLINE });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("prompt-secret");
    const severity = await testProject(config({ "prompt-secret": "warning" }), PROMPTS);
    expect((await cli(["lint"], { cwd: severity.root, env: OFFLINE })).stderr).toContain(
      'must be "off", "warn"',
    );
  });

  it("refuses a rule that was removed, with what to do", async () => {
    const lint = { "prompt-placeholder": "off", "prompt-no-model": "warn" };
    const { root } = await testProject({ "scope.config.json": JSON.stringify({ lint }) }, PROMPTS);
    const { code, stderr } = await cli(["lint"], { cwd: root, env: OFFLINE });
    expect(code).toBe(1);
    expect(stderr).toContain('The option "lint["prompt-placeholder"]" was removed.');
    expect(stderr).toContain("scope-gen test");
    expect(stderr).toContain('The option "lint["prompt-no-model"]" was removed.');
  });

  it("looks at the version that a label points at", async () => {
    const { prompt, run } = await pulled(APP);
    await prompt("reply/2.json", REPLY.replace("Answer {{text}}", "Three sentences."));
    await prompt("reply/prompt.json", '{ "production": 1 }');
    expect(rules(await run("lint", "--json", "--label", "latest"))).toEqual(["prompt-invisible-character"]);
    expect(rules(await run("lint", "--json"))).toEqual([
      "prompt-system-variable",
      "prompt-invisible-character",
    ]);
  });

  it("reports findings for the named prompts, and compares these with all", async () => {
    const passage = Array.from({ length: 50 }, (_, at) => `word${at}`).join(" ");
    const { offline } = await pulled(
      { "src/a.ts": 'import "scope:a";\nimport "scope:b";\nimport "scope:c";\n' },
      { "a/1.md": passage, "b/1.md": passage, "c/1.md": "a\u200b" },
    );
    expect(rules(await offline("lint", "--json"))).toEqual([
      "prompt-repeated-passage",
      "prompt-invisible-character",
    ]);
    const [found, ...others] = findings(await offline("lint", "b", "--json"));
    expect(found).toMatchObject({ prompt: "a", others: [{ prompt: "b", pin: { label: "production" } }] });
    expect(others).toEqual([]);
    const unknown = await offline("lint", "d");
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("name_unknown")]);
  });

  it("knows how far production is ahead of a pin, if the platform can be asked", async () => {
    const { prompt, run, offline, root, platform } = await pulled(
      { "src/a.ts": 'import "scope:a?version=version_01ARZ3NDEKTSV4RRFFQ69G5FAV";\n' },
      {
        "a/1.md": "Hello",
        "a/prompt.json": '{ "versions": { "1": { "id": "version_01ARZ3NDEKTSV4RRFFQ69G5FAV" } } }',
      },
    );
    for (let number = 2; number <= 6; number++) await prompt(`a/${number}.md`, `Hello ${number}`);
    expect(rules(await run("lint", "--json"))).toEqual(["prompt-old-pin"]);
    expect(rules(await offline("lint", "--json"))).toEqual([]);
    expect(rules(await run("lint", "--json", "--fetch", "never"))).toEqual([]);
    await platform.close();
    expect(rules(await run("lint", "--json"))).toEqual([]);
    expect(root).not.toBe("");
  });

  it("includes partials: they are linted once, and as part of a prompt", async () => {
    const { offline } = await pulled(
      {
        "scope.config.json": '{ "syntax": "mustache" }',
        "src/a.ts": 'import a from "scope:a";\nexport const text = (x: string) => a({ x });\n',
      },
      { "a/1.json": '[{ "role": "system", "content": "{{> b}}" }]', "b/1.md": "Hello\u200b {{x}}" },
    );
    expect(findings(await offline("lint", "--json")).map(({ rule, prompt }) => [prompt, rule])).toEqual([
      ["a", "prompt-system-variable"],
      ["b", "prompt-invisible-character"],
    ]);
  });

  it("ends with 1 for a prompt that isn't committed or doesn't compile", async () => {
    const { offline, root } = await pulled(APP);
    await rm(join(root, "scope"), { recursive: true });
    const run = await offline("lint");
    expect([run.code, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toContain("snapshot_missing");
    const empty = await testProject({}, {});
    const none = await cli(["lint"], { cwd: empty.root, env: OFFLINE });
    expect([none.code, none.stdout]).toEqual([0, expect.stringContaining("No prompts")]);
  });
});

describe("scope-gen check --lint", () => {
  it("adds the findings to text, JSON, Markdown and annotations, and to the exit code", async () => {
    const { run, root, env } = await pulled({ ...APP, "scope.config.json": "{}" });
    const json = await run("check", "--lint", "--json");
    expect(json.code).toBe(2);
    const { status, lint } = JSON.parse(json.stdout);
    expect(status).toBe("in-sync");
    expect(lint).toEqual(findings(await run("lint", "--json")));
    expect(JSON.parse((await run("check", "--json")).stdout)).not.toHaveProperty("lint");

    const text = await run("check", "--lint");
    expect(text.stdout).toContain("> 2 | Answer {{text}}");
    expect(text.stdout).toContain("Rules: 2 warnings.");
    expect((await run("check", "--lint", "--fail-on", "breaking")).code).toBe(0);
    expect((await run("check")).code).toBe(0);

    const markdown = await run("check", "--lint", "--markdown");
    expect(markdown.stdout).toMatch(
      /- \*\*warning\*\* `reply@production`, line 2, column 8 of message 1: .*`prompt-system-variable`/,
    );
    const github = await cli(["check", "--lint"], { cwd: root, env: { ...env, GITHUB_ACTIONS: "true" } });
    expect(github.stdout).toMatch(
      /^::warning file=scope\/reply@production\.json,title=reply@production::line 2, column 8 of message 1: /m,
    );
  });

  it("fails if its counts can't be made", async () => {
    const { run } = await pulled(APP);
    const missing = new ConfigurationError("Not installed.", { code: "tokenizer_missing" });
    const forModel = vi.spyOn(Tokenizers.prototype, "forModel").mockRejectedValue(missing);
    onTestFinished(() => forModel.mockRestore());
    for (const argv of [["check", "--lint"], ["lint"]]) {
      const failed = await run(...argv);
      expect([failed.code, failed.stdout]).toEqual([1, ""]);
      expect(failed.stderr).toContain("tokenizer_missing");
    }
  });

  it("exits with 3 for an error, whatever --fail-on says", async () => {
    const config = { "scope.config.json": '{ "lint": { "prompt-system-variable": "error" } }' };
    const { run } = await pulled({ ...APP, ...config });
    expect((await run("check", "--lint", "--fail-on", "breaking")).code).toBe(3);
    expect((await run("check", "--fail-on", "breaking")).code).toBe(0);
  });

  it("looks at the version that the label points at, if it compares with one", async () => {
    const { prompt, run } = await pulled(APP);
    await prompt("reply/2.json", REPLY.replace("Answer {{text}}", "Three sentences."));
    await prompt("reply/prompt.json", '{ "production": 1 }');
    const { lint } = JSON.parse((await run("check", "--lint", "--label", "latest", "--json")).stdout);
    expect(lint.map(({ rule }: Json) => rule)).toEqual(["prompt-invisible-character"]);
  });
});

describe("output", () => {
  // Put together here, so that nothing takes this file for one with a secret.
  const secret = ["gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("");
  const prompt = `\u001b[2J\u202e ask ${secret}\n::error::x ${secret} {{name}} ${secret}`;

  it("has no secret of a prompt, and nothing that controls a terminal", async () => {
    const { run, root, env } = await pulled({ "src/a.ts": 'import "scope:a";\n' }, { "a/1.md": prompt });
    const outputs = [
      await run("lint"),
      await run("lint", "--json"),
      await cli(["lint"], { cwd: root, env, isTTY: true }),
      await run("check", "--lint"),
      await run("check", "--lint", "--json"),
      await run("check", "--lint", "--markdown"),
      await cli(["check", "--lint"], { cwd: root, env: { ...env, GITHUB_ACTIONS: "true" } }),
    ];
    for (const { code, stdout, stderr } of outputs) {
      expect(code).toBe(2);
      expect(stdout).toContain("prompt-secret");
      const all = stdout + stderr;
      for (let at = 0; at + 8 <= secret.length; at++) expect(all).not.toContain(secret.slice(at, at + 8));
      for (const control of ["\u001b[2J", "\u202e"]) expect(all).not.toContain(control);
      expect(all).not.toMatch(/^\s*::error/m);
    }
  });
});
