import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/app.ts";
import { run } from "../support/run.ts";
import { evaluationProject, HOSTILE } from "./evaluation-project.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
/** promptfoo needs Node 22.22. Where this is an older one, it runs with the one that npm has as a package. */
const NODE = `node-${process.platform}-${process.arch}`;
const isNewEnough = major > 22 || (major === 22 && minor >= 22);

interface Result {
  readonly success: boolean;
  readonly error: string | null;
  readonly prompt: { readonly raw: string; readonly label: string };
  readonly testCase: { readonly description: string };
}

describe("promptfoo", () => {
  it("passes the renderings to its providers unchanged, and checks what they expect", async () => {
    const tools = await temporaryFolder();
    await writeFile(join(tools, "package.json"), "{}");
    const packages = ["promptfoo@0.123", ...(isNewEnough ? [] : [`${NODE}@22`])];
    const installed = await run("npm", ["install", ...packages], { cwd: tools });
    expect(installed, installed.stderr).toMatchObject({ code: 0 });
    const project = await evaluationProject();
    // A model that answers something else: what is expected is of the rendering.
    const model = join(project.root, "model.js");
    const provider = `file://${model}`;
    await writeFile(model, answering('{"score": 1}'));
    for (const one of ["echo", provider]) {
      await project.run("export", "promptfoo", "--provider", one, "--out", "promptfooconfig.json");
      const results = await evaluate(tools, project.root);
      expect(results.filter(({ success }) => !success)).toEqual([]);
      expect(results.map(({ testCase, prompt }) => [testCase.description, prompt.label]).sort()).toEqual([
        ["chat@production: why", "committed"],
        ["rate@production: one", "committed"],
        ["welcome@production: braces", "committed"],
        ["welcome@production: braces", "latest"],
        ["welcome@production: file", "committed"],
        ["welcome@production: file", "latest"],
      ]);
      const raw = (description: string, label: string) =>
        results.find((one) => one.testCase.description === description && one.prompt.label === label)?.prompt
          .raw;
      expect(raw("welcome@production: braces", "committed")).toBe(HOSTILE);
      expect(raw("welcome@production: braces", "latest")).toBe(`${HOSTILE}!`);
      expect(raw("welcome@production: file", "committed")).toBe("file:///etc/hosts");
      expect(JSON.parse(raw("chat@production: why", "committed") ?? "")[1].content).toBe('Why "{{x}}"?\n');
    }
    await writeFile(model, answering('{"score": "high"}'));
    const refused = await evaluate(tools, project.root, FAILED);
    expect(
      refused.filter(({ success }) => !success).map(({ testCase, error }) => [testCase.description, error]),
    ).toEqual([["rate@production: one", expect.stringContaining("data/score must be number")]]);
  }, 900_000);
});

/** The module of a model that gives one answer. */
function answering(answer: string): string {
  const output = JSON.stringify(answer);
  return `module.exports = class { id() { return "model"; } async callApi() { return { output: ${output} }; } };`;
}

/** promptfoo's exit code when a test fails. */
const FAILED = 100;

async function evaluate(tools: string, cwd: string, code = 0): Promise<readonly Result[]> {
  const entry = join(tools, "node_modules/promptfoo/dist/src/entrypoint.js");
  const args = [entry, "eval", "--no-cache", "--no-table", "--no-write", "-o", "out.json"];
  const node = isNewEnough ? process.execPath : join(tools, "node_modules", NODE, "bin/node");
  const ran = await run(node, args, {
    cwd,
    env: {
      PROMPTFOO_CONFIG_DIR: join(tools, "home"),
      PROMPTFOO_DISABLE_TELEMETRY: "1",
      PROMPTFOO_DISABLE_UPDATE: "1",
    },
  });
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code });
  return JSON.parse(await readFile(join(cwd, "out.json"), "utf8")).results.results;
}
