import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import { describePrompts } from "../../../src/platform/testing/index.ts";
import { pulledProject } from "../../commands/cli-helpers.ts";
import { makeApp, writeTree } from "../../support/app.ts";
import { linkPackage, node, ROOT } from "../../support/run.ts";

const SAMPLES = {
  Ada: { name: "Ada", expect: { contains: "Hello" } },
  Bo: { name: "Bo", expect: { contains: "Ada" } },
};

async function sampledProject() {
  const project = await pulledProject(
    { "scope.config.json": JSON.stringify({ prompts: { welcome: {} } }) },
    { "welcome/1.md": "Hello {{name}}", "welcome/prompt.json": JSON.stringify({ production: 1 }) },
  );
  await writeTree(project.root, { "scope/samples/welcome.json": JSON.stringify(SAMPLES) });
  return project;
}

/** Collects what is registered, and runs it. */
function framework() {
  const results: string[] = [];
  const suites: string[] = [];
  return {
    results,
    describe(name: string, body: () => void) {
      suites.push(name);
      body();
      suites.pop();
    },
    it(name: string, body: () => void) {
      let outcome = "passes";
      try {
        body();
      } catch (error) {
        outcome = error instanceof Error ? error.message : "";
      }
      results.push(`${[...suites, name].join(" > ")}: ${outcome}`);
    },
  };
}

describe("describePrompts", () => {
  it("registers a suite for each prompt, and a test for each sample", async () => {
    const { root } = await sampledProject();
    const own = framework();
    await describePrompts({ cwd: root, describe: own.describe, it: own.it });
    expect(own.results).toEqual([
      "welcome (version 1) > Ada: passes",
      'welcome (version 1) > Bo: doesn\'t contain "Ada"\n\nIt renders to:\nHello Bo',
    ]);
  });

  it("refuses a project without samples, and a process without a framework", async () => {
    const app = await makeApp({ "scope.config.json": "{}" });
    onTestFinished(() => rm(app, { recursive: true, force: true }));
    const refused = (options: object) =>
      describePrompts({ cwd: app, ...options }).catch((error: unknown) => error);
    expect(isScopeError(await refused(framework()), "samples_missing")).toBe(true);
    expect(isScopeError(await refused({}), "test_framework_missing")).toBe(true);
  });

  it("runs in node:test, also against a label", async () => {
    const { root, env, prompt } = await sampledProject();
    await linkPackage(root);
    await prompt("welcome/2.md", "Hi {{name}}");
    await writeTree(root, {
      "prompts.test.mjs": `import { describe, it } from "node:test";
import { describePrompts } from "unplugin-scope/testing";
await describePrompts({ describe, it, label: process.env.LABEL });
`,
    });
    const run = (added: Readonly<Record<string, string>>) =>
      node(["--test", "--test-reporter=tap"], { cwd: root, env: added });
    const committed = await run({});
    expect(committed.stdout).toContain("# pass 1\n# fail 1\n");
    expect(committed.stdout).toContain("ok 1 - Ada");
    const latest = await run({ ...env, LABEL: "latest" });
    expect(latest.stdout).toContain("# pass 0\n# fail 2\n");
    expect(latest.stdout).toContain("welcome (version 2)");
  });

  it("runs in Vitest, with globals and without", async () => {
    const { root } = await sampledProject();
    await linkPackage(root);
    await writeTree(root, {
      "package.json": JSON.stringify({ type: "module" }),
      "global.test.js":
        'import { describePrompts } from "unplugin-scope/testing";\nawait describePrompts();\n',
      "own.test.js":
        'import { describe, it } from "vitest";\nimport { describePrompts } from "unplugin-scope/testing";\nawait describePrompts({ describe, it });\n',
    });
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const run = async (...args: string[]) =>
      JSON.parse(
        (await node([vitest, "run", "--reporter=json", "--maxWorkers=1", ...args], { cwd: root })).stdout,
      );
    expect(await run("own", "--globals=false")).toMatchObject({ numPassedTests: 1, numFailedTests: 1 });
    expect(await run("global", "--globals")).toMatchObject({ numPassedTests: 1, numFailedTests: 1 });
  });
});
