import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSamples, writeSample } from "../../src/project/snapshot/samples.ts";
import { writeTree } from "../support/app.ts";
import { cli, type TestProject, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": JSON.stringify({
    prompts: { greeting: { prompt: "welcome" }, list: { syntax: "mustache" } },
  }),
  "src/a.ts": 'import a from "scope:greeting";\nimport c from "scope:triage";\n',
};
const PROMPTS = {
  "welcome/1.md": "Hello {{name}},\nwelcome!",
  "triage/1.json": JSON.stringify([{ role: "user", content: "{{mail}}" }]),
  "list/1.md": "{{#items}}- {{title}}\n{{/items}}",
};
const SAMPLES = {
  "scope/samples/welcome.json": JSON.stringify({ Ada: { name: "Ada" }, "x <b>|`": { name: "<b>`@all`" } }),
  "scope/samples/list.json": JSON.stringify({ two: { items: [{ title: "A" }, { title: "B" }] } }),
  "scope/samples/triage.json": JSON.stringify({ mail: { mail: "Help" } }),
};

async function pulled(): Promise<TestProject & { run(...argv: string[]): ReturnType<typeof cli> }> {
  const project = await testProject(APP, PROMPTS);
  const run = (...argv: string[]) => cli(argv, { cwd: project.root, env: project.env });
  expect((await run("pull")).code).toBe(0);
  await writeTree(project.root, SAMPLES);
  return { ...project, run };
}

describe("render --sample", () => {
  it("uses the sample's values, and --var overrides them", async () => {
    const { run } = await pulled();
    expect(await run("render", "greeting", "--sample", "Ada")).toMatchObject({
      stdout: "Hello Ada,\nwelcome!",
    });
    const other = await run("render", "greeting", "--sample", "Ada", "--var", "name=Bo");
    expect(other.stdout).toBe("Hello Bo,\nwelcome!");
    expect((await run("render", "list", "--sample", "two")).stdout).toBe("- A\n- B\n");
  });

  it("names the nearest sample, and a file that has no samples", async () => {
    const { run, root } = await pulled();
    const unknown = await run("render", "greeting", "--sample", "Adda");
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("sample_unknown") });
    expect(unknown.stderr).toContain('Did you mean "Ada"?');
    await writeTree(root, { "scope/samples/welcome.json": "[1]" });
    const damaged = await run("render", "greeting", "--sample", "Ada");
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining("samples_damaged") });
    expect(damaged.stderr).toContain(join("scope", "samples", "welcome.json"));
  });

  it("names a samples file that is nested too deep to use", async () => {
    const { run, root, prompt } = await pulled();
    await prompt("welcome/2.md", "Hello {{name}}!");
    const deep = `{ "Ada": { "name": ${"[".repeat(50_000)}${"]".repeat(50_000)} } }`;
    await writeTree(root, { "scope/samples/welcome.json": deep });
    for (const argv of [
      ["diff", "greeting", "--samples"],
      ["render", "greeting", "--sample", "Ada"],
    ]) {
      const { stdout, stderr } = await run(...argv);
      expect(stdout + stderr).toContain("samples_damaged");
      expect(stdout + stderr).toContain(join("scope", "samples", "welcome.json"));
      expect(stdout + stderr).not.toContain("call stack");
    }
  });

  it("samples aren't snapshots: pull --prune, check and list leave them alone", async () => {
    const { run, root } = await pulled();
    expect((await run("pull", "--prune")).code).toBe(0);
    expect(await run("check")).toMatchObject({ code: 0, stderr: "" });
    expect((await run("list")).stderr).toBe("");
    expect((await loadSamples(join(root, "scope"), "welcome")).size).toBe(2);
  });
});

describe("diff --samples", () => {
  it("shows how the rendering differs, for each sample", async () => {
    const { run, prompt } = await pulled();
    await prompt("welcome/2.md", "Hello {{name}},\nwelcome back!");
    const { stdout, stderr, code } = await run("diff", "greeting", "--samples");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(
      [
        'rendered with the sample "Ada"',
        "@@ -1,2 +1,2 @@",
        " Hello Ada,",
        "-welcome!",
        "+welcome back!",
        "",
      ].join("\n"),
    );
    const { prompts } = JSON.parse((await run("diff", "greeting", "--samples", "--json")).stdout);
    expect(prompts[0].samples[0]).toEqual({
      sample: "Ada",
      from: { output: "Hello Ada,\nwelcome!" },
      to: { output: "Hello Ada,\nwelcome back!" },
    });
    expect(JSON.parse((await run("diff", "greeting", "--json")).stdout).prompts[0]).not.toHaveProperty(
      "samples",
    );
  });

  it("says why a sample doesn't render, and that nothing differs", async () => {
    const { run, prompt } = await pulled();
    await prompt("welcome/2.md", "Hello {{name}}, it is {{day}}.");
    const { stdout } = await run("diff", "greeting", "--samples");
    expect(stdout).toContain('rendered with the sample "Ada"\n  now: Prompt "welcome" lacks day\n');
    await prompt("triage/2.json", JSON.stringify([{ role: "user", content: "{{mail}}" }]));
    expect((await run("diff", "triage", "--samples")).stdout).toContain(
      'rendered with the sample "mail"\n  the same\n',
    );
  });
});

describe("check --markdown", () => {
  it("folds the samples' renderings, safely", async () => {
    const { run, prompt } = await pulled();
    await prompt("welcome/2.md", "Hello {{name}},\nwelcome back!");
    const { stdout } = await run("check", "--markdown");
    const at = stdout.indexOf("<details><summary>welcome: rendered with its samples</summary>");
    expect(at).toBeGreaterThan(stdout.indexOf("<details><summary>welcome: version 1 → 2</summary>"));
    const folded = stdout.slice(at);
    expect(folded).toContain(
      "sample `Ada`\n\n<pre>\n@@ -1,2 +1,2 @@\nHello Ada,\nwelcome<ins> back</ins>!\n</pre>",
    );
    expect(folded).toContain("sample `` x <b>|` ``\n\n<pre>\n@@ -1,2 +1,2 @@\nHello &lt;b&gt;");
    expect(folded.trimEnd().endsWith("</details>")).toBe(true);
  });

  it("stays within GitHub's limit", async () => {
    const { run, prompt, root } = await pulled();
    const long = "ä".repeat(20_000);
    await writeTree(root, {
      "scope/samples/welcome.json": JSON.stringify({ a: { name: long }, b: { name: long } }),
    });
    await prompt("welcome/2.md", "Hi {{name}},\nwelcome back!");
    const { stdout } = await run("check", "--markdown");
    expect(Buffer.byteLength(stdout)).toBeLessThan(65_536);
    expect(stdout).toContain("… and 1 more text: `scope-gen diff --samples` has them.");
    expect(stdout).toContain("<details><summary>welcome: version 1 → 2</summary>");
  });
});

it("two samples of one prompt are kept, whatever their names are", async () => {
  const { root } = await pulled();
  const dir = join(root, "scope");
  await writeSample(dir, "welcome", "__proto__", JSON.parse('{ "__proto__": "x" }'));
  const samples = await loadSamples(dir, "welcome");
  expect([...samples.keys()]).toEqual(["Ada", "__proto__", "x <b>|`"]);
  expect(JSON.stringify(samples.get("__proto__"))).toBe('{"__proto__":"x"}');
});
