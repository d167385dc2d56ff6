import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { makeApp } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": JSON.stringify({
    prompts: { greeting: { prompt: "greeting-template" }, unused: {} },
  }),
  "src/app.ts": `import greeting from "scope:greeting";\nimport chat from "scope:support/triage?label=latest";\n`,
  "src/more.ts": `const again = await import("scope:greeting");\nimport(\`scope:\${name}\`);\n`,
};
const PROMPTS = {
  "greeting-template/1.md": "Hello {{name}}, welcome to {{place}}!",
  "unused/1.md": "Nothing here.",
  "support/triage/1.json": JSON.stringify([
    { role: "system", content: "Sort mail." },
    { role: "user", content: "{{mail}}" },
  ]),
};

describe("pull", () => {
  it("is the default command: writes snapshot and types, prints a table of changes", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    const { code, stdout, stderr } = await cli([], { cwd: root, env });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "prompt             pin         version  change  what changed",
        "greeting-template  production  1        new",
        "support/triage     latest      1        new",
        "unused             production  1        new",
        "3 prompts: 3 changed, 0 unchanged. Types written to src/scope-types.",
        "",
      ].join("\n"),
    );
    expect((await readdir(join(root, "scope"))).sort()).toEqual([
      "greeting-template@production.json",
      "support~2Ftriage@latest.json",
      "unused@production.json",
    ]);
    expect(await readFile(join(root, "src/scope-types/greeting-template.d.ts"), "utf8")).toContain(
      'declare module "scope:greeting"',
    );
    expect((await cli(["pull"], { cwd: root, env })).stdout).toBe("3 prompts: 0 changed, 3 unchanged.\n");
  });

  it("distinguishes a text change from a contract change, and names what is no longer used", async () => {
    const { root, env, prompt } = await testProject(APP, PROMPTS);
    await cli(["pull"], { cwd: root, env });
    await prompt("greeting-template/2.md", "Hi {{name}} from {{place}} on {{day}}!");
    await prompt("unused/2.md", "Still nothing.");
    await writeFile(join(root, "src/app.ts"), `import greeting from "scope:greeting";\n`);
    const { stdout, stderr } = await cli(["pull"], { cwd: root, env });
    expect(stdout).toContain('greeting-template  production  1 → 2    breaking  new variable "day"\n');
    expect(stdout).toContain("unused             production  1 → 2    text      text only\n");
    expect(stderr).toContain("No longer imported or configured: support/triage@latest.");
    expect((await cli(["pull", "--prune", "--quiet"], { cwd: root, env })).stderr).toBe("");
    expect(await readdir(join(root, "scope"))).not.toContain("support~2Ftriage@latest.json");
  });

  it("--json is one document", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    const { code, stdout } = await cli(["pull", "greeting", "--json"], { cwd: root, env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      prompts: [
        {
          name: "greeting-template",
          pin: { label: "production" },
          file: "scope/greeting-template@production.json",
          from: null,
          to: 1,
          change: "new",
          changes: [],
          calls: [],
        },
      ],
      unused: [],
      pruned: false,
      types: { file: "src/scope-types", written: true },
      warnings: [],
    });
  });

  it("a progress bar on a terminal, on standard error, which goes at the end", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const { root, env } = await testProject(
      { "scope.config.json": JSON.stringify({ prompts: many }) },
      Object.fromEntries(many.map((name) => [`${name}/1.md`, name])),
    );
    const terminal = await cli(["pull"], { cwd: root, env, isTTY: true });
    expect(terminal.stderr).toMatch(/Fetching .*█.* 40\/40 /);
    expect(terminal.stderr.endsWith("\r\x1b[2K")).toBe(true);
    expect(terminal.stdout).not.toContain("█");
    const pipe = await cli(["pull"], { cwd: root, env });
    expect(pipe.stderr).toBe("");
    expect((await cli(["pull", "--quiet"], { cwd: root, env, isTTY: true })).stderr).toBe("");
  });

  it("a missing prompt: the others are written, its import and the next step are named", async () => {
    const { root, env } = await testProject({ ...APP, "src/x.ts": `import x from "scope:gone";` }, PROMPTS);
    const { code, stdout, stderr } = await cli(["pull"], { cwd: root, env });
    expect(code).toBe(1);
    expect(stdout).toContain("3 prompts: 3 changed, 0 unchanged.");
    expect(stdout).toContain("\n1 prompt couldn't be pulled.\n");
    expect(stderr).toMatch(/prompt_not_found[\s\S]*prompt "gone", imported in src\/x\.ts:1:15[\s\S]*renamed/);
    expect(await readdir(join(root, "scope"))).toHaveLength(3);
    const json = await cli(["pull", "--json"], { cwd: root, env });
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      prompts: [{}, {}, {}],
      error: { code: "prompt_not_found", where: { prompt: "gone", importedBy: "src/x.ts" } },
    });
  });

  it("if only the config names it, the error points there; the nearest name is given once", async () => {
    const config = JSON.stringify({ prompts: ["greeting-templat"] });
    const { root, env } = await testProject({ "scope.config.json": config }, PROMPTS);
    const { code, stderr } = await cli(["pull"], { cwd: root, env });
    expect(code).toBe(1);
    expect(stderr).toContain('prompt "greeting-templat", scope.config.json');
    expect(stderr.match(/Did you mean/g)).toHaveLength(1);
  });

  it("a schema for answers of more than 100 levels: it's refused as a schema, with its place", async () => {
    const schema = `${'{"properties":{"a":'.repeat(60)}{}${"}}".repeat(60)}`;
    const settings = `{ "versions": { "1": { "metadata": { "output_schema": ${schema} } } } }`;
    const { root, env } = await testProject(
      { "scope.config.json": '{ "prompts": ["deep"] }' },
      { "deep/1.md": "Sort {{mail}}", "deep/prompt.json": settings },
    );
    const { code, stderr } = await cli(["pull"], { cwd: root, env });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^output_schema_invalid {2}.*nested more than 100 levels deep/),
    ]);
    expect(stderr).toContain('prompt "deep", version 1');
  });

  it("refused credentials are one error, and aren't blamed on an import", async () => {
    const { root, env, platform } = await testProject(APP, PROMPTS);
    const wrong = { ...env, SCOPE_API_SECRET: "wr0ng-s3cret", SCOPE_CLIENT_SECRET: "wr0ng-s3cret" };
    for (const command of ["pull", "diff"]) {
      const before = platform.requests.length;
      const { code, stderr } = await cli([command], { cwd: root, env: wrong });
      expect([command, code]).toEqual([command, 1]);
      expect(stderr.match(/credentials_invalid {2}/g)).toHaveLength(1);
      expect(stderr).not.toContain("several_errors");
      expect(stderr).not.toContain("imported in");
      expect(platform.requests.length - before).toBe(1);
    }
    await expect(readdir(join(root, "scope"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("works in reviewed mode too: fetch never in the config is about builds", async () => {
    const config = JSON.stringify({ fetch: "never", prompts: { greeting: { prompt: "greeting-template" } } });
    const { root, env, prompt } = await testProject(
      { "scope.config.json": config, "src/app.ts": `import greeting from "scope:greeting";\n` },
      PROMPTS,
    );
    expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
    await prompt("greeting-template/2.md", "Hi {{name}}, welcome to {{place}}!");
    const diff = await cli(["diff"], { cwd: root, env });
    expect([diff.code, diff.stdout]).toEqual([0, expect.stringContaining("Hi")]);
    expect((await cli(["check", "--fail-on", "breaking"], { cwd: root, env })).stdout).toContain("1 → 2");
    expect((await cli(["check", "--label", "production"], { cwd: root, env })).stdout).toContain("1 → 2");
    const pull = await cli(["pull"], { cwd: root, env });
    expect([pull.code, pull.stdout]).toEqual([0, expect.stringContaining("1 → 2")]);
  });

  it.each([
    ["no credentials", {}, "build_credentials_needed"],
    ["SCOPE_FETCH=never", { SCOPE_FETCH: "never" }, "fetch_never"],
    [
      "a wrong secret",
      { SCOPE_API_SECRET: "wr0ng-s3cret", SCOPE_CLIENT_SECRET: "wr0ng-s3cret" },
      "credentials_invalid",
    ],
  ])("%s: exit 1", async (_, added, expected) => {
    const { root, env, platform } = await testProject(APP, PROMPTS);
    const all = Object.keys(added).length === 0 ? {} : { ...env, ...added };
    const { code, stdout, stderr } = await cli(["pull", "--json"], { cwd: root, env: all });
    expect(code).toBe(1);
    expect(JSON.stringify(JSON.parse(stdout))).toContain(expected);
    expect(stdout + stderr).not.toContain("wr0ng");
    expect(platform.requests.filter(({ method }) => method === "GET")).toHaveLength(0);
  });

  it("an outage: exit 1", async () => {
    const { root, env, platform } = await testProject(APP, PROMPTS);
    await platform.close();
    const { code, stderr } = await cli(["pull"], { cwd: root, env });
    expect(code).toBe(1);
    expect(stderr).toContain("platform");
  });

  it("still fetches when it runs inside a test runner", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    expect((await cli(["pull"], { cwd: root, env: { ...env, VITEST: "true", NODE_ENV: "test" } })).code).toBe(
      0,
    );
  });
});

describe("pull --watch", () => {
  const ROUND_MS = 5000;

  it.each([
    ["no credentials", {}, [], "build_credentials_needed"],
    ["fetch never", undefined, ["--fetch", "never"], "fetch_never"],
    ["a missing prompt", undefined, ["--config", "gone.config.json"], "prompt_not_found"],
  ])("exits with 1 if no later round can succeed: %s", async (_, env, flags, code) => {
    const project = await testProject(
      { ...APP, "gone.config.json": JSON.stringify({ prompts: ["gone"] }) },
      PROMPTS,
    );
    const ran = await cli(["pull", "--watch", ...flags], { cwd: project.root, env: env ?? project.env });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(code);
  });

  it("prints nothing for a round that changed nothing", async () => {
    const { root, env, platform, prompt } = await testProject(APP, PROMPTS);
    const stop = new AbortController();
    const said: string[] = [];
    const gets = () => platform.requests.filter(({ method }) => method === "GET").length;
    const watching = cli(["pull", "--watch"], {
      cwd: root,
      env,
      signal: stop.signal,
      onStdout: (text) => said.push(text),
    });
    await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 30_000 });
    // A whole round in which nothing changed.
    await vi.waitFor(() => expect(gets()).toBeGreaterThanOrEqual(9), { timeout: 6 * ROUND_MS });
    await prompt("unused/2.md", "Still nothing.");
    await vi.waitFor(() => expect(said).toHaveLength(2), { timeout: 6 * ROUND_MS });
    stop.abort();
    expect((await watching).code).toBe(0);
    expect(said[0]).toContain("3 changed");
    expect(said[1]).toContain("1 changed, 2 unchanged");
  });

  it("retries after an outage in the first round", async () => {
    const { root, env, platform } = await testProject(APP, PROMPTS);
    const { port } = new URL(platform.url);
    await platform.close();
    const stop = new AbortController();
    const errors: string[] = [];
    const said: string[] = [];
    const watching = cli(["pull", "--watch"], {
      cwd: root,
      env,
      signal: stop.signal,
      onStdout: (text) => said.push(text),
      onStderr: (text) => errors.push(text),
    });
    await vi.waitFor(() => expect(errors.join("")).toContain("build_platform_down"), { timeout: 40_000 });
    const dir = await makeApp(PROMPTS);
    const back = await startPlatform({ dir, port: Number(port) });
    onTestFinished(() => back.close());
    await vi.waitFor(() => expect(said.join("")).toContain("3 changed"), { timeout: 40_000 });
    stop.abort();
    expect((await watching).code).toBe(0);
  }, 90_000);
});

describe("the order of pull and list", () => {
  it("is by name and then pin, by code unit, whatever the keys", async () => {
    const names = ["a", "a-b", "B", "b", "p1", "p10", "é"];
    const config = { zz: { prompt: "a" }, a1: { prompt: "p10" } };
    const app = {
      "scope.config.json": JSON.stringify({ prompts: config }),
      "src/app.ts": [...names, "a?label=latest", "a-b?label=latest"]
        .map((name) => `import ${JSON.stringify(`scope:${name}`)};`)
        .join("\n"),
    };
    const { root, env } = await testProject(
      app,
      Object.fromEntries(names.map((name) => [`${name}/1.md`, "X"])),
    );
    const order = (text: string, member: "prompts" | "unused") =>
      JSON.parse(text)[member].map((one: { name: string; pin: { label: string } }) => [
        one.name,
        one.pin.label,
      ]);
    const pulled = await cli(["pull", "--json"], { cwd: root, env });
    const expected = [
      ["B", "production"],
      ["a", "latest"],
      ["a", "production"],
      ["a-b", "latest"],
      ["a-b", "production"],
      ["b", "production"],
      ["p1", "production"],
      ["p10", "production"],
      ["é", "production"],
    ];
    expect(order(pulled.stdout, "prompts")).toEqual(expected);
    const listed = order((await cli(["list", "--json"], { cwd: root, env })).stdout, "prompts");
    expect([...new Set(listed.map((one: string[]) => one.join("@")))]).toEqual(
      expected.map((one) => one.join("@")),
    );
    await writeFile(join(root, "src/app.ts"), "");
    await writeFile(join(root, "scope.config.json"), "{}");
    for (const command of ["pull", "list"]) {
      const { stdout } = await cli([command, "--json"], { cwd: root, env });
      expect(order(stdout, "unused")).toEqual(expected);
    }
    const { stderr } = await cli(["pull"], { cwd: root, env });
    expect(stderr).toContain(expected.map((one) => one.join("@")).join(", "));
  });
});

describe("list", () => {
  it("prompts, pins, versions, variables, where they're used, and what is computed, without a request", async () => {
    const { root, env, platform } = await testProject(APP, PROMPTS);
    await cli(["pull", "greeting"], { cwd: root, env });
    const before = platform.requests.length;
    const { code, stdout } = await cli(["list"], { cwd: root, env });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "prompt                        pin         version     variables    used in",
        "greeting → greeting-template  production  1           name, place  src/app.ts:1",
        `${" ".repeat(67)}src/more.ts:1`,
        "support/triage                latest      not pulled  -            src/app.ts:2",
        "unused                        production  not pulled  -            not imported",
        "",
        "1 import computed at run time, without types:",
        "  src/more.ts:2  `scope:${name}`",
        "",
      ].join("\n"),
    );
    expect(platform.requests.length).toBe(before);
  });

  it("--json; a damaged file and an unused one are reported", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    await cli(["pull"], { cwd: root, env });
    await writeFile(join(root, "scope/unused@production.json"), "{");
    await writeFile(join(root, "src/app.ts"), "");
    const { code, stdout } = await cli(["list", "--json"], { cwd: root, env });
    expect(code).toBe(0);
    const { prompts, unused, computed } = JSON.parse(stdout);
    expect(prompts).toMatchObject([
      {
        key: "greeting",
        name: "greeting-template",
        pin: { label: "production" },
        versionNumber: 1,
        type: "text",
        variables: ["name", "place"],
        uses: [{ specifier: "scope:greeting", file: "src/more.ts", line: 1, column: 28 }],
      },
      { key: "unused", versionNumber: null, problem: { code: "snapshot_damaged" } },
    ]);
    expect(unused).toEqual([{ name: "support/triage", pin: { label: "latest" } }]);
    expect(computed).toMatchObject([{ file: "src/more.ts", line: 2 }]);
  });

  it("a missing partial doesn't make others look unused; list and --prune follow the same rule", async () => {
    const { root, env } = await testProject(
      {
        "scope.config.json": '{ "syntax": "mustache" }',
        "src/app.ts": 'import page from "scope:page";\npage();\n',
      },
      { "page/1.md": "{{> head}}{{> foot}}", "head/1.md": "Head", "foot/1.md": "Foot" },
    );
    await cli(["pull"], { cwd: root, env });
    await rm(join(root, "scope/head@production.json"));
    const { stdout } = await cli(["list", "--json"], { cwd: root, env });
    expect(JSON.parse(stdout)).toMatchObject({
      prompts: [{ key: "page", problem: { code: "snapshot_missing" } }],
      unused: [],
    });
    await cli(["pull", "--prune"], { cwd: root, env });
    expect(await readFile(join(root, "scope/foot@production.json"), "utf8")).toContain("Foot");
  });

  it("--built reads a manifest", async () => {
    const { root } = await testProject({}, PROMPTS);
    const prompt = {
      name: "a",
      label: "production",
      versionId: "version_1",
      versionNumber: 3,
      contentHash: "sha256-AAAABBBBCCCCDDDD",
      source: "platform",
      environment: "production",
    };
    const outputs = [
      { output: "dist/client", bundler: "vite", compiler: "client", prompts: [prompt] },
      { output: null, bundler: "rollup", prompts: [prompt] },
    ];
    await mkdir(join(root, ".scope"));
    await writeFile(join(root, ".scope/manifest.json"), JSON.stringify({ formatVersion: 2, outputs }));
    const { stdout, code } = await cli(["list", "--built", ".scope/manifest.json"], { cwd: root });
    expect(code).toBe(0);
    const table = /prompt {2}pin .*\na {7}production {2}3 {8}platform {2}production .*\n/.source;
    expect(stdout).toMatch(
      new RegExp(`^dist/client \\(vite, client\\)\n${table}\nnot written to files \\(rollup\\)\n${table}$`),
    );
    const json = await cli(["list", "--built", ".scope/manifest.json", "--json"], { cwd: root });
    expect(JSON.parse(json.stdout).outputs).toEqual(outputs);
    for (const [text, message] of [
      ["[]", "isn't a manifest"],
      ["{", "isn't JSON"],
      ['{"formatVersion":1,"prompts":[]}', "isn't a manifest"],
      ['{"formatVersion":3,"outputs":[]}', "isn't a manifest"],
      ['{"formatVersion":2,"outputs":[{}]}', "isn't a manifest"],
      ['{"formatVersion":2,"outputs":[{"output":"a","bundler":"vite","prompts":[{}]}]}', "isn't a manifest"],
    ] as const) {
      await writeFile(join(root, "m.json"), text);
      const { code, stderr } = await cli(["list", "--built", "m.json"], { cwd: root });
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }
    expect((await cli(["list", "--built", "gone.json"], { cwd: root })).stderr).toContain("can't be read");
  });
});

describe("render", () => {
  it.each([
    ["render", "greetin"],
    ["render", "suport/triage?label=latest"],
    ["diff", "greetin"],
  ])(
    "%s %s: suggests the nearest name that is committed, and doesn't ask the platform",
    async (command, name) => {
      const { root, env, platform } = await testProject(APP, PROMPTS);
      await cli(["pull"], { cwd: root, env });
      const before = platform.requests.length;
      const { code, stderr } = await cli([command, name], { cwd: root, env });
      expect([code, platform.requests.length - before]).toEqual([1, 0]);
      expect(stderr).toMatch(/name_unknown[\s\S]*Did you mean "(greeting|support\/triage)"\?/);
      const asked = await cli([command, `scope:${name}`], { cwd: root, env });
      expect(asked.stderr).toContain("prompt_not_found");
    },
  );

  it("escapes on a terminal what would control it; a pipe gets the raw text", async () => {
    const text = "one\r\ntwo\x1b]52;c;aGFja2Vk\x07\rover\tthree";
    const { root, env } = await testProject({}, { "evil/1.md": text });
    const argv = ["render", "scope:evil"];
    expect((await cli(argv, { cwd: root, env })).stdout).toBe(text);
    const { stdout } = await cli(argv, { cwd: root, env, isTTY: true });
    expect(stdout).toBe("one\ntwo\\x1b]52;c;aGFja2Vk\\x07\\x0dover\tthree\n");
  });

  it("prints one rendering, verbatim", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    await writeFile(join(root, "place.txt"), "Oslo\n{{name}}");
    const argv = ["render", "greeting", "--var", "name=A=b", "--var", "place=@place.txt"];
    const { code, stdout, stderr } = await cli(argv, { cwd: root, env });
    expect(stderr).toBe("");
    expect([code, stdout]).toEqual([0, "Hello A=b, welcome to Oslo\n{{name}}!"]);
    expect((await cli(argv, { cwd: root, env, isTTY: true })).stdout).toBe(`${stdout}\n`);
  });

  it("a chat prompt, readable and as JSON; one variable from standard input", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    const argv = ["render", "support/triage?label=latest", "--var", "mail=@-"];
    const { stdout } = await cli(argv, { cwd: root, env, stdin: "Hi\n" });
    expect(stdout).toBe("system:\nSort mail.\n\nuser:\nHi\n\n");
    const json = await cli([...argv, "--json"], { cwd: root, env, stdin: "Hi" });
    expect(JSON.parse(json.stdout)).toMatchObject({
      name: "support/triage",
      pin: { label: "latest" },
      versionNumber: 1,
      source: "platform",
      type: "chat",
      output: [
        { role: "system", content: "Sort mail." },
        { role: "user", content: "Hi" },
      ],
    });
  });

  it("--vars reads a file, --var overrides it, an unknown name gets the nearest", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    await writeFile(join(root, "v.json"), '{ "name": "Ada", "place": 3, "palce": 1 }');
    const { stdout, stderr, code } = await cli(
      ["render", "scope:greeting-template", "--vars", "v.json", "--var", "name=Bo"],
      { cwd: root, env },
    );
    expect([code, stdout]).toEqual([0, "Hello Bo, welcome to 3!"]);
    expect(stderr).toBe('warning  The prompt has no variable "palce". Did you mean "place"?\n');
  });

  it("a value that starts with an @ is written with two of them", async () => {
    const { root, env } = await testProject({}, { "p/1.md": "{{a}} {{b}}" });
    const argv = ["render", "p", "--var", "a=@@home", "--var", "b=@@@x"];
    expect((await cli(argv, { cwd: root, env })).stdout).toBe("@home @@x");
  });

  it("refuses lists and objects without mustache, naming the variable", async () => {
    const { root, env } = await testProject(
      {
        "scope.config.json": '{ "prompts": { "loop": { "prompt": "list", "syntax": "mustache" } } }',
        "v.json": '{ "x": 1, "items": [{ "n": 1 }, { "n": 2 }] }',
        "null.json": '{ "items": null }',
      },
      { "p/1.md": "{{items}}", "list/1.md": "{{#items}}{{n}} {{/items}}" },
    );
    const refused = await cli(["render", "p", "--vars", "v.json"], { cwd: root, env });
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain('variable_invalid  The value of "items" is a list');
    const missing = await cli(["render", "p", "--vars", "null.json"], { cwd: root, env });
    expect(missing.stderr).toContain("variable_missing");
    expect((await cli(["render", "loop", "--vars", "v.json"], { cwd: root, env })).stdout).toBe("1 2 ");
  });

  it("a prompt that is imported with one pin can be named without it, also in diff", async () => {
    const { root, env, prompt } = await testProject(
      { "src/a.ts": 'import "scope:evil?label=latest";\nimport "scope:";\n' },
      { "evil/1.md": "one", "evil/prompt.json": '{ "production": null }' },
    );
    expect((await cli(["render", "evil"], { cwd: root, env })).stdout).toBe("one");
    await writeFile(join(root, "src/a.ts"), 'import "scope:evil?label=latest";\n');
    await cli(["pull"], { cwd: root, env });
    await prompt("evil/2.md", "two");
    const diff = await cli(["diff", "evil"], { cwd: root, env });
    expect([diff.code, diff.stdout]).toEqual([0, expect.stringContaining("evil@latest")]);
    const json = await cli(["render", "evil", "--json"], { cwd: root, env });
    expect(JSON.parse(json.stdout)).toMatchObject({ output: "two", pin: { label: "latest" } });
    await writeFile(join(root, "src/b.ts"), 'import "scope:evil?version=version_1";\n');
    const two = await cli(["diff", "evil"], { cwd: root, env });
    expect([two.code, two.stderr]).toEqual([
      1,
      expect.stringContaining('Use one of them: "evil?label=latest" or "evil?version=version_1"'),
    ]);
    await writeFile(join(root, "src/b.ts"), 'import "scope:evil";\n');
    expect((await cli(["diff", "evil"], { cwd: root, env })).stderr).toContain("no_production_version");
  });

  it("names everything that is missing, and what is misspelt, exit 1", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    const { code, stdout, stderr } = await cli(["render", "greeting", "--var", "nmae=Ada"], {
      cwd: root,
      env,
    });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('The prompt has no variable "nmae". Did you mean "name"?');
    expect(stderr).toMatch(/variable_missing.*name.*place/);
  });

  it("from the snapshot without the platform", async () => {
    const { root, env, platform } = await testProject(APP, PROMPTS);
    await cli(["pull"], { cwd: root, env });
    await platform.close();
    const argv = ["render", "unused", "--fetch", "never", "--json"];
    expect(JSON.parse((await cli(argv, { cwd: root, env })).stdout)).toMatchObject({
      output: "Nothing here.",
      source: "snapshot",
    });
    await rm(join(root, "scope"), { recursive: true });
    expect((await cli(argv, { cwd: root, env })).stdout).toContain("snapshot_missing");
  });

  it.each([
    [["render", "greeting", "--var", "name"], "--var expects name=value"],
    [["render", "greeting", "--var", "a=@-", "--var", "b=@-"], "Both a and b read standard input."],
    [["render", "greeting", "--var", "a=@gone.txt"], "cli_file_unreadable"],
    [["render", "greeting", "--vars", "gone.json"], "cli_file_unreadable"],
    [["render", "greeting?label=lates"], 'Did you mean "latest"?'],
  ])("%j is refused", async (argv, message) => {
    const { root, env } = await testProject(APP, PROMPTS);
    const { code, stderr } = await cli(argv, { cwd: root, env });
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
