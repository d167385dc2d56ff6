// Follows docs/recipes/experiments.md: its blocks are the files of a project, and promptfoo comes from npm.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { cli, testProject } from "../commands/cli-helpers.ts";
import { temporaryFolder } from "../support/app.ts";
import { linkPackage, ROOT, run, succeed } from "../support/run.ts";
import { readPage } from "./blocks.ts";

const PAGE = "docs/recipes/experiments.md";
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
/** promptfoo needs Node 22.22. Where this is an older one, it runs with the one that npm has as a package. */
const NODE = `node-${process.platform}-${process.arch}`;
const isNewEnough = major > 22 || (major === 22 && minor >= 22);
/** promptfoo's exit code when a test fails. */
const FAILED = 100;

/** Renderings that promptfoo would read as templates and files. */
const HOSTILE = '{{latest}} {{ env.HOME }} {% if %} {# c #} {{{x}}} {% endraw %} <b>&amp; "q" \\ {{\n\n';

interface Result {
  readonly success: boolean;
  readonly error: string | null;
  readonly prompt: { readonly raw: string; readonly label: string };
  readonly testCase: { readonly vars: { readonly name: string } };
}

const tools = await temporaryFolder();
const packages = ["promptfoo@0.123", ...(isNewEnough ? [] : [`${NODE}@22`])];

beforeAll(async () => {
  await writeFile(join(tools, "package.json"), "{}");
  await succeed(run("npm", ["install", ...packages], { cwd: tools }));
}, 900_000);

it("gives promptfoo the renderings of two versions unchanged, and checks answers with a schema", async () => {
  const text = await readFile(join(ROOT, PAGE), "utf8");
  const blocks = readPage(PAGE, text).blocks.map((one) => one.text);
  const [config = "", page = ""] = blocks.slice(1);
  const cases = JSON.stringify([HOSTILE, "Ada"].map((name) => ({ vars: { name } })));
  const evaluation = page.replace(/tests: \[.*\]/, () => `tests: ${cases}`);
  const { root, env } = await testProject(
    { "scope.config.ts": config },
    {
      "greeting-template/1.md": "{{name}}",
      "greeting-template/2.md": "{{name}}!",
      "greeting-template/prompt.json": '{ "production": 1 }',
    },
  );
  await linkPackage(root);
  await succeed(cli(["emit", "--out-dir", "emitted"], { cwd: root, env }));
  const use = (provider: string, code: string) =>
    writeFile(join(root, "promptfooconfig.mjs"), code.replace(/openai:[\w.-]+/, provider));

  await use("echo", evaluation);
  const results = await evaluate(tools, root);
  expect(results.filter(({ success }) => !success)).toEqual([]);
  const shown = results.map(({ testCase, prompt }) => [
    testCase.vars.name,
    prompt.label,
    JSON.parse(prompt.raw),
  ]);
  const asked = (content: string) => [{ role: "user", content }];
  expect(shown.sort()).toEqual(
    [
      ["Ada", "current", asked("Ada")],
      ["Ada", "latest", asked("Ada!")],
      [HOSTILE, "current", asked(HOSTILE)],
      [HOSTILE, "latest", asked(`${HOSTILE}!`)],
    ].sort(),
  );

  // A model that answers something else, and the page's check of its answers.
  const [, check = ""] = /`(defaultTest: .*)`/.exec(text) ?? [];
  const checking = evaluation
    .replace(
      "import current from",
      'import * as z from "zod";\nconst Triage = z.object({ score: z.number() });\nimport current from',
    )
    .replace("  tests:", `  ${check},\n  tests:`);
  const model = join(root, "model.cjs");
  await use(`file://${model}`, checking);
  await writeFile(model, answering('{"score": 1}'));
  expect((await evaluate(tools, root)).every(({ success }) => success)).toBe(true);
  await writeFile(model, answering('{"score": "high"}'));
  const refused = await evaluate(tools, root, FAILED);
  expect(refused.map(({ success }) => success)).toEqual([false, false, false, false]);
  expect(refused[0]?.error).toContain("score");
}, 900_000);

/** The module of a model that gives one answer. */
function answering(answer: string): string {
  const output = JSON.stringify(answer);
  return `module.exports = class { id() { return "model"; } async callApi() { return { output: ${output} }; } };`;
}

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
