import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import type { Overview, VersionDetails } from "../../src/inspector/inspector.ts";
import { inspect } from "../inspector/inspected-app.ts";
import { buildApp, outputFile, writeTree } from "../support/app.ts";
import { archiveVersion } from "../support/dev-platform.ts";
import { listenInTest } from "../support/listen.ts";
import { node } from "../support/run.ts";
import { cli, type TestProject, testProject } from "./cli-helpers.ts";
import { commitAll, git } from "./git-repository.ts";

const MAIN = `import hi from "scope:hi";\nconsole.log(hi({ name: "Ada" }));\n`;
const PINNED = (version: string) => `${JSON.stringify({ prompts: { hi: { version } } })}\n`;

/** "hi" with two versions, of which the first is in production; `hi` is pinned in the config. */
async function project(pinned: "v_one" | "v_two" | undefined): Promise<TestProject> {
  return testProject(
    {
      "src/main.ts": MAIN,
      "package.json": '{ "type": "module" }',
      "scope.config.json": pinned === undefined ? "{}\n" : PINNED(pinned),
    },
    {
      "hi/1.md": "One {{name}}",
      "hi/2.md": "Two {{name}}",
      "hi/prompt.json": JSON.stringify({
        production: 1,
        versions: { 1: { id: "v_one" }, 2: { id: "v_two" } },
      }),
    },
  );
}

/** The second version goes to production, and the first one is archived. */
async function promoteSecond({ platform, prompts }: TestProject): Promise<void> {
  await platform.promote("hi", 2);
  await archiveVersion(prompts, "hi", 1);
}

const run = (command: string, { root: cwd, env }: TestProject) => cli(command.split(" "), { cwd, env });

/** What a build prints and its output says. */
async function build({ root, env }: TestProject, more: Readonly<Record<string, string>> = {}) {
  const built = await buildApp("esbuild", root, { ...env, ...more });
  const text =
    built.code === 0 ? (await node([outputFile("esbuild", root)], { cwd: root })).stdout.trim() : "";
  return { ...built, text, printed: built.stdout + built.stderr };
}

const checked = async (given: TestProject) => {
  const { code, stdout } = await run("check --json", given);
  return { code, ...JSON.parse(stdout).prompts[0] };
};

describe("a promotion that archives the pinned version", () => {
  it("is an error that says what to do if nothing is committed", async () => {
    const given = await project("v_one");
    await promoteSecond(given);
    for (const { code, stderr } of [await run("pull", given), await build(given)]) {
      expect(code).toBe(1);
      expect(stderr).toContain("unarchive it on the platform and promote it, or pin another one");
    }
  });
});

it("an archived version that comes back edited, with its ID, is another version", async () => {
  const given = await project("v_one");
  await run("pull", given);
  await promoteSecond(given);
  expect(await checked(given)).toMatchObject({ code: 0, change: "none" });
  const versions = { 1: { id: "v_one", status: "draft" }, 2: { id: "v_two" } };
  await given.prompt("hi/prompt.json", JSON.stringify({ production: 2, versions }));
  await given.prompt("hi/1.md", "One, once more, {{name}}");
  expect(await checked(given)).toMatchObject({ code: 2, change: "text" });
  expect((await build(given)).text).toBe("One Ada");
});

it("a rollback by a revert and a pin works even if the platform no longer serves the archived version", async () => {
  const given = await project(undefined);
  await run("pull", given);
  await commitAll(given.root, "Take version 1");
  await promoteSecond(given);
  await run("pull", given);
  await commitAll(given.root, "Take version 2");
  expect((await build(given)).text).toBe("Two Ada");
  await git(given.root, "revert", "--no-edit", "HEAD");
  const pinned = await run("pin hi --yes", given);
  expect(pinned.stdout, pinned.stderr).toContain("hi is pinned to version 1");
  for (const command of ["check", "pull", "diff hi", "check --label latest"]) {
    const { code, stderr } = await run(command, given);
    expect([command, code], stderr).toEqual([command, 0]);
  }
  expect((await build(given)).text).toBe("One Ada");
  expect((await build(given, { SCOPE_FETCH: "never" })).text).toBe("One Ada");
});

it("a 404 that isn't from the platform says nothing about a pinned version", async () => {
  const given = await project("v_one");
  await run("pull", given);
  const gateway = createServer((request, response) => {
    const isLogin = request.method === "POST";
    response.writeHead(isLogin ? 200 : 404, { "content-type": isLogin ? "application/json" : "text/html" });
    response.end(isLogin ? '{"access_token":"t"}' : "<html>Not found</html>");
  });
  const url = await listenInTest(gateway);
  const env = { ...given.env, SCOPE_API_URL: url, SCOPE_AUTH_API_URL: url };
  const { code, stderr } = await cli(["check"], { cwd: given.root, env });
  expect([code, stderr]).toEqual([1, expect.stringContaining("isn't the platform's response")]);
});

describe("a pin that is behind production", () => {
  const BEHIND = "hi@version 1: pinned to version 1; production is at 2 (1 newer)";

  it("is noted in its row in the inspector, which says who promoted a version and when", async () => {
    const given = await project("v_one");
    await run("pull", given);
    await given.platform.promote("hi", 2, "usr_ada");
    const { get } = await inspect(given);
    const { prompts } = await get<Overview>("overview");
    expect(prompts[0]?.notes).toContain(BEHIND.replace("hi@version 1: ", ""));
    await writeTree(given.root, { "scope.config.json": '{ "prompts": ["hi"] }' });
    const followed = await inspect(given);
    await followed.get<Overview>("overview");
    const served = await followed.get<VersionDetails>("version?specifier=scope:hi&side=platform");
    expect(served.promotion).toMatch(/^promoted \S+ by usr_ada/);
  });
});
