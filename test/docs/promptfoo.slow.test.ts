// Follows docs/recipes/promptfoo.md: its blocks are the files of a project, and promptfoo comes from npm.
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { cli, testProject } from "../commands/cli-helpers.ts";
import { CODE, PROMPTS, promptfooCounts } from "../commands/evaluated-prompts.ts";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, ROOT, run, succeed } from "../support/run.ts";
import { readPage } from "./blocks.ts";

const PAGE = "docs/recipes/promptfoo.md";
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
  readonly testCase: { readonly vars: { readonly sample: string } };
}

const tools = await temporaryFolder();
const packages = ["promptfoo@0.123", ...(isNewEnough ? [] : [`${NODE}@22`])];

beforeAll(async () => {
  await writeFile(join(tools, "package.json"), "{}");
  await succeed(run("npm", ["install", ...packages], { cwd: tools }));
}, 900_000);

it("check counts what promptfoo counts, for two versions of a text and of a chat with ten cases", async () => {
  const made = await testProject({ "scope.config.json": "{}", "src/a.ts": CODE }, PROMPTS);
  const { root, env } = made;
  for (const file of ["promptfooconfig.mjs", "model.cjs"])
    await copyFile(join(ROOT, "test/review/evidence", file), join(root, file));
  await succeed(cli(["pull"], { cwd: root, env }));
  await evaluate(tools, root, FAILED);
  const own = await promptfooCounts(join(root, "out.json"));
  const argv = ["check", "--label", "latest", "--results", "out.json", "--json"];
  const { evaluations, prompts } = JSON.parse((await cli(argv, { cwd: root, env })).stdout);
  expect(evaluations).toEqual({ rows: 40, others: 0, problems: [] });
  for (const { name, evaluations } of prompts)
    expect(evaluations.providers).toMatchObject([{ from: own[`${name} 1`], to: own[`${name} 2`] }]);
}, 900_000);

it("gives promptfoo the renderings of two versions unchanged, and checks answers with a schema", async () => {
  const text = await readFile(join(ROOT, PAGE), "utf8");
  const blocks = readPage(PAGE, text).blocks.map((one) => one.text);
  const [config = "", evaluation = ""] = blocks;
  const { root, env } = await testProject(
    { "scope.config.ts": config },
    {
      "greeting-template/1.md": "{{name}}",
      "greeting-template/2.md": "{{name}}!",
      "greeting-template/prompt.json": '{ "production": 1 }',
    },
  );
  await linkPackage(root);
  await writeTree(root, {
    "scope/samples/greeting-template.json": JSON.stringify({
      braces: { name: HOSTILE, expect: { contains: "{{latest}}" } },
      file: { name: "file:///etc/hosts" },
    }),
  });
  await succeed(cli(["emit", "--out-dir", "emitted"], { cwd: root, env }));
  const use = (provider: string, code: string) =>
    writeFile(join(root, "promptfooconfig.mjs"), code.replace(/openai:[\w.-]+/, provider));

  await use("echo", evaluation);
  const results = await evaluate(tools, root);
  expect(results.filter(({ success }) => !success)).toEqual([]);
  const shown = results.map(({ testCase, prompt }) => [
    testCase.vars.sample,
    prompt.label,
    JSON.parse(prompt.raw),
  ]);
  const asked = (content: string) => [{ role: "user", content }];
  expect(shown.sort()).toEqual([
    ["braces", "current", asked(HOSTILE)],
    ["braces", "latest", asked(`${HOSTILE}!`)],
    ["file", "current", asked("file:///etc/hosts")],
    ["file", "latest", asked("file:///etc/hosts!")],
  ]);

  // The page's command for check, on what was written.
  await succeed(cli(["pull"], { cwd: root, env }));
  const checked = await cli(["check", "--label", "latest", "--results", "out.json", "--json"], {
    cwd: root,
    env,
  });
  const { evaluations, prompts } = JSON.parse(checked.stdout);
  expect(evaluations).toEqual({ rows: 4, others: 0, problems: [] });
  const two = { passed: 2, failed: 0, errors: 0 };
  for (const one of prompts) expect(one.evaluations.providers[0].to).toMatchObject(two);

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
