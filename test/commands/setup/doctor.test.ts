import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { examineNode, SUPPORTED_VERSIONS } from "../../../src/commands/setup/examine.ts";
import { RunRecord } from "../../../src/project/tool-runs.ts";
import { answers, startFaultyPlatform, token } from "../../client/faulty-platform.ts";
import { writeTree } from "../../support/app.ts";
import { listenInTest } from "../../support/listen.ts";
import { cli, pulledProject, recordRun, type TestProject, testProject } from "../cli-helpers.ts";
import { commitAll, git } from "../git-repository.ts";

const SECRET = "s3cret-of-the-platform";
const OTHER = "an0ther-s3cret-value";
const PLUGIN = 'import scope from "unplugin-scope/vite"; export default { plugins: [scope()] };\n';
const APP = {
  ".gitignore": ".env.local\n.scope/\nnode_modules/\n",
  "package.json": '{ "devDependencies": { "unplugin-scope": "*", "vite": "*" } }',
  "scope.config.json": "{}",
  "tsconfig.json": '{ "include": ["src"] }',
  "vite.config.ts": PLUGIN,
  "src/a.ts": `import a from "scope:welcome";\n`,
  "node_modules/unplugin-scope/package.json": '{ "name": "unplugin-scope", "version": "0.1.0" }',
};
const PROMPTS = {
  "welcome/1.md": "Hello {{name}}",
  "welcome/prompt.json": '{ "id": "prompt_01JQ8Z6X4T7M2R9V5K3D1C0B8A" }',
};
const without = (...names: string[]) => Object.fromEntries(names.map((name) => [name, ""]));

interface Check {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly fix: string | null;
}

/** A committed project that is set up, pulled and built. A file without text isn't there. */
async function pulled(
  files: Readonly<Record<string, string>> = {},
  tool: string | undefined = "vite",
): Promise<TestProject> {
  const project = await testProject({ ...APP, ...files }, PROMPTS, { credentials: { apiSecret: SECRET } });
  for (const [name, text] of Object.entries(files)) if (text === "") await rm(join(project.root, name));
  expect(await project.run("pull")).toMatchObject({ code: 0 });
  await commitAll(project.root, "Set up");
  if (tool) await recordRun(project.root, tool, "src/a.ts");
  return project;
}

/** What `doctor --json` finds that is not in order; exit 1 exactly when one of these is a problem. */
async function findings(root: string, env: Readonly<Record<string, string>>): Promise<Check[]> {
  const { code, stdout } = await cli(["doctor", "--json"], { cwd: root, env });
  for (const secret of [SECRET, OTHER]) expect(stdout).not.toContain(secret);
  const { status, checks } = JSON.parse(stdout) as { status: string; checks: Check[] };
  const hasProblem = checks.some((one) => one.status === "problem");
  expect([code, status]).toEqual(hasProblem ? [1, "problems"] : [0, "ok"]);
  return checks.filter((one) => one.status !== "ok");
}

/** The same as it is shown. */
async function said(root: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const found = await findings(root, env);
  return found.map(({ status, check, message, fix }) => `${status} ${check}: ${message} → ${fix}`);
}

/** The way from a sound project to a broken one; the environment to ask with, if it's another. */
type Break = (project: TestProject) => Promise<unknown>;
const writes =
  (files: Readonly<Record<string, string>>): Break =>
  ({ root }) =>
    writeTree(root, files);

describe("a healthy project", () => {
  it("every line says what was found, and no credential's value is shown", async () => {
    const { root, env, platform } = await pulled();
    const secret = { ...env, SCOPE_API_KEY: "local", SCOPE_CLIENT_SECRET: "" };
    const { code, stdout, stderr } = await cli(["doctor"], { cwd: root, env: secret });
    const host = new URL(platform.url).host;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")).toEqual([
      `ok       Node         ${process.versions.node}`,
      "ok       config       scope.config.json",
      "ok       package      unplugin-scope 0.1.0",
      `ok       address      http://${host}, from SCOPE_API_URL (environment)`,
      "ok       credentials  SCOPE_ORG_ID (environment), SCOPE_API_KEY (environment), SCOPE_API_SECRET (environment)",
      `ok       login        works at ${host}/v1/auth/applications/login`,
      `ok       platform     responds at ${host}`,
      "ok       clock        agrees with the platform's",
      "ok       snapshot     1 prompt in scope, all intact",
      "ok       types        src/scope-types matches the snapshot",
      "ok       tsconfig     tsconfig.json includes src/scope-types",
      "ok       runs         vite built 1 file with prompts",
      "",
      "Everything looks good.",
      "",
    ]);
    const narrow = await cli(["doctor"], { cwd: root, env: secret, isTTY: true });
    expect(
      Math.max(
        ...stripVTControlCharacters(narrow.stdout)
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  it("compares pins on versions as builds and check do: an archived one is no problem", async () => {
    const settings = (status: string) =>
      JSON.stringify({ production: 2, versions: { 1: { id: "v_one", status }, 2: { id: "v_two" } } });
    const { root, env, prompt } = await pulledProject(
      {
        "src/a.ts": 'import "scope:hi";\n',
        "scope.config.json": '{ "prompts": { "hi": { "version": "v_one" } } }',
      },
      { "hi/1.md": "One", "hi/2.md": "Two", "hi/prompt.json": settings("draft") },
    );
    const line = async () => {
      const { stdout } = await cli(["doctor"], { cwd: root, env });
      return stdout.split("\n").find((one) => /^\w+ +pin /.test(one));
    };
    expect(await line()).toBeUndefined();
    await prompt("hi/1.md", "One, edited");
    expect(await line()).toMatch(
      /^warning {2}pin +hi@version 1: the platform's version 1 has another text than the committed one\./,
    );
    await prompt("hi/prompt.json", settings("archived"));
    expect(await line()).toMatch(/^ok +pin +hi@version 1: archived or gone on the platform; the committed/);
  });

  it("writes nothing", async () => {
    const { root, env } = await pulled();
    const files = async () => {
      const names = await readdir(root, { recursive: true });
      return Promise.all(names.sort().map(async (name) => [name, (await stat(join(root, name))).mtimeMs]));
    };
    const before = await files();
    await cli(["doctor"], { cwd: root, env });
    expect(await files()).toEqual(before);
  });
});

describe("credentials and the connection to the platform", () => {
  /** The lines about credentials, login and platform, of a config in code and a server of the documented login. */
  async function lines(credentials: string, env: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const server = await startFaultyPlatform();
    onTestFinished(() => server.close());
    server.login = (response, seen) =>
      (seen.path === "/v1/auth/sdk-token" ? token() : answers(404))(response, seen);
    const config = `export default { fetch: "auto"${credentials} };`;
    const { root } = await testProject({ ...APP, "scope.config.json": "", "scope.config.ts": config }, {});
    const { stdout } = await cli(["doctor"], {
      cwd: root,
      env: { SCOPE_API_URL: `${server.url}/api/v1/`, SCOPE_AUTH_API_URL: server.url, ...env },
    });
    expect(stdout).not.toContain("hush");
    return stdout
      .replaceAll(new URL(server.url).host, "HOST")
      .split("\n")
      .filter((line) => /^\S+ +(?:credentials|login|platform) /.test(line));
  }

  it("says where the address comes from, and that one is missing", async () => {
    const config = { ...APP, "scope.config.json": "", "scope.config.mjs": "" };
    const key = "SCOPE_ORG_ID=o\nSCOPE_API_KEY=k\nSCOPE_API_SECRET=s\n";
    const { root } = await testProject({ ...config, ".env.local": key }, {});
    const address = async (...flags: string[]) => {
      const { code, stdout } = await cli(["doctor", "--json", ...flags], { cwd: root });
      const checks: Check[] = JSON.parse(stdout).checks;
      return [code, checks.find(({ check }) => check === "address"), checks] as const;
    };
    const [code, missing, checks] = await address();
    expect([code, missing?.status]).toEqual([1, "problem"]);
    expect(missing?.fix).toContain("SCOPE_API_URL");
    expect(checks).toContainEqual(expect.objectContaining({ message: "Not tried: there's no address." }));
    expect((await address("--fetch", "never"))[1]?.status).toBe("warning");
    await writeFile(join(root, ".env.local"), `${key}SCOPE_API_URL=http://127.0.0.1:1/api/v1\n`);
    expect((await address())[1]?.message).toBe("http://127.0.0.1:1, from SCOPE_API_URL (.env.local)");
    await writeFile(join(root, "scope.config.mjs"), 'export default { baseUrl: "http://127.0.0.1:2" };');
    expect((await address())[1]?.message).toBe("http://127.0.0.1:2, from baseUrl (scope.config.mjs)");
  });

  it("compares the environment with what the key's ID says", async () => {
    const { root, env } = await pulled();
    for (const [key, environment, said] of [
      ["acme_live_8vxkvftroh", "", undefined],
      ["acme_live_8vxkvftroh", "staging", "production"],
      ["acme_stag_bwnh0dwhqx", "", "staging"],
      ["acme_test_6arlmusuph", "production", "development"],
      ["acme_test_6arlmusuph", "development", undefined],
      ["key_01XYZ789", "staging", undefined],
    ] as const) {
      const own = { ...env, SCOPE_API_KEY: key, SCOPE_ENVIRONMENT: environment };
      const { stdout } = await cli(["doctor", "--fetch", "never"], { cwd: root, env: own });
      expect(stdout).not.toContain(key);
      const [, keyEnvironment] = /The API key is one of (\w+).*SCOPE_ENVIRONMENT=\1/s.exec(stdout) ?? [];
      expect([key, environment, keyEnvironment]).toEqual([key, environment, said]);
    }
  });

  it("says where they come from and which login route answered, and shows nothing of their contents", async () => {
    const env = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "hush-key", SCOPE_API_SECRET: "hush" };
    const responds = "ok       platform     responds at HOST";
    const works = "ok       login        works at HOST/v1/auth/sdk-token";
    expect((await lines("", env)).slice(1)).toEqual([works, responds]);
    const provided = ", credentials: async () => ({ apiKey: 'hush', apiSecret: 'hush' })";
    expect(await lines(provided, { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "unused" })).toEqual([
      "ok       credentials  credentials() (scope.config.ts), SCOPE_ORG_ID (environment)",
      works,
      responds,
    ]);
    expect(await lines(", credentials: { hush: 'hush', getToken: () => 'hush' }")).toEqual([
      "ok       credentials  credentials.getToken() (scope.config.ts)",
      "ok       login        not needed: credentials.getToken() returned a token",
      responds,
    ]);
    const failing = ", credentials: { getToken: async () => { throw new Error('hush'); } }";
    expect((await lines(failing))[1]).toMatch(/^problem +login +getToken\(\) failed\./);
  });
});

describe("problems, with their fixes", () => {
  const USE = 'import a from "scope:welcome";';
  // biome-ignore format: one row a line
  it.each<[string, Break | Readonly<Record<string, string>>, ...RegExp[]]>([
    ["a config that throws", { "scope.config.json": "{ no" }, /^problem config: scope\.config\.json: This file isn't JSON\./],
    [
      "unknown options",
      { "scope.config.json": '{ "fetsh": 1, "labl": 2 }' },
      /^problem config: scope\.config\.json: Unknown option "fetsh"\. → Did you mean "fetch"\?$/,
      /^problem config: scope\.config\.json: Unknown option "labl"\. → Did you mean "label"\?$/,
    ],
    ["types that aren't included", { "tsconfig.json": '{ "include": ["lib"] }' }, /^problem tsconfig: .* → Add "src\/scope-types" to "include" in tsconfig\.json\.$/],
    [
      "a base that can't be read",
      { "tsconfig.json": '{ "extends": "./gone.json", "include": ["lib"] }' },
      /^warning tsconfig: .* → tsconfig\.json extends a file that can't be read: [^.]*'\.\/gone\.json' not found\.$/,
    ],
    [
      "the plugin removed from the config",
      { "vite.config.ts": "export default {};\n" },
      /^warning runs: src\/a\.ts imports scope:welcome; .* No config names the plugin\. Run: scope-gen init \(it adds or prints what Vite needs\)$/,
    ],
    [
      "a record of another bundler's version, where no config is known",
      {
        "vite.config.ts": 'export { default } from "./shared";',
        "package.json": '{ "devDependencies": { "esbuild": "*" } }',
        "node_modules/esbuild/package.json": '{ "version": "0.26.0" }',
        ".scope/runs/esbuild.json": '{ "tool": "esbuild", "basis": "other", "files": { "src/a.ts": [] } }',
      },
      /^warning runs: src\/a\.ts .*it adds or prints what Vite, esbuild needs/,
    ],
    [
      "a file that no run has built",
      { "server/main.ts": USE },
      /^warning runs: server\/main\.ts imports scope:welcome; no run has built it\. → .*docs\/recipes\/bundlers\.md/,
    ],
    [
      "a file that only tests have run",
      async ({ root }) => {
        await writeTree(root, { "server/main.ts": USE, "server/main.test.ts": USE });
        await recordRun(root, "vitest", "server/main.ts", "server/main.test.ts");
      },
      /^warning runs: server\/main\.ts imports scope:welcome; no run has built it\./,
    ],
    [
      "stale types",
      { "src/scope-types/welcome.d.ts": "" },
      /^problem types: The types are out of date \(src\/scope-types\/welcome\.d\.ts\)\. → Run: scope-gen types$/,
    ],
    [
      "a damaged snapshot file",
      { "scope/welcome@production.json": "{" },
      /^problem snapshot: scope\/welcome@production\.json: This snapshot file is damaged: it isn't JSON\./,
    ],
    [
      "an import that isn't committed",
      async ({ root }) => {
        await writeTree(root, { "src/b.ts": `import b from "scope:zeta";` });
        await recordRun(root, "vite", "src/b.ts");
      },
      /^problem platform: .*zeta/,
      /^problem snapshot: Imported and not committed: zeta@production → Run: scope-gen pull$/,
    ],
    ["a specifier that can't be parsed", { "src/b.ts": `import b from "scope:";` }, /^problem snapshot: /, / runs: /],
    [
      "another version of the package",
      { "node_modules/unplugin-scope/package.json": '{ "version": "9.9.9" }' },
      /^problem package: .* → Run the project's own: npx scope-gen doctor$/,
    ],
    [
      "a service that starts with a development dependency",
      {
        "package.json":
          '{ "scripts": { "start": "node --import unplugin-scope/register lib/index.js" }, "devDependencies": { "unplugin-scope": "*" } }',
      },
      /^warning package: The script "start" needs unplugin-scope\. → It's in "devDependencies".* npm install --save-prod unplugin-scope$/,
    ],
    [
      "a bundler that is too old",
      {
        "package.json": '{ "devDependencies": { "vite": "*" } }',
        "node_modules/vite/package.json": '{ "version": "5.4.0" }',
        // A dependency's: Trigger.dev loads the plugin in it, for example.
        "node_modules/esbuild/package.json": '{ "version": "0.23.1" }',
      },
      /^problem versions: vite 5\.4\.0 isn't supported by unplugin-scope 0\.1\.0\./,
    ],
    [
      "a TypeScript that is too old: builds don't need it",
      { "package.json": '{ "devDependencies": { "typescript": "*" } }', "node_modules/typescript/package.json": '{ "version": "5.4.5" }' },
      /^warning versions: typescript 5\.4\.5 is older than what the types are tested with\. → Update to typescript >=5\.6\.0\.$/,
    ],
    [
      "a wrong path in the address of prompts alone",
      async ({ env }) => ({ ...env, SCOPE_API_URL: `${env.SCOPE_API_URL}/wrong` }),
      /^problem platform: .* → Create welcome.* If it's there, check the address: no prompt was found at http:\S+\/wrong\.$/,
    ],
    [
      "a prompt renamed",
      ({ prompts }) => rename(join(prompts, "welcome"), join(prompts, "greeting")),
      /^warning platform: welcome@production was renamed to "greeting" on the platform\. → Change the name/,
    ],
    [
      "a secret written in the bundler's config alone",
      { "vite.config.ts": PLUGIN.replace("scope()", `scope({ credentials: { apiSecret: "${OTHER}" } })`) },
      /^problem credentials: vite\.config\.ts:1: apiSecret is the secret itself, .* → Delete it there, replace it on the platform, .* and set the new one as SCOPE_API_SECRET/,
    ],
    [
      "a committed secret that another file overrides",
      async ({ root }) => {
        await writeTree(root, { ".env": `A=1\nSCOPE_API_SECRET=${OTHER}\n`, ".env.local": "SCOPE_API_SECRET=x\n" });
        await commitAll(root, "Add a secret");
      },
      /^problem credentials: \.env:2: SCOPE_API_SECRET is the secret itself, .* → Delete it there/,
    ],
    [
      "a secret that .env.local gives, written in code",
      { ".env.local": `SCOPE_API_SECRET=${OTHER}\n`, "vite.config.ts": `${PLUGIN}const key = \`${OTHER}\`;\n` },
      /^problem credentials: vite\.config\.ts:2: key is the secret itself, /,
    ],
    [
      "a wrong address",
      ({ platform }) => platform.close(),
      /^problem login: .*ECONNREFUSED.* → Nothing listens there\. To start the local platform: scope-gen serve --port \d+$/,
    ],
  ])("%s", async (_, breaks, ...expected) => {
    const project = await pulled();
    expect(await said(project.root, project.env)).toEqual([]);
    const env = await (typeof breaks === "function" ? breaks : writes(breaks))(project);
    expect(await said(project.root, (env as typeof project.env) ?? project.env)).toEqual(
      expected.map((one) => expect.stringMatching(one)),
    );
  });

  it("a wrong Node", () => {
    const { status, message, fix } = examineNode("18.20.0");
    expect(`${status}: ${message} → ${fix}`).toMatch(/^problem: .*18\.20\.0.* → Use Node 20\.19 or newer/);
  });

  it("a declaration isn't built, and a source is whose copy was", async () => {
    const use = 'import a from "scope:welcome";';
    const files = {
      "src/auto-imports.d.ts": "export type A = typeof import('scope:welcome');",
      "src/b.js": use,
    };
    const { root, env } = await pulled(files);
    await recordRun(root, "vite", "src/a.ts", "tmp/b.js");
    expect(await findings(root, env)).toEqual([]);
  });

  // tsc or Mastra's bundler, and Node: a service's sources never run themselves.
  it("a file is built if Node has run something with its prompts that isn't a source", async () => {
    const use = 'import a from "scope:welcome";';
    const both = `${use}\nimport b from "scope:welcome?label=latest";`;
    const { root, env } = await pulled({
      "src/jobs/mail.ts": use,
      "src/index.ts": both,
      ".mastra/output/index.mjs": both,
    });
    await recordRun(root, "register", "src/jobs/mail.ts");
    const left = () => findings(root, env).then((found) => found.map(({ message }) => message));
    expect(await left()).toEqual([
      "src/index.ts imports scope:welcome, scope:welcome?label=latest; no run has built it.",
    ]);
    await recordRun(root, "register", "dist/jobs/mail.js");
    expect(await left()).toHaveLength(1);
    const record = new RunRecord(root, "register");
    for (const specifier of ["scope:welcome", "scope:welcome?label=latest"])
      record.add(join(root, ".mastra/output/index.mjs"), specifier);
    await record.write();
    expect(await left()).toEqual([]);
  });

  it("a package that isn't installed: how to install it with the project's package manager", async () => {
    const { root, env } = await testProject(
      { "package.json": '{ "packageManager": "pnpm@9.0.0" }' },
      PROMPTS,
    );
    expect(await findings(root, env)).toMatchObject([
      { check: "package", status: "warning", fix: "Run: pnpm add -D unplugin-scope" },
    ]);
  });

  it("a package of a workspace: its own tsconfig, with the root's config and types", async () => {
    const { root, env } = await pulled({
      "package.json": '{ "workspaces": ["apps/*"], "devDependencies": { "vite": "*" } }',
      "apps/web/package.json": "{}",
      "apps/web/a.ts": 'import a from "scope:welcome";',
      "apps/web/vite.config.ts": "export default {};",
      "apps/web/tsconfig.json": '{ "include": ["."] }',
    });
    await recordRun(root, "vite", "apps/web/a.ts");
    const lacking = [
      {
        check: "tsconfig",
        message: "apps/web/tsconfig.json doesn't include src/scope-types.",
        fix: 'Add "../../src/scope-types" to "include" in apps/web/tsconfig.json.',
      },
    ];
    expect(await findings(root, env)).toMatchObject(lacking);
    expect((await cli(["init", "--yes"], { cwd: root, env })).code).toBe(0);
    expect(await findings(root, env)).toEqual([]);
  });

  it("no credentials is a warning, an incomplete set a problem", async () => {
    const { root } = await pulled();
    expect(await findings(root, {})).toMatchObject([{ check: "credentials", status: "warning" }]);
    const some = await findings(root, { SCOPE_API_SECRET: "s3cret" });
    expect(some).toMatchObject([{ check: "credentials", status: "problem" }]);
    expect(JSON.stringify(some)).not.toContain("s3cret");
  });

  it("a secret that git would commit", async () => {
    const { root, env } = await pulled();
    await writeFile(join(root, ".env"), `SCOPE_API_SECRET=${SECRET}\n`);
    await writeFile(join(root, ".env.local"), `SCOPE_CLIENT_SECRET=${SECRET}\n`);
    const { SCOPE_API_SECRET: _, SCOPE_CLIENT_SECRET: __, ...rest } = env;
    expect(await findings(root, rest)).toMatchObject([
      { check: "credentials", message: ".env contains the secret, and git doesn't ignore it." },
    ]);
  });

  it("a wrong secret", async () => {
    const { root, env } = await pulled();
    expect(
      await findings(root, { ...env, SCOPE_API_SECRET: "wr0ng-s3cret", SCOPE_CLIENT_SECRET: "wr0ng-s3cret" }),
    ).toMatchObject([
      {
        check: "login",
        status: "problem",
        message: expect.stringContaining("401"),
        fix: expect.stringContaining("SCOPE_CLIENT_SECRET:"),
      },
    ]);
    // The one that the config has, not the variables.
    await writeFile(join(root, "scope.config.json"), '{ "credentials": { "apiSecret": "wr0ng-s3cret" } }');
    const [refused] = await findings(root, env);
    expect(refused?.fix).toContain("SCOPE_ORG_ID, SCOPE_API_KEY, credentials.apiSecret:");
  });

  it("a missing prompt; if no prompt is imported, the login is still shown", async () => {
    const { root, env, prompt } = await pulled();
    await prompt("welcome/prompt.json", '{ "production": null }');
    expect(await findings(root, env)).toMatchObject([{ check: "platform", status: "problem" }]);
    await writeFile(join(root, "src/a.ts"), "");
    expect((await findings(root, env)).map(({ check }) => check)).toEqual(["types"]);
  });

  it("names every prompt that the platform doesn't have", async () => {
    const { root, env, prompt } = await pulled();
    await prompt("second/1.md", "Hi");
    const names = ["gone", "second", "third"].map((name) => `import "scope:${name}";`);
    await writeFile(join(root, "src/a.ts"), names.join("\n"));
    const found = (await findings(root, env)).filter(({ check }) => check === "platform");
    expect(found.map(({ status, message, fix }) => [status, message, fix])).toEqual(
      ["gone", "third"].map((name) => [
        "problem",
        expect.stringContaining(`404 for prompt "${name}"`),
        `Create ${name}@production on the platform, or remove its import.`,
      ]),
    );
  });

  it("a prompt that the platform refuses, not the requests that this ended", async () => {
    const { root, env, prompt } = await pulled();
    await prompt("broken/1.json", "{}");
    const names = ["broken", ...Array.from({ length: 9 }, (_, at) => `p${at}`)];
    for (const name of names.slice(1)) await prompt(`${name}/1.md`, "Hi");
    await writeFile(join(root, "src/a.ts"), names.map((name) => `import "scope:${name}";\n`).join(""));
    expect((await findings(root, env)).find(({ check }) => check === "platform")).toMatchObject({
      message: expect.stringContaining("broken/1.json can't be used"),
    });
  });

  it("a clock that is wrong", async () => {
    const { root, env } = await pulled();
    const server = createServer((request, response) => {
      response.setHeader("date", new Date(Date.now() - 600_000).toUTCString());
      response.setHeader("content-type", "application/json");
      if (request.method === "POST") response.end('{ "access_token": "t" }');
      else response.writeHead(404).end('{ "error": { "code": "prompt_not_found" } }');
    });
    const url = await listenInTest(server);
    const found = await findings(root, { ...env, SCOPE_API_URL: url, SCOPE_AUTH_API_URL: url });
    expect(found.find(({ check }) => check === "clock")).toMatchObject({
      status: "warning",
      message: expect.stringMatching(/^This machine's clock is (599|600|601) s ahead of the platform's\.$/),
    });
  });

  it("without the network if fetch is never", async () => {
    const { root, env, platform } = await pulled();
    const before = platform.requests.length;
    const { code, stdout } = await cli(["doctor", "--fetch", "never"], { cwd: root, env });
    expect([code, platform.requests.length]).toEqual([0, before]);
    expect(stdout).toContain('login        Not tried: fetch is "never".');
  });
});

// Issue 26: npm refuses to install everything else over an optional peer that is too old.
it("an optional peer never fails an install: doctor knows which versions are too old", () => {
  const { peerDependencies, peerDependenciesMeta } = manifest;
  expect(new Set(Object.values(peerDependencies))).toEqual(new Set(["*"]));
  expect(Object.keys(SUPPORTED_VERSIONS)).toEqual(expect.arrayContaining(Object.keys(peerDependencies)));
  // A framework as a peer brings its own peers, and with a package manager that links, a second copy of itself.
  expect(Object.keys(peerDependencies)).not.toEqual(expect.arrayContaining(["next"]));
  expect(Object.keys(peerDependenciesMeta)).toEqual(Object.keys(peerDependencies));
});

describe("what a colleague's clone wouldn't have, and what everybody could read", () => {
  it("an ignored or excluded folder is named with the line that does it, by init, doctor, check and pull", async () => {
    const { root, env } = await pulled();
    const ignores = {
      ".gitignore": `${APP[".gitignore"]}scope\nscope-types\n`,
      "tsconfig.json": '{\n  "include": ["src"],\n  "exclude": ["src/scope-types"]\n}',
    };
    await writeTree(root, ignores);
    const messages = [
      /scope.*\.gitignore:4 \(scope\)/,
      /src\/scope-types.*\.gitignore:5 \(scope-types\)/,
      /tsconfig\.json excludes src\/scope-types: line 3/,
    ];
    expect(await said(root, env)).toEqual(
      [
        /^warning snapshot: Git ignores new files in scope, .*\(scope\)\. → Remove that line, then run: git add scope$/,
        /^warning types: .*\(scope-types\)\. → Remove that line, then run: git add src\/scope-types$/,
        /^problem tsconfig: .* line 3 .* → Remove it from "exclude"\.$/,
      ].map((one) => expect.stringMatching(one)),
    );
    for (const argv of [["init", "--yes"], ["check"], ["pull"], ["doctor"]]) {
      const { stdout, stderr } = await cli(argv, { cwd: root, env });
      for (const one of messages) expect([argv, stdout + stderr]).toEqual([argv, expect.stringMatching(one)]);
    }
    for (const [name, text] of Object.entries(ignores))
      expect(await readFile(join(root, name), "utf8")).toContain(text);
  });

  it("a secret in a file that git tracks: path and key, never the value", async () => {
    const { root, env } = await testProject(
      {
        ...APP,
        "scope.config.json": "",
        "scope.config.ts": `export default {\n  credentials: { apiSecret: "${SECRET}" },\n};`,
      },
      PROMPTS,
      { credentials: { apiSecret: SECRET } },
    );
    await writeFile(join(root, ".env"), `A=1\nSCOPE_API_SECRET="${SECRET}"\n`);
    const { SCOPE_API_SECRET: _, SCOPE_CLIENT_SECRET: __, ...rest } = env;
    const said = async (...argv: string[]) => {
      const { stdout, stderr } = await cli(argv, { cwd: root, env: rest });
      expect(stdout + stderr).not.toContain(SECRET);
      return [...(stdout + stderr).matchAll(/(\S+): (\w+) is the\s+secret/g)].map(([, ...found]) =>
        found.join(" "),
      );
    };
    expect(await said("doctor")).toEqual([]);
    await git(root, "init", "--quiet");
    await git(root, "add", ".");
    const both = ["scope.config.ts:2 apiSecret", ".env:2 SCOPE_API_SECRET"];
    for (const argv of [["doctor"], ["check"], ["init", "--yes"]]) expect(await said(...argv)).toEqual(both);
  });
});

// biome-ignore format: one row a line
it.each<[string, Record<string, string>, string?]>([
  ["a config that names the plugin, before any run", {}, ""],
  ["a config of data that names nothing", { "scope.config.json": "", "scope.config.yaml": "{}" }],
  ["no config at all", without("scope.config.json")],
  [
    "credentials of the environment and of an example, in config and comment",
    {
      "vite.config.ts": PLUGIN.replace(
        "scope()",
        'scope({ credentials: { apiSecret: process.env.SCOPE_API_SECRET } /* apiSecret: "your-secret-here" */ })',
      ),
      ".env.example": "SCOPE_API_SECRET=your-secret-goes-here\n",
    },
  ],
  ["no tsconfig", without("tsconfig.json")],
  ["types in one file", { "scope.config.json": '{ "dts": "src/prompts.d.ts" }' }],
  ["no types", { "scope.config.json": '{ "dts": false }' }],
  ["a snapshot with another name", { "scope.config.json": '{ "snapshotDir": "prompts" }' }],
  ["code that Node runs with /register", { ...without("vite.config.ts") }, "register"],
  ["a build by a script that no config names", without("vite.config.ts"), "esbuild"],
  [
    "a tsconfig that excludes tests, and a .gitignore with an exception",
    {
      "tsconfig.json": '{ "include": ["src"], "exclude": ["src/**/*.test.ts"] }',
      ".gitignore": `${APP[".gitignore"]}*.d.ts\n!/src/scope-types/*.d.ts\n`,
    },
  ],
])("in order: %s", async (_, files, tool) => {
  const { root, env } = await pulled(files, tool);
  expect(await said(root, env)).toEqual([]);
});

it("a clone without snapshot and credentials: what is missing, and no command that can't work", async () => {
  const { root } = await pulled();
  const types = join(root, "src/scope-types/welcome.d.ts");
  const before = await readFile(types, "utf8");
  await rm(join(root, "scope"), { recursive: true });
  expect(await said(root, {})).toEqual([
    expect.stringMatching(
      /^warning credentials: None are set, so a build has only what is committed\. → Set SCOPE_API_URL/,
    ),
    expect.stringMatching(
      /^problem snapshot: Imported and not committed: .* → Nothing is committed in .*\. Set SCOPE_API_URL.*, then run: scope-gen pull$/,
    ),
  ]);
  const { code, stderr } = await cli(["types"], { cwd: root });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /snapshot_missing {2}.* all types would be removed[\s\S]*scope[\s\S]*scope-gen pull/,
  );
  expect(await readFile(types, "utf8")).toBe(before);
});
