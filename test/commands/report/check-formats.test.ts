import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { githubCommands, gitlabReport, remarksOn } from "../../../src/commands/report/remarks.ts";
import type { CheckReport } from "../../../src/project/reports/report.ts";
import { scopeGen } from "../../support/run.ts";
import { cli, testProject } from "../cli-helpers.ts";

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
  it("gitlab has paths relative to the root of the repository", async () => {
    const { cwd, env } = await differing();
    const { stdout, code } = await scopeGen(["check", "--format", "gitlab"], {
      cwd,
      env: { ...env, GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: join(cwd, "..") },
    });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        check_name: "broken-call",
        severity: "critical",
        location: { path: "app/src/(mail)/a b.ts", lines: { begin: 3 } },
      },
      { check_name: "prompt-breaking", severity: "critical" },
      { check_name: "prompt-text", severity: "minor" },
    ]);
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
    expect(githubCommands(remarks).match(/^::/gm)).toHaveLength(2);
    expect(gitlabReport(remarks)).toHaveLength(2);
  });
});
