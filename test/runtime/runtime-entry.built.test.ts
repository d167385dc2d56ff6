import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { type Bundler, buildApp, makeApp, outputFile } from "../support/app.ts";
import { linkPackage, node, succeed } from "../support/run.ts";
import { label, makePrompts } from "./live/live-app.ts";

const prompts = await makePrompts();
const platform = await startPlatform({ dir: prompts });
afterAll(() => platform.close());

const MAIN = `
import { ConnectionError, configureLive, isScopeError, liveStatus, refreshLive } from "unplugin-scope/runtime";
import greeting, { versionNumber } from "scope:greeting?live";
import notice from "scope:notice?live";

async function main() {
  const reports = [];
  configureLive({
    interval: 3600,
    credentials: { orgId: "local", clientId: "local", clientSecret: "local" },
    onRefresh: ({ name, from, to }) => reports.push(\`\${name} \${from.versionNumber} to \${to.versionNumber}\`),
    onError: (error, { name }) =>
      reports.push(\`\${name} \${isScopeError(error, "connection_failed")} \${error instanceof ConnectionError}\`),
  });
  const before = liveStatus().map(({ name, status }) => \`\${name} \${status}\`);
  const [one] = await refreshLive("greeting");
  const text = greeting({ name: "Ada", team: "Looms" });
  await refreshLive();
  configureLive({ baseUrl: "http://127.0.0.1:1" });
  await refreshLive();
  console.log(JSON.stringify({ before, one: one.status, text, versionNumber, notice: notice(), reports, after: liveStatus() }));
}
main();
`;

/** Builds an app that imports `/runtime` of the installed package as well as live prompts. */
async function build(bundler: Bundler, main: string): Promise<string> {
  await label(prompts, 1);
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": JSON.stringify({ dts: false }),
    "src/main.ts": main,
  });
  await linkPackage(root);
  await succeed(buildApp(bundler, root, platform.env));
  return outputFile(bundler, root);
}

// Vite's SSR build and Rollup leave the import to the installed package, esbuild and webpack bundle a copy.
it.each(["vite", "esbuild", "webpack"] as const)(
  "the installed /runtime works with the live prompts of a %s bundle",
  async (bundler) => {
    const file = await build(bundler, MAIN);
    await label(prompts, 2);
    const ran = await node([file], { cwd: join(file, "..") });
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      before: ["greeting compiled", "notice compiled"],
      one: "refreshed",
      text: "Hi Ada of Looms!",
      versionNumber: 2,
      notice: "None at all.",
      // Both are polled together; the outage is reported once, by whichever fails first.
      reports: ["greeting 1 to 2", "notice 1 to 2", expect.stringMatching(/^(?:greeting|notice) true true$/)],
      after: [
        { name: "greeting", label: "production", status: "stale", versionNumber: 2 },
        { name: "notice", label: "production", status: "stale", versionNumber: 2 },
      ],
    });
  },
);

it("a process with live prompts ends when its work is done, even if polls are due", async () => {
  const main = `
    import greeting from "scope:greeting?live";
    import notice from "scope:notice?live";
    greeting({ name: "Ada", team: "Looms" });
    notice();
  `;
  // One request in 1000 s: what waits for the second would wait for long.
  const file = await build("esbuild", main);
  const code = await readFile(file, "utf8");
  expect(code).toContain("maxRequestsPerSecond: 10");
  await writeFile(file, code.replace("maxRequestsPerSecond: 10", "maxRequestsPerSecond: 0.001"));
  const ran = await node([file], { cwd: join(file, ".."), env: platform.env });
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
});
