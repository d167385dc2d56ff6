import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { node, ROOT } from "../support/run.ts";
import { cli, type TestProject, testProject } from "./cli-helpers.ts";

const INTRO = "You answer the customers of a shop that sells bicycles. ".repeat(8);
const GREETING = `${INTRO}{{name}} writes:`;
const MODEL = JSON.stringify({
  versions: { "1": { metadata: { model: "gpt-5" } }, "2": { metadata: { model: "gpt-5" } } },
});
const APP = { "src/a.ts": 'import a from "scope:greeting";\nimport b from "scope:sign";\n' };
const PROMPTS = {
  "greeting/1.md": GREETING,
  "greeting/prompt.json": MODEL,
  "sign/1.md": "Yours, {{name}}",
};

async function pulled(
  config: unknown = {},
  app: Readonly<Record<string, string>> = APP,
): Promise<TestProject & { run(...argv: string[]): ReturnType<typeof cli> }> {
  const project = await testProject({ "scope.config.json": JSON.stringify(config), ...app }, PROMPTS);
  const run = (...argv: string[]) => cli(argv, { cwd: project.root, env: project.env });
  expect(await run("pull")).toMatchObject({ code: 0 });
  return { ...project, run };
}

const json = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout);

describe("list --tokens", () => {
  it("has a row for each prompt, the most expensive first, exact for OpenAI's models", async () => {
    const { run } = await pulled();
    const { prompts } = json(await run("list", "--tokens", "--json"));
    expect(prompts).toEqual([
      {
        key: "greeting",
        name: "greeting",
        pin: { label: "production" },
        versionNumber: 1,
        tokens: expect.any(Number),
        prefix: expect.any(Number),
        encoding: "o200k_base",
        variables: ["name"],
        model: "gpt-5",
      },
      {
        key: "sign",
        name: "sign",
        pin: { label: "production" },
        versionNumber: 1,
        tokens: expect.any(Number),
        prefix: expect.any(Number),
        encoding: null,
        variables: ["name"],
        model: null,
      },
    ]);
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    expect(prompts[0]).toMatchObject({ tokens: countTokens(GREETING), prefix: countTokens(INTRO) });
    const { stdout } = await run("list", "--tokens");
    expect(stdout).toMatch(
      new RegExp(`greeting +production +${countTokens(GREETING)} +${countTokens(INTRO)} +name +gpt-5\n`),
    );
    expect(stdout).toMatch(/sign +production +≈\d+ +≈\d+ +name +-\n/);
    expect(stdout).toContain(
      "≈ is an estimate; to count exactly, install gpt-tokenizer and set tokens.encoding.\n",
    );
  });

  it("counts everything with the config's encoding", async () => {
    const { run } = await pulled({ tokens: { encoding: "cl100k_base" } });
    const { prompts } = json(await run("list", "--tokens", "--json"));
    expect(prompts.map(({ encoding }: { encoding: string }) => encoding)).toEqual([
      "cl100k_base",
      "cl100k_base",
    ]);
  });

  it("reports what isn't pulled, and can't be combined with --built", async () => {
    const { run, root } = await pulled();
    await writeTree(root, { "src/b.ts": 'import "scope:other";\n' });
    const { prompts } = json(await run("list", "--tokens", "--json"));
    expect(prompts[2]).toMatchObject({ name: "other", tokens: null, prefix: null, variables: null });
    expect((await run("list", "--tokens")).stdout).toMatch(/other +production +not pulled/);
    expect(await run("list", "--tokens", "--built", "x")).toMatchObject({ code: 1 });
  });
});

describe("without gpt-tokenizer", () => {
  /** The package as installed, with its dependencies and nothing else. */
  async function installed(): Promise<string> {
    const app = await temporaryFolder();
    const folder = join(app, "node_modules", "unplugin-scope");
    for (const name of ["bin", "dist", "package.json"])
      await cp(join(ROOT, name), join(folder, name), { recursive: true });
    const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      const link = join(app, "node_modules", name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(ROOT, "node_modules", name), link, "dir");
    }
    return join(folder, "bin", "scope-gen.js");
  }

  it("counts are estimates, and a configured encoding is an error that says what to install", async () => {
    const { root, env } = await pulled();
    const bin = await installed();
    const list = () => node([bin, "list", "--tokens", "--json"], { cwd: root, env });
    const estimated = await list();
    expect(estimated, estimated.stderr).toMatchObject({ code: 0 });
    expect(json(estimated).prompts).toMatchObject([
      { name: "greeting", encoding: null, tokens: expect.any(Number) },
      { name: "sign", encoding: null },
    ]);
    await writeTree(root, { "scope.config.json": '{ "tokens": { "encoding": "o200k_base" } }' });
    const refused = await list();
    expect(refused.code).toBe(1);
    expect(json(refused).error).toMatchObject({
      code: "tokenizer_missing",
      hint: expect.stringContaining("npm install --save-dev gpt-tokenizer"),
    });
  });
});

const SHORTER = `{{name}} writes: ${INTRO}`;

describe("a version that changes the cost", () => {
  it("is shown by check, diff and pull, in text and JSON", async () => {
    const { run, prompt } = await pulled();
    await prompt("greeting/2.md", SHORTER);
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    const change = `cacheable prefix ${countTokens(INTRO)} → 0 tokens`;
    const cost = {
      from: { tokens: countTokens(GREETING), prefix: countTokens(INTRO), encoding: "o200k_base" },
      to: { tokens: countTokens(SHORTER), prefix: 0, encoding: "o200k_base" },
    };
    const check = await run("check");
    expect(check.stdout).toMatch(new RegExp(`greeting@production: .*${change}`));
    const { prompts } = json(await run("check", "--json"));
    expect(prompts[0].cost).toEqual(cost);
    expect(prompts[1]).not.toHaveProperty("cost");
    expect((await run("check", "--markdown")).stdout).toContain(change);

    expect((await run("diff")).stdout).toContain(change);
    expect(json(await run("diff", "--json")).prompts[0].cost).toEqual(cost);

    const pull = await run("pull", "--json");
    expect(json(pull).prompts[0].cost).toEqual(cost);
    expect(json(pull).prompts[1]).not.toHaveProperty("cost");
    await prompt("greeting/3.md", GREETING);
    expect((await run("pull")).stdout).toContain(`cacheable prefix 0 → ${countTokens(INTRO)} tokens`);
    expect((await run("check", "--json")).stdout).not.toContain('"cost"');
  });

  it("shows the tokens of its rendered samples", async () => {
    const { run, prompt, root } = await pulled();
    await writeTree(root, {
      "scope/samples/greeting.json": JSON.stringify({ a: { name: "Ada" }, b: { name: "Ada ".repeat(50) } }),
    });
    await prompt("greeting/2.md", "{{name}} writes:");
    const { prompts } = json(await run("diff", "--samples", "--json"));
    const { from, to } = prompts[0].renderedTokens;
    expect(from).toMatchObject({ encoding: "o200k_base", min: expect.any(Number) });
    expect(from.min).toBeGreaterThan(to.min);
    expect(to.max).toBeGreaterThan(to.min);
    const shown = `min ${from.min} → ${to.min}, median ${from.median} → ${to.median}, max ${from.max} → ${to.max}`;
    expect((await run("diff", "--samples")).stdout.replace(/\s+/g, " ")).toContain(shown);
    expect((await run("check", "--markdown")).stdout).toContain(shown);
  });
});

describe("a budget", () => {
  it("is a warning if exceeded: exit 2, or 0 with --fail-on breaking", async () => {
    const { run } = await pulled({ budget: { tokens: 20 } });
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    const message = `has ${countTokens(GREETING)} tokens; its budget is 20`;
    const text = await run("check");
    expect(text.code).toBe(2);
    expect(text.stdout).toContain(`greeting@production: version 1 ${message}`);
    expect(text.stdout).toContain("1 over budget");
    expect((await run("check", "--fail-on", "breaking")).code).toBe(0);
    const found = json(await run("check", "--json", "--fetch", "never"));
    expect(found).toMatchObject({
      status: "in-sync",
      prompts: [{ name: "greeting", budgets: [{ limit: "tokens", severity: "warn", message }] }, {}],
    });
    expect(found.prompts[1]).not.toHaveProperty("budgets");
    const markdown = (await run("check", "--markdown")).stdout;
    expect(markdown).toContain("1 over budget");
    expect(markdown).toContain(message);
  });

  it("of one prompt overrides key by key, and as an error exits with 3", async () => {
    const { run, root, env } = await pulled(
      {
        budget: { tokens: 1000, severity: "error" },
        prompts: { greeting: { budget: { tokens: 20 } } },
      },
      APP,
    );
    const found = await run("check", "--json");
    expect(found.code).toBe(3);
    expect(json(found).prompts[0].budgets).toEqual([
      {
        limit: "tokens",
        severity: "error",
        message: expect.stringContaining("its budget is 20"),
      },
    ]);
    expect((await run("check", "--fail-on", "breaking")).code).toBe(3);
    const { stdout } = await cli(["check"], { cwd: root, env: { ...env, GITHUB_ACTIONS: "true" } });
    expect(stdout).toMatch(
      /::error file=scope\/greeting@production\.json,title=greeting@production::version 1 has /,
    );
  });

  it("can be switched off for one prompt, and an estimate stays a warning", async () => {
    const { run, root } = await pulled({
      budget: { tokens: 1, severity: "error" },
      prompts: { greeting: { budget: false } },
    });
    const found = await run("check", "--json");
    expect(found.code).toBe(2);
    expect(json(found).prompts[0]).not.toHaveProperty("budgets");
    expect(json(found).prompts[1].budgets).toMatchObject([
      { severity: "warn", message: expect.stringContaining("install gpt-tokenizer and set tokens.encoding") },
    ]);
    await writeTree(root, { "scope.config.json": '{ "prompts": { "sign": { "budget": false } } }' });
    expect((await run("check")).code).toBe(0);
  });
});

describe("the options", () => {
  it.each([
    [{ tokens: { encoding: "o200k_bse" } }, "tokens.encoding must be", '"o200k_base"'],
    [{ tokens: { encodng: "gpt2" } }, "tokens.encodng", "encoding"],
    [{ budget: { token: 1 } }, "budget.token", "tokens"],
    [{ budget: { tokens: 0 } }, "budget.tokens must be at least 1", ""],
    [{ budget: { tokens: 1.5 } }, "budget.tokens must be a whole number", ""],
    [{ budget: { growth: 0.1 } }, 'The option "budget.growth" was removed', "check and diff show"],
    [{ budget: { prefix: 1024 } }, 'The option "budget.prefix" was removed', "list --tokens"],
    [{ budget: { severity: "strict" } }, 'budget.severity must be "warn" or "error"', ""],
    [{ budget: { severity: "erorr" } }, "budget.severity must be", "error"],
    [{ prompts: { a: { budget: { tokns: 1 } } } }, "prompts.a.budget.tokns", "tokens"],
    [{ prompts: { a: { budget: { tokens: -1 } } } }, "prompts.a.budget.tokens must be", ""],
    [{ budget: 4000 }, "budget must be an object", ""],
  ])("%j is refused", async (config, message, hint) => {
    const root = await temporaryFolder();
    await writeTree(root, { "package-lock.json": "{}", "scope.config.json": JSON.stringify(config) });
    const { code, stderr } = await cli(["list"], { cwd: root });
    expect(code).toBe(1);
    expect(stderr).toContain("config_invalid");
    expect(stderr.replace(/\s+/g, " ")).toContain(message);
    expect(stderr).toContain(hint);
  });
});
