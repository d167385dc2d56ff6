import { describe, expect, it } from "vitest";
import { cli, type TestProject, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": JSON.stringify({ prompts: { greeting: { prompt: "welcome" } } }),
  "src/a.ts": `import a from "scope:greeting";\nimport c from "scope:triage";\n`,
};
const PROMPTS = {
  "welcome/1.md": "Hello {{name}},\n\nwelcome!",
  "welcome/prompt.json": JSON.stringify({
    versions: {
      1: { id: "version_one", metadata: { model: "m-1", size: 1 } },
      2: { metadata: { model: "m-2" } },
    },
  }),
  "triage/1.json": JSON.stringify([{ role: "user", content: "{{mail}}" }]),
  "other/1.md": "Old",
  "other/2.md": "New {{x}}",
  "other/prompt.json": '{ "production": 1 }',
};
const WELCOME_2 = "Good day {{name}},\n\nit is {{day}}.";

async function edited(): Promise<TestProject> {
  const project = await testProject(APP, PROMPTS);
  await cli(["pull"], { cwd: project.root, env: project.env });
  await project.prompt("welcome/2.md", WELCOME_2);
  return project;
}

describe("diff", () => {
  it("of every prompt that differs: contract, text, metadata", async () => {
    const { root, env } = await edited();
    const { code, stdout, stderr } = await cli(["diff"], { cwd: root, env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(
      [
        "welcome@production",
        "change: breaking",
        '  new variable "day"',
        '  metadata "size" is gone',
        '  model: "m-1" → "m-2"',
        "tokens ≈7 → ≈11, cacheable prefix ≈1 → ≈2 tokens",
        "",
        "--- snapshot, version 1",
        "+++ production, version 2",
        "@@ -1,3 +1,3 @@",
        "-Hello {{name}},",
        "+Good day {{name}},",
        " ",
        "-welcome!",
        "+it is {{day}}.",
        "",
        "metadata",
        '-"model": "m-1"',
        '+"model": "m-2"',
        '-"size": 1',
        "",
      ].join("\n"),
    );
    await cli(["pull"], { cwd: root, env });
    expect((await cli(["diff"], { cwd: root, env })).stdout).toBe("No differences.\n");
    expect((await cli(["diff", "greeting"], { cwd: root, env })).stdout).toBe(
      "welcome@production\nchange: none\n\nsnapshot, version 2 and production, version 2 have the same text.\n",
    );
  });

  it("--json is one document", async () => {
    const { root, env } = await edited();
    const { stdout } = await cli(["diff", "--json"], { cwd: root, env });
    expect(JSON.parse(stdout)).toMatchObject({
      prompts: [
        {
          name: "welcome",
          pin: { label: "production" },
          from: { versionId: "version_one", versionNumber: 1 },
          to: { versionNumber: 2 },
          change: "breaking",
          changes: [
            { kind: "variable-added", message: 'new variable "day"' },
            { kind: "metadata-dropped", message: 'metadata "size" is gone' },
            { kind: "metadata-value", message: 'model: "m-1" → "m-2"' },
          ],
          content: [{ diff: expect.stringMatching(/^@@ -1,3 \+1,3 @@\n-Hello/) }],
          metadata: [
            { key: "model", from: "m-1", to: "m-2" },
            { key: "size", from: 1, to: null },
          ],
        },
      ],
    });
  });

  it.each([
    [
      "a key of the config, from a version to a label",
      ["greeting", "--from", "version_one", "--to", "latest"],
      "--- platform, version 1\n+++ latest, version 2\n",
    ],
    [
      "a label to a version",
      ["greeting", "--from", "latest", "--to", "snapshot"],
      "--- latest, version 2\n+++ snapshot, version 1\n",
    ],
    [
      "a prompt that isn't imported",
      ["other", "--from", "production", "--to", "latest"],
      "--- production, version 1\n+++ latest, version 2\n",
    ],
    [
      "a specifier with its own pin",
      ["scope:other?label=latest", "--from", "production"],
      "--- production, version 1\n+++ latest, version 2\n",
    ],
  ])("%s", async (_, argv, expected) => {
    const { root, env } = await edited();
    const { code, stdout, stderr } = await cli(["diff", ...argv], { cwd: root, env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(expected);
  });

  it.each([
    ["a prompt that isn't committed", ["other"], "snapshot_missing", "--from production --to latest"],
    ["a missing prompt", ["gone", "--from", "production"], "prompt_not_found", ""],
    [
      "a version without a prompt",
      ["--to", "version_one"],
      "cli_usage",
      "scope-gen diff welcome --to version_one",
    ],
    ["an empty version", ["greeting", "--to", ""], "cli_usage", ""],
    ["no platform", ["greeting", "--fetch", "never"], "fetch_never", ""],
  ])("%s: exit 1", async (_, argv, code, hint) => {
    const { root, env } = await edited();
    const ran = await cli(["diff", ...argv], { cwd: root, env });
    expect([ran.code, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).toContain(code);
    expect(ran.stderr).toContain(hint);
  });

  it("a deleted prompt, a new one, and one that doesn't compile", async () => {
    const { root, env, prompt } = await testProject(
      { "scope.config.json": '{ "prompts": ["triage", "other", "m"], "syntax": "mustache" }' },
      { "triage/1.json": PROMPTS["triage/1.json"], "other/1.md": "Old", "m/1.md": "{{#a}}{{b}}{{/a}}" },
    );
    await cli(["pull", "triage", "m"], { cwd: root, env });
    await prompt("triage/prompt.json", '{ "production": null }');
    await prompt("m/2.md", "{{#a}}");
    const { code, stdout } = await cli(["diff"], { cwd: root, env });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "triage@production\n\n--- snapshot, version 1\n+++ production, nothing\nmessage 1 (user), gone\n",
    );
    expect(stdout).toContain(
      "other@production\n\n--- snapshot, nothing\n+++ production, version 1\n@@ -1,0 +1 @@\n+Old\n",
    );
    expect(stdout).toContain("m@production\nchange: not known\n  template_unclosed_section");
  });

  it("escapes a prompt's control characters on a terminal, and leaves them alone in a pipe", async () => {
    const { root, env, prompt } = await edited();
    await prompt("welcome/3.md", "\x1b[2J{{name}}\x07");
    const pipe = await cli(["diff", "greeting"], { cwd: root, env });
    expect(pipe.stdout).toContain("+\x1b[2J{{name}}\x07\n");
    const terminal = await cli(["diff", "greeting"], { cwd: root, env, isTTY: true });
    expect(terminal.stdout).toContain("\\x1b[2J");
    expect(terminal.stdout).not.toContain("\x1b[2J");
    expect(terminal.stdout).not.toContain("\x07");
  });

  it("doesn't let a prompt hide text or control the terminal with its text, a role, a key or a value", async () => {
    const { root, env, prompt } = await edited();
    const evil = "\x1b[8m\x1b]52;c;aGFja2Vk\x07\u202e";
    const metadata = { "1": { metadata: {} }, "3": { metadata: { [`k${evil}`]: evil } } };
    await prompt("welcome/prompt.json", JSON.stringify({ versions: metadata }));
    await prompt("welcome/3.json", JSON.stringify([{ role: evil, content: `${evil}IGNORE\x1b[0m` }]));
    const { stdout } = await cli(["diff", "greeting"], { cwd: root, env, isTTY: true });
    expect(stdout).toContain("IGNORE");
    for (const raw of ["\x1b[8m", "\x1b]52", "\x07", "\u202e"]) expect(stdout).not.toContain(raw);
  });
});
