import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeApp } from "../support/app.ts";
import { startGateway } from "../support/gateway.ts";
import { isMissing } from "../support/optional-tool.ts";
import { type CallsApp, chat, startCallsApp } from "./calls-app.ts";
import { cli, testProject } from "./cli-helpers.ts";
import { SCRIPT, Terminal } from "./terminal.ts";

const it = test.skipIf(isMissing(SCRIPT));

const CREDENTIALS = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s" };
const CTRL_C = "\x03";
const ENTER = "\r";
const many = Array.from({ length: 120 }, (_, index) => `prompt-${String(index).padStart(3, "0")}`);

async function manyPrompts(delayMs: number) {
  const project = await testProject(
    { "scope.config.json": JSON.stringify({ prompts: many, concurrency: 2 }) },
    Object.fromEntries(many.map((name) => [`${name}/1.md`, name])),
  );
  const gateway = await startGateway(project.platform.url);
  onTestFinished(() => gateway.close());
  gateway.delayMs = delayMs;
  const env = { ...project.env, SCOPE_API_URL: gateway.url, SCOPE_AUTH_API_URL: gateway.url };
  return { ...project, env };
}

describe("init in a terminal", () => {
  const FILES = {
    "package.json": '{ "devDependencies": { "vite": "8" } }',
    "AGENTS.md": "# Rules\n",
    "vite.config.ts": "export default { plugins: [] };\n",
    "src/a.ts": "",
  };

  it("asks with yes as the default, accepts a no, and says what it did", async () => {
    const cwd = await makeApp(FILES);
    const terminal = new Terminal(["init"], { cwd, env: CREDENTIALS });
    const which = await terminal.until("reviewed (fetch");
    expect(which).toContain("Which version should a build use?");
    terminal.type(`\x1b[B${ENTER}`);
    const first = await terminal.until("Create scope.config.mjs?");
    expect(first).toContain('Mode: reviewed (fetch: "never").');
    expect(first).toContain('+  fetch: "never",');
    expect(first).toContain("Found: Vite, npm.");
    expect(first).toContain('+import { defineConfig } from "unplugin-scope";');
    expect(first).toContain("(Y/n)");
    terminal.type(ENTER);
    await terminal.until("Change vite.config.ts?");
    terminal.type(`n${ENTER}`);
    await terminal.until("Change AGENTS.md?");
    terminal.type(ENTER);
    expect(await terminal.ended()).toBe(0);
    const lines = await terminal.lines();
    expect(lines.join("\n")).toContain(
      "created  scope.config.mjs\nskipped  vite.config.ts\nchanged  AGENTS.md\n",
    );
    // The cursor is back where it was hidden.
    expect(terminal.raw.lastIndexOf("\x1b[?25h")).toBeGreaterThan(terminal.raw.lastIndexOf("\x1b[?25l"));
    expect(await readFile(join(cwd, "vite.config.ts"), "utf8")).toBe("export default { plugins: [] };\n");
    expect(await readdir(cwd)).toContain("scope.config.mjs");
  });

  it("a key alone doesn't answer, Enter answers one question, and earlier typing is dropped", async () => {
    const cwd = await makeApp(FILES);
    const terminal = new Terminal(["init"], { cwd, env: CREDENTIALS });
    await terminal.until("reviewed (fetch");
    terminal.type(ENTER);
    await terminal.until("Create scope.config.mjs?");
    terminal.type("maybe");
    terminal.type(ENTER);
    await terminal.until("Type y or n, or press Enter for yes.");
    terminal.type("\x7f".repeat(5));
    terminal.type("y");
    await new Promise((done) => setTimeout(done, 200));
    expect(await terminal.text()).not.toContain("Change vite.config.ts?");
    terminal.type(`${ENTER}${ENTER}${ENTER}`);
    await terminal.until("Change vite.config.ts?");
    await new Promise((done) => setTimeout(done, 200));
    expect(await terminal.text()).not.toContain("Change AGENTS.md?");
    terminal.type(`No${ENTER}`);
    await terminal.until("Change AGENTS.md?");
    terminal.type(`n${ENTER}`);
    expect(await terminal.ended()).toBe(0);
    expect(await terminal.text()).toContain(
      "created  scope.config.mjs\nskipped  vite.config.ts\nskipped  AGENTS.md\n",
    );
  });

  it.each([
    ["the question for the mode", []],
    ["a question", ["reviewed (fetch"]],
  ])("Ctrl-C at %s exits with 130, with nothing half done", async (_, answered) => {
    const cwd = await makeApp(FILES);
    const terminal = new Terminal(["init"], { cwd, env: CREDENTIALS });
    for (const question of answered) {
      await terminal.until(question);
      terminal.type(ENTER);
    }
    await terminal.until(answered.length === 0 ? "reviewed (fetch" : "Create scope.config.mjs?");
    terminal.type(CTRL_C);
    expect(await terminal.ended()).toBe(130);
    expect(await terminal.text()).toContain("cli_interrupted  The command was stopped before it finished.");
    expect((await readdir(cwd)).sort()).toEqual([
      "AGENTS.md",
      "package-lock.json",
      "package.json",
      "src",
      "vite.config.ts",
    ]);
  });
});

describe("pull in a terminal", () => {
  it("a bar with counts and the current name, which goes at the end", async () => {
    const { root, env } = await manyPrompts(15);
    const terminal = new Terminal(["pull"], { cwd: root, env });
    const during = await terminal.until(/Fetching █+░+ \d+\/120 prompt-\d+@production/);
    expect(during.split("\n")).toHaveLength(1);
    expect(await terminal.ended()).toBe(0);
    const lines = await terminal.lines();
    expect(lines[0]).toBe("prompt      follows     version  change  what changed");
    expect(lines.at(-1)).toBe("120 prompts: 120 changed, 0 unchanged. Types written to scope-types.");
    expect(lines.join("\n")).not.toContain("█");
    expect(lines.filter((line) => line.startsWith("↩"))).toEqual([]);
  });

  it("Ctrl-C in the middle: 130, and what was committed is intact", async () => {
    const { root, env, prompt } = await manyPrompts(40);
    await cli(["pull", "prompt-000"], { cwd: root, env });
    const before = await readFile(join(root, "scope/prompt-000@production.json"), "utf8");
    await prompt("prompt-000/2.md", "Another");
    const terminal = new Terminal(["pull"], { cwd: root, env });
    await terminal.until(/ [1-9]\d*\/120 /);
    terminal.type(CTRL_C);
    expect(await terminal.ended()).toBe(130);
    const scope = join(root, "scope");
    // What nobody has touched for half a minute is removed by the next command.
    for (const name of await readdir(scope)) await utimes(join(scope, name), 1, 1);
    expect(await cli(["list"], { cwd: root, env })).toMatchObject({ code: 0 });
    expect(await readdir(scope)).toEqual(["prompt-000@production.json"]);
    expect(await readFile(join(root, "scope/prompt-000@production.json"), "utf8")).toBe(before);
  });

  it("--watch prints each change once, and Ctrl-C exits with 0", async () => {
    const { root, env, prompt } = await testProject(
      { "scope.config.json": '{ "prompts": ["a"] }' },
      { "a/1.md": "A" },
    );
    const terminal = new Terminal(["pull", "--watch"], { cwd: root, env });
    await terminal.until("1 prompt: 1 changed, 0 unchanged.");
    await prompt("a/2.md", "B {{x}}");
    await terminal.until('1 → 2    breaking  new variable "x"');
    // While it works, a signal ends it as it ends any program: the rest of the round, then it waits for five seconds.
    await sleep(2000);
    terminal.type(CTRL_C);
    expect(await terminal.ended()).toBe(0);
    const text = await terminal.text();
    expect(text).toContain("Press Ctrl-C to stop.");
    expect(text.match(/new variable/g)).toHaveLength(1);
  });
});

describe("nothing is wider than 80 columns, and colours can be turned off", () => {
  let app: CallsApp;
  beforeAll(async () => {
    app = await startCallsApp();
    await app.addVersion(
      "welcome",
      "Good day {{name}}, welcome to {{product}} in {{place}}, where {{everything}} is {{new}}!\n",
    );
    await app.addVersion("support/triage", chat(["developer", "{{plan}}"], ["user", "{{ticket}}"]));
    await app.remove("legal");
    await writeFile(
      join(app.root, "src/computed.ts"),
      `const name = "x";\nexport const y = import(\`scope:\${name}\`);\n`,
    );
  });
  afterAll(() => app.close());

  it("check says that it type-checks, and the line goes at the end", async () => {
    const terminal = new Terminal(["check"], { cwd: app.root, env: app.env });
    expect(await terminal.ended()).toBe(3);
    expect(terminal.raw).toContain("Type-checking your calls…");
    expect(await terminal.text()).not.toContain("Type-checking");
  });

  it("diff has its lines in colour; NO_COLOR and --no-color give the plain form", async () => {
    const colored = new Terminal(["diff", "welcome"], { cwd: app.root, env: app.env });
    expect(await colored.ended()).toBe(0);
    expect(colored.raw).toContain("\x1b[31m");
    const plain = new Terminal(["diff", "welcome"], { cwd: app.root, env: { ...app.env, NO_COLOR: "1" } });
    const flag = new Terminal(["diff", "welcome", "--no-color"], { cwd: app.root, env: app.env });
    await Promise.all([plain.ended(), flag.ended()]);
    expect(plain.raw).not.toContain("\x1b[");
    expect(flag.raw).not.toContain("\x1b[");
    expect(await plain.text()).toBe(await colored.text());
  });

  it.each([
    ["check", 3, "support/triage@production breaks 3 places:"],
    ["list", 0, "without types:"],
    ["doctor", 1, "1 problem, 0 warnings."],
    ["--help", 0, "Examples:"],
    ["pull", 1, "prompt_not_found"],
    ["diff gone", 1, "prompt_not_found"],
    ["lsit", 1, 'Did you mean "list"?'],
  ])("%s", async (words, code, expected) => {
    const terminal = new Terminal(words.split(" "), { cwd: app.root, env: app.env });
    expect(await terminal.ended(), await terminal.text()).toBe(code);
    const lines = await terminal.lines();
    expect(lines.join("\n").replace(/\n +/g, " ")).toContain(expected);
    // The path of a temporary folder may be longer than a line, and is not broken.
    expect(lines.filter((line) => line.startsWith("↩") && !line.includes(app.root.slice(-6)))).toEqual([]);
  });
});
