import { join } from "node:path";
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { githubCommands, gitlabReport, remarksOn, sarifLog } from "../../../src/commands/report/remarks.ts";
import type { CheckReport } from "../../../src/commands/report/report.ts";
import { scopeGen } from "../../support/run.ts";
import { cli, testProject } from "../cli-helpers.ts";

// The schema is one of draft 4, and uses nothing of it that a later draft has otherwise.
const { $schema: _draft, id: _id, ...definitions } = schema as Record<string, unknown>;
const isSarif = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: { uri: (text) => URL.canParse(text), "uri-reference": /^[^\s<>"{}|\\^`]*$/, "date-time": true },
}).compile(definitions);
const sarifProblems = (log: unknown) => (isSarif(log) ? [] : isSarif.errors);

const MAIL = `import greeting from "scope:greeting";\n\nexport const mail = greeting({ name: "Ada" });\n`;

/** An app in a folder of its repository: `greeting` breaks a call, `summary` has another text, `terms` is the same. */
async function differing() {
  const { root, env, prompt } = await testProject(
    {
      ".git/HEAD": "",
      "app/package-lock.json": "{}",
      "app/scope.config.json": '{ "prompts": ["summary", "terms"] }',
      "app/tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": [] }, "include": ["src"] }`,
      "app/src/(mail)/a b.ts": MAIL,
    },
    { "greeting/1.md": "Hello {{name}}", "summary/1.md": "Sum up", "terms/1.md": "No advice" },
  );
  const cwd = join(root, "app");
  expect((await cli(["pull"], { cwd, env })).code).toBe(0);
  await prompt("greeting/2.md", "Hello {{name}} of {{company}}");
  await prompt("summary/2.md", "Sum up in a line");
  const check = (flags: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    cli(["check", ...flags], { cwd, env: { ...env, ...more } });
  return { cwd, env, check };
}

describe("check --format", () => {
  it("sarif is a valid log, with paths relative to the root of the repository", async () => {
    const { cwd, env } = await differing();
    const { stdout, code } = await scopeGen(["check", "--format", "sarif"], {
      cwd,
      env: { ...env, GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: join(cwd, "..") },
    });
    expect(code).toBe(3);
    const log = JSON.parse(stdout);
    expect(sarifProblems(log)).toEqual([]);
    const [{ results, tool }] = log.runs;
    expect(results).toMatchObject([
      {
        ruleId: "broken-call",
        level: "error",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "app/src/(mail)/a%20b.ts", uriBaseId: "%SRCROOT%" },
              region: { startLine: 3, startColumn: expect.any(Number) },
            },
          },
        ],
      },
      { ruleId: "prompt-breaking", level: "error" },
      { ruleId: "prompt-text", level: "warning" },
    ]);
    expect(results.map(({ ruleIndex, ruleId }: never) => tool.driver.rules[ruleIndex].id === ruleId)).toEqual(
      [true, true, true],
    );
    expect(sarifProblems({ ...log, version: "2.0.0" })).not.toEqual([]);
  });

  it.each([
    ["type 'string[]' of { name: string }", "type 'string[]' of {{ name: string }}"],
    ["see [here](https://evil.test) for {0}", "see \\[here\\](https://evil.test) for {{0}}"],
    ["a\\[b\\](1)", "a\\\\\\[b\\\\\\](1)"],
  ])("sarif shows %j as it is, without links and placeholders", (message, text) => {
    const remark = { rule: "prompt-text", level: "warning", path: "a.ts", fingerprint: "1" } as const;
    const log = sarifLog([{ ...remark, prompt: undefined, message }]);
    expect(sarifProblems(log)).toEqual([]);
    expect(log).toMatchObject({ runs: [{ results: [{ message: { text } }] }] });
  });
});

describe("remarks", () => {
  // A prompt's name and a budget, with what each format has to escape.
  const name = `a"<b>&\u0007::error::\n]]>\ud800%,`;
  const ref = { name, pin: { kind: "label", label: "production" } };
  const prompt = {
    ref,
    file: "/repo/scope/a%20(b)#.json",
    grade: "none",
    from: { versionNumber: 1 },
    calls: [],
    overBudget: ["has ≈4,312 tokens; its budget is 4,000"],
  };
  const report = {
    types: "stale",
    typesFile: "/repo/src/scope-types",
    prompts: [prompt],
  } as unknown as CheckReport;
  const remarks = remarksOn(report, { root: "/repo", filesUrl: undefined });

  it("include budgets and the types too, each with its own fingerprint", () => {
    expect(remarks.map(({ rule, level }) => [rule, level])).toEqual([
      ["over-budget", "error"],
      ["types-outdated", "warning"],
    ]);
    expect(new Set(remarks.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it("are valid in every format, whatever a prompt is called", () => {
    expect(sarifProblems(JSON.parse(JSON.stringify(sarifLog(remarks))))).toEqual([]);
    expect(githubCommands(remarks).match(/^::/gm)).toHaveLength(2);
    expect(gitlabReport(remarks)).toHaveLength(2);
  });
});
