import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { examineNode } from "../../../src/commands/setup/examine.ts";
import { answers, startFaultyPlatform, token } from "../../client/faulty-platform.ts";
import { cli, pulledProject, type TestProject, testProject } from "../cli-helpers.ts";
import { commitAll } from "../git-repository.ts";

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

interface Check {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly fix: string | null;
}

/** A committed project that is set up and pulled: see also the recorded sessions in samples/doctor. */
async function pulled(files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  const project = await pulledProject({ ...APP, ...files }, PROMPTS, { credentials: { apiSecret: SECRET } });
  await commitAll(project.root, "Set up");
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

it("fits a terminal of 80 columns, and writes nothing", async () => {
  const { root, env } = await pulled();
  const files = async () => {
    const names = await readdir(root, { recursive: true });
    return Promise.all(names.sort().map(async (name) => [name, (await stat(join(root, name))).mtimeMs]));
  };
  const before = await files();
  const { stdout } = await cli(["doctor"], { cwd: root, env, isTTY: true });
  const lines = stripVTControlCharacters(stdout).split("\n");
  expect(lines[0]).toBe(`ok       Node         ${process.versions.node}`);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(await files()).toEqual(before);
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
  it("a wrong path in the address of prompts alone", async () => {
    const { root, env } = await pulled();
    const [found] = await findings(root, { ...env, SCOPE_API_URL: `${env.SCOPE_API_URL}/wrong` });
    expect([found?.status, found?.check]).toEqual(["problem", "platform"]);
    expect(found?.fix).toMatch(
      /^Create welcome.* If it's there, check the address: no prompt was found at http:\S+\/wrong\.$/,
    );
  });

  it("a wrong Node", () => {
    const { status, message, fix } = examineNode("18.20.0");
    expect(`${status}: ${message} → ${fix}`).toMatch(/^problem: .*18\.20\.0.* → Use Node 20\.19 or newer/);
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
});
