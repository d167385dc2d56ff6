import { afterAll, expect, it } from "vitest";
import { buildApp, makeApp, writeTree } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { type Ran, scopeGen } from "../support/run.ts";

const CREDENTIALS = { orgId: "org-1", apiKey: "key-hush-hush", apiSecret: "secret-hush-hush" };

const PROMPTS = { "hi/1.md": "Hello {{name}}, this is in confidence." };
const platform = await servePrompts(PROMPTS, { credentials: CREDENTIALS });
const env = { ...platform.env, NODE_DEBUG: "unplugin-scope" };
const root = await makeApp({
  "package.json": '{ "type": "module" }',
  "src/main.ts": 'import hi from "scope:hi";\nconsole.log(hi({ name: "Ada" }));\n',
});
afterAll(() => platform.close());

const SECRETS = /hush|bearer|authorization|access_token|in confidence|Good day/i;

/** The lines of a run, without what differs between two of them. */
function linesOf({ code, stderr }: Ran): string[] {
  expect(code, stderr).toBe(0);
  const lines = stderr.split("\n").filter((line) => line.startsWith("UNPLUGIN-SCOPE "));
  return lines.map((line) =>
    line
      .replace(/^UNPLUGIN-SCOPE \d+: /, "")
      .replaceAll(platform.url, "<url>")
      .replaceAll(root, "<root>")
      .replace(/after \d+ ms, request [0-9a-f-]{36}$/, "after … ms, request …")
      .replaceAll(/\(version_\w+\)/g, "(<id>)"),
  );
}

it("NODE_DEBUG says what a pull fetched, without a credential, a token or a text of a prompt", async () => {
  const pulled = await scopeGen(["pull"], { cwd: root, env });
  expect(pulled.stderr).not.toMatch(SECRETS);
  expect(linesOf(pulled)).toEqual([
    'no config file, from <root>: fetch "auto", <url> with credentials, snapshot <root>/scope',
    "POST <url>/v1/auth/applications/login: 200 after … ms, request …",
    "GET <url>/api/v1/prompts/hi/production: 200 after … ms, request …",
    "hi@production: version 1 (<id>) from the platform, nothing is committed",
  ]);
});

it("NODE_DEBUG says what a build uses from the snapshot", async () => {
  const lines = linesOf(await buildApp("esbuild", root, { ...env, SCOPE_FETCH: "never" }));
  expect(lines).toContain('hi@production: version 1 (<id>) from the snapshot, fetch is "never"');
});

it("NODE_DEBUG says which of two versions a build uses", async () => {
  await writeTree(platform.dir, { "hi/2.md": "Good day {{name}}." });
  const built = await buildApp("esbuild", root, env);
  expect(built.stderr).not.toMatch(SECRETS);
  const lines = linesOf(built);
  expect(lines).toContain("hi@production: version 2 (<id>) from the platform, version 1 (<id>) is committed");
  expect(lines.join("\n")).toMatch(/^hi@production: version 1 → 2 .*: the fetched one is built$/m);
});

it("NODE_DEBUG says why the platform wasn't used", async () => {
  const down = { ...env, SCOPE_API_URL: "http://127.0.0.1:1", SCOPE_MAX_RETRIES: "0" };
  const lines = linesOf(await buildApp("esbuild", root, down));
  expect(lines.join("\n")).toMatch(/^GET http:\/\/127\.0\.0\.1:1\/.*: connection_failed after/m);
  expect(lines).toContain(
    "hi@production: not from the platform, connection_failed; version 1 (<id>) is committed",
  );
  expect(lines).toContain("hi@production: version 1 (<id>) from the snapshot, the platform is down");
});

it("NODE_DEBUG is silent unless you ask for it", async () => {
  const { code, stderr } = await scopeGen(["pull"], { cwd: root, env: { ...env, NODE_DEBUG: "other" } });
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain("UNPLUGIN-SCOPE");
});
