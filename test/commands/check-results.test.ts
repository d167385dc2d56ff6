import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { cli, pulledProject, type TestProject } from "./cli-helpers.ts";
import { CODE, MODEL, PROMPTS, promptfooCounts } from "./evaluated-prompts.ts";

/** What promptfoo wrote for the two versions of the two prompts below. */
const RESULTS = join(import.meta.dirname, "../review/evidence/results.json");
/** A project with version 1 committed, and results next to it. */
async function project(config: object = {}, prompts: Record<string, string> = PROMPTS, code = CODE) {
  const files = { "scope.config.json": JSON.stringify(config), "src/a.ts": code };
  const made = await pulledProject(files, prompts);
  await copyFile(RESULTS, join(made.root, "results.json"));
  return made;
}

async function check({ root, env }: TestProject, ...argv: string[]) {
  const ran = await cli(["check", "--label", "latest", "--json", ...argv], { cwd: root, env });
  return { ...ran, report: JSON.parse(ran.stdout) };
}

it("counts as promptfoo does, version by version, for a text and a chat, whatever their names and pins", async () => {
  const own = await promptfooCounts(RESULTS);
  const expected = [
    [{ from: own["reply 1"], to: own["reply 2"] }],
    [{ from: own["triage 1"], to: own["triage 2"] }],
  ];
  const found = async (made: TestProject) => {
    const { report } = await check(made, "--results", "res*.json");
    expect(report.evaluations).toEqual({ rows: 40, others: 0, problems: [] });
    return report.prompts.map((one: { evaluations: { providers: object[] } }) => one.evaluations.providers);
  };
  expect(await found(await project())).toMatchObject(expected);
  const renamed = Object.entries(PROMPTS).map(([path, text]) => [path.replace("/", "-new/"), text]);
  const aliases = 'import "scope:triage-new";\nimport "scope:alias";\n';
  const config = { prompts: { alias: { prompt: "reply-new", label: "production" } } };
  expect(await found(await project(config, Object.fromEntries(renamed), aliases))).toMatchObject(expected);
  const plain = await project();
  const text = await cli(["check", "--label", "latest", "--results", "results.json"], {
    cwd: plain.root,
    env: plain.env,
  });
  expect(text.stdout).toContain(
    "triage@production: evaluated 9 of 9 (and 1 without an answer) → 5 of 9 (and 1 without an answer) with model-a; 4 newly",
  );
  // Pinned to the newer version, both sides are that one.
  const { root, env } = plain;
  expect(await cli(["pin", "triage", "--to", "2", "--yes"], { cwd: root, env })).toMatchObject({ code: 0 });
  expect(await cli(["pull"], { cwd: root, env })).toMatchObject({ code: 0 });
  const pinned = await check(plain, "--results", "results.json");
  expect(pinned.report.prompts[1].evaluations.providers).toMatchObject([
    { from: own["triage 2"], to: own["triage 2"] },
  ]);
  expect(pinned.report.evaluations.others).toBe(10);
  // Pulled to the other label, too.
  const pulled = await project({ label: "latest" });
  const { report } = await check(pulled, "--results", "results.json");
  expect(report.prompts[0].evaluations.providers).toMatchObject([
    { from: own["reply 2"], to: own["reply 2"], newlyFailing: [] },
  ]);
});

it("takes the values of the sample that a row names", async () => {
  const made = await project();
  const data = JSON.parse(await readFile(RESULTS, "utf8"));
  const samples: Record<string, unknown> = {};
  for (const row of data.results.results) {
    const sample = row.vars.name.slice(-1);
    samples[sample] = { ...row.vars, expect: { contains: "x" } };
    row.vars = { sample };
  }
  await writeTree(made.root, {
    "results.json": JSON.stringify(data),
    "scope/samples/triage.json": JSON.stringify(samples),
    "scope/samples/reply.json": JSON.stringify(samples),
  });
  const { report } = await check(made, "--results", "results.json");
  expect(report.evaluations).toMatchObject({ rows: 40, others: 0 });
});

it("refuses, by the config, what has no evaluation with its own text and model, or a worse one", async () => {
  const evaluations = (require: string, results: string[] = ["res*.json"]) => ({
    evaluations: { results, require },
  });
  const codes = async (config: object, prompts: Record<string, string> = PROMPTS) => {
    const ran = await check(await project(config, prompts));
    const problem = (one: ReturnType<typeof JSON.parse>) => one.evaluations?.problem?.code;
    return [ran.code, ...ran.report.prompts.map(problem)];
  };
  const missing = "evaluation_missing";
  expect(await codes(evaluations("none"))).toEqual([2, undefined, undefined]);
  expect(await codes(evaluations("evaluated"))).toEqual([2, undefined, undefined]);
  expect(await codes(evaluations("evaluated", ["none/*.json"]))).toEqual([3, missing, missing]);
  expect(await codes(evaluations("evaluated", []))).toEqual([3, missing, missing]);
  expect(await codes(evaluations("no-worse"))).toEqual([3, missing, missing]);
  const exempt = { ...evaluations("no-worse"), prompts: { reply: { evaluations: false } } };
  expect(await codes(exempt)).toEqual([3, undefined, missing]);
  const versions = { 1: MODEL, 2: { metadata: { model: "model-b" } } };
  const remodelled = { ...PROMPTS, "triage/prompt.json": JSON.stringify({ production: 1, versions }) };
  expect(await codes(evaluations("evaluated"), remodelled)).toEqual([3, undefined, missing]);
});

it("reports a file that can't be used, and everything else all the same", async () => {
  const made = await project();
  const whole = await readFile(RESULTS, "utf8");
  await writeTree(made.root, { "eval/cut.json": whole.slice(0, 5000), "eval/whole.json": whole });
  const ran = await check(made, "--results", "eval/*.json", "none/*.json");
  expect(ran.code).toBe(1);
  expect(ran.report).toMatchObject({ status: "unknown", evaluations: { rows: 40, others: 0 } });
  expect(ran.report.evaluations.problems).toMatchObject([
    { code: "evaluation_unreadable", where: { file: "eval/cut.json" } },
    { code: "evaluation_unreadable" },
  ]);
  expect(ran.stderr).toContain("eval/cut.json");
  const argv = ["check", "--markdown", "--results", "eval/*.json"];
  const { stdout } = await cli(argv, { cwd: made.root, env: made.env });
  expect(stdout).toContain("### Prompts: results of evaluations can't be read");
  expect(stdout).toContain("eval/cut.json");
  const without = await check(made, "--results", "eval/*.json", "!eval/cut.json");
  expect(without.report.evaluations.problems).toEqual([]);
});

it("prints nothing of a row as it is: no link, no control sequence, no command of a CI, no secret", async () => {
  const made = await project();
  const data = JSON.parse(await readFile(RESULTS, "utf8"));
  const secret = `sk-ant-${"aB3dE5gH7jK9".repeat(4)}`;
  const hostile = [secret, "[x](https://evil.example)", "a\u001b[2J", "\n::error::x", "@everyone <img>"];
  for (const row of data.results.results) row.testCase.description = hostile[row.testIdx % hostile.length];
  await writeFile(join(made.root, "results.json"), JSON.stringify(data));
  for (const format of ["text", "markdown", "json", "sarif"]) {
    const argv = ["check", "--label", "latest", "--format", format, "--results", "results.json"];
    const { stdout } = await cli(argv, { cwd: made.root, env: made.env });
    for (const raw of ["aB3dE5", "\u001b", "\n::error"]) expect(stdout).not.toContain(raw);
    // What is left of a comment without its code.
    if (format === "markdown") expect(stdout.replace(/`[^`]*`/g, "")).not.toMatch(/evil|<img|everyone/);
  }
});
