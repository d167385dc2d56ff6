import { join } from "node:path";
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { githubCommands, gitlabReport, remarksOn, sarifLog } from "../../src/commands/check/print-remarks.ts";
import type { CheckReport } from "../../src/commands/check/report.ts";
import { writeTree } from "../support/app.ts";
import { scopeGen } from "../support/run.ts";
import { cli, testProject } from "./cli-helpers.ts";

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
  it("json and markdown print the same as their short flags", async () => {
    const { check } = await differing();
    for (const format of ["json", "markdown"]) {
      const long = await check(["--format", format]);
      expect(long).toEqual(await check([`--${format}`]));
      expect(long.code).toBe(3);
    }
  });

  it("refuses two formats at once, and prints an error as JSON if the format is json", async () => {
    const { check } = await differing();
    for (const flags of [
      ["--format", "sarif", "--json"],
      ["--format=gitlab", "--markdown"],
      ["--json", "--markdown"],
    ]) {
      const { code, stderr } = await check(flags);
      expect(code).toBe(1);
      expect(stderr).toContain("can't be used together");
    }
    expect((await check(["--format", "xml"])).stderr).toContain("Allowed choices are text, json");
    const wrong = await check(["--format", "json", "--label", "staging"]);
    expect(JSON.parse(wrong.stdout).error.code).toBe("cli_usage");
  });

  it("github prints workflow commands and nothing else, once", async () => {
    const { check } = await differing();
    const expected = [
      expect.stringMatching(
        /^::error file=app\/src\/\(mail\)\/a b\.ts,line=3,col=\d+,title=greeting@production::Argument of type/,
      ),
      `::error file=app/scope/greeting@production.json,title=greeting@production::version 1 → 2: new variable "company"`,
      "::warning file=app/scope/summary@production.json,title=summary@production::version 1 → 2: text only",
      "",
    ];
    for (const more of [{}, { GITHUB_ACTIONS: "true" }]) {
      const { stdout, stderr } = await check(["--format", "github"], more);
      expect(stdout.split("\n")).toEqual(expected);
      expect(stderr).toBe("");
    }
  });

  it("gitlab is a Code Quality report whose fingerprints stay when lines move", async () => {
    const { check, cwd } = await differing();
    const report = async () => JSON.parse((await check(["--format", "gitlab"])).stdout);
    const first = await report();
    expect(first).toMatchObject([
      {
        check_name: "broken-call",
        severity: "critical",
        location: { path: "app/src/(mail)/a b.ts", lines: { begin: 3 } },
      },
      { check_name: "prompt-breaking", severity: "critical" },
      {
        check_name: "prompt-text",
        description: "summary@production: version 1 → 2: text only",
        severity: "minor",
        location: { path: "app/scope/summary@production.json", lines: { begin: 1 } },
      },
    ]);
    await writeTree(cwd, { "src/(mail)/a b.ts": `\n\n${MAIL}` });
    const second = await report();
    expect(second[0].location.lines.begin).toBe(5);
    const prints = (found: { fingerprint: string }[]) => found.map(({ fingerprint }) => fingerprint);
    expect(prints(second)).toEqual(prints(first));
    expect(new Set(prints(first)).size).toBe(3);
  });

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

  it("a report is empty if check can't decide", async () => {
    const { check } = await differing();
    for (const format of ["gitlab", "sarif", "github"]) {
      const { code, stdout } = await check(["--format", format], { SCOPE_API_SECRET: "wrong" });
      expect([code, stdout]).toEqual([1, ""]);
    }
  });
});

describe("remarks", () => {
  // A prompt's name, a lint finding and a budget, with what each format has to escape.
  const name = `a"<b>&\u0007::error::\n]]>\ud800%,`;
  const ref = { name, pin: { kind: "label", label: "production" } };
  const finding = {
    rule: "prompt-secret",
    severity: "warn",
    prompt: ref,
    message: "It says TODO.\u202e",
    hint: "Write it.",
    where: { prompt: name, line: 2, column: 5 },
  };
  const prompt = {
    ref,
    file: "/repo/scope/a%20(b)#.json",
    grade: "none",
    from: { versionNumber: 1 },
    calls: [],
    overBudget: [{ severity: "error", message: "has 4,312 tokens; its budget is 4,000" }],
  };
  const report = {
    types: "stale",
    typesFile: "/repo/src/scope-types",
    prompts: [prompt],
    findings: [finding, finding],
  } as unknown as CheckReport;
  const remarks = remarksOn(report, { root: "/repo", filesUrl: undefined });

  it("include budgets, lint findings and the types too, each with its own fingerprint", () => {
    expect(remarks.map(({ rule, level }) => [rule, level])).toEqual([
      ["over-budget", "error"],
      ["prompt-secret", "warning"],
      ["prompt-secret", "warning"],
      ["types-outdated", "warning"],
    ]);
    expect(remarks[1]?.message).toBe("line 2, column 5: It says TODO.\u202e Write it.");
    expect(new Set(remarks.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });

  it("are valid in every format, whatever a prompt is called", () => {
    expect(sarifProblems(JSON.parse(JSON.stringify(sarifLog(remarks))))).toEqual([]);
    expect(githubCommands(remarks).match(/^::/gm)).toHaveLength(4);
    expect(gitlabReport(remarks)).toHaveLength(4);
  });
});
