import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PromptfooConfig } from "../../src/commands/test-samples/promptfoo.ts";
import { evaluationProject, SCHEMA } from "./evaluation-project.ts";

describe("export promptfoo", () => {
  it("has both versions as columns, and a test for each sample", async () => {
    const { run, root } = await evaluationProject();
    const { code, stdout, stderr } = await run("export", "promptfoo", "--out", "promptfooconfig.json");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Wrote promptfooconfig.json: 4 samples.");
    const config: PromptfooConfig = JSON.parse(await readFile(join(root, "promptfooconfig.json"), "utf8"));
    expect(config).toEqual(JSON.parse((await run("export", "promptfoo")).stdout));
    expect(config.providers).toEqual(["echo"]);
    expect(config.prompts.map(({ id }) => id)).toEqual(["committed", "latest"]);
    expect(config.tests.map(({ description, prompts }) => [description, prompts])).toEqual([
      ["chat@production: why", ["committed"]],
      ["rate@production: one", ["committed"]],
      ["welcome@production: braces", undefined],
      ["welcome@production: file", undefined],
    ]);
    // Nothing in it is a template, but the prompts.
    expect(JSON.stringify(config.tests)).not.toMatch(/\{[{%#]/);
    expect(JSON.stringify(config.tests)).not.toContain("is-json");
  });

  it("asks for the schema of a real model's answers, and accepts names and a label", async () => {
    const { run } = await evaluationProject();
    const argv = ["export", "promptfoo", "rate", "--provider", "openai:gpt-5", "--label", "production"];
    const config: PromptfooConfig = JSON.parse((await run(...argv)).stdout);
    expect(config.providers).toEqual(["openai:gpt-5"]);
    expect(config.prompts.map(({ id }) => id)).toEqual(["committed", "production"]);
    expect(config.tests).toHaveLength(1);
    const [assertion] = config.tests[0]?.assert ?? [];
    expect(assertion?.type).toBe("is-json");
    const { $schema: _, ...schema } = SCHEMA;
    // It's filled in as a template, and then read as YAML.
    const [comment, json = ""] = assertion?.value.split("\n") ?? [];
    expect(comment).toMatch(/^# /);
    expect(JSON.parse(json)).toEqual(schema);
    expect(json).not.toMatch(/\{[{%#]|[%#]\}/);
    expect(json).toMatch(/^[ -~]*$/);
  });

  it("has only what's committed if the platform isn't asked", async () => {
    const { run } = await evaluationProject();
    const { stdout, stderr } = await run("export", "promptfoo", "--fetch", "never");
    expect(stderr).toContain("only the committed versions");
    expect(JSON.parse(stdout).prompts).toHaveLength(1);
  });

  it("refuses a sample that doesn't render, another tool and an unknown name", async () => {
    const { run, prompt } = await evaluationProject();
    await prompt("welcome/3.md", "Hello {{name}} from {{city}}");
    const unrendered = await run("export", "promptfoo");
    expect(unrendered).toMatchObject({ code: 1, stderr: expect.stringContaining("sample_unrendered") });
    expect(unrendered.stderr).toContain(join("scope", "samples", "welcome.json"));
    expect((await run("export", "promptfo")).code).toBe(1);
    expect((await run("export", "promptfoo", "wellcome")).stderr).toContain('Did you mean "welcome"');
  });
});
