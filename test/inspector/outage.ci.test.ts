import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Overview, Rendered, VersionDetails } from "../../src/inspector/inspector.ts";
import { pulledProject, type TestProject } from "../commands/cli-helpers.ts";
import { refusal, startGateway } from "../support/gateway.ts";
import { listenInTest } from "../support/listen.ts";
import { waitFor } from "../support/wait-for.ts";
import { inspect, post } from "./inspected-app.ts";

const APP = {
  "scope.config.json":
    '{ "prompts": ["welcome"], "dev": { "interval": 0.01, "maxRequestsPerSecond": 1000 } }',
  "src/a.ts": 'import welcome from "scope:welcome";\nwelcome({ name: "Ada" });\n',
};

/** The inspector of a project, over a platform at another address. */
const inspectAt = ({ root, env }: TestProject, url: string) =>
  inspect({ root, env: { ...env, SCOPE_API_URL: url, SCOPE_AUTH_API_URL: url } });

/** The inspector of a project behind a gateway, until the test is over. */
async function inspectBehind(project: TestProject, ...answerTo: [] | [Parameters<typeof startGateway>[1]]) {
  const gateway = await startGateway(project.platform.url, ...answerTo);
  onTestFinished(() => gateway.close());
  return { gateway, ...(await inspectAt(project, gateway.url)) };
}

const pulled = () => pulledProject(APP, { "welcome/1.md": "Hello {{name}}" });

/** A platform that takes requests and says nothing. */
const startSilent = (onRequest = () => {}) => listenInTest(createServer(onRequest));

// Issue 24, row 6: 79 s and 120 s.
it.each([
  ["silent", startSilent],
  ["down", async () => "http://127.0.0.1:1"],
])(
  "with a %s platform the committed state waits for nothing, and nobody waits for more than two seconds",
  async (what, start) => {
    let requests = 0;
    const { url, get } = await inspectAt(await pulled(), await start(() => requests++));
    const specifier = "specifier=scope:welcome";
    const version = await get<VersionDetails>(`version?${specifier}&side=committed`);
    expect(version.parameter).toMatchObject({ inputs: [{ name: "name" }] });
    const fields = { specifier: "scope:welcome", side: "committed", values: { name: "Ada" } };
    const rendered = await post(url, "render", fields);
    expect(((await rendered.json()) as Rendered).output).toBe("Hello Ada");
    expect(requests).toBe(0);

    const begin = performance.now();
    const response = await fetch(`${url}api/version?${specifier}&side=platform`);
    expect(requests).toBe(what === "silent" ? 1 : 0);
    const { error } = await response.json();
    expect(error).toContain(what === "silent" ? "sent no response for 2 seconds" : "127.0.0.1");

    const calls = await fetch(`${url}api/calls?${specifier}&side=platform`);
    expect((await calls.json()).error).toContain("127.0.0.1");
    const overview = await get<Overview>("overview");
    expect(overview).toMatchObject({
      platform: "unreached",
      prompts: [{ name: "welcome", versionNumber: 1, uses: [{ line: 1 }] }],
    });
    expect(overview.problem).toContain("127.0.0.1");
    expect(overview.problem).not.toContain("\n");
    expect(performance.now() - begin).toBeLessThan(20_000);
  },
);

it("shows a slow platform's response when it comes, with one request for everyone", async () => {
  const project = await pulled();
  await project.prompt("welcome/2.md", "Good day {{name}}");
  const { gateway, get } = await inspectBehind(project);
  gateway.delayMs = 4000;
  const first = await get<Overview>("overview");
  expect(first).toMatchObject({ platform: "unreached", prompts: [{ versionNumber: 1 }] });
  await Promise.all([get("overview"), get("overview")]);
  // The login and the request are under way still. After the response, another look may ask for a newer one.
  expect(gateway.logins.length).toBe(1);
  expect(gateway.polls.length).toBeLessThanOrEqual(1);
  const rows = await waitFor(
    "the platform's version",
    async () => {
      const body = await get<Overview>("overview");
      return body.platform === "compared" ? body.prompts : undefined;
    },
    { timeoutMs: 20_000 },
  );
  expect(rows).toMatchObject([{ versionNumber: 1, served: { to: { versionNumber: 2 }, change: "text" } }]);
});

it("keeps the last grades while the platform is down, says when it compared, and that it is back", async () => {
  const project = await pulled();
  await project.prompt("welcome/2.md", "Hello {{name}} of {{team}}");
  const { gateway, get } = await inspectBehind(project);
  const breaking = { to: { versionNumber: 2 }, change: "breaking" };
  const before = await get<Overview>("overview");
  expect(before.prompts).toMatchObject([{ served: breaking, isStale: false }]);
  gateway.isDown = true;
  // A response that has just come isn't asked for again.
  const body = await waitFor("the outage", async () => {
    const overview = await get<Overview>("overview");
    return overview.platform === "unreached" ? overview : undefined;
  });
  expect(body.comparedAt).toMatch(/^20/);
  expect(body.prompts).toMatchObject([{ served: breaking, isStale: true }]);
  gateway.isDown = false;
  await waitFor("the platform", async () => (await get<Overview>("overview")).platform === "compared");
});

it("says at the first look that the platform has gone silent", async () => {
  const project = await pulled();
  await writeFile(
    join(project.root, "scope.config.json"),
    '{ "prompts": ["welcome"], "dev": { "interval": 1 } }',
  );
  const { gateway, get } = await inspectBehind(project);
  expect((await get<Overview>("overview")).platform).toBe("compared");
  gateway.delayMs = 60_000;
  // Longer than a response counts as recent.
  await new Promise((done) => setTimeout(done, 600));
  const body = await get<Overview>("overview");
  expect(body.platform).toBe("unreached");
  expect(body.prompts).toMatchObject([{ served: { change: "none" }, isStale: true }]);
});

it("says that the platform refuses one prompt, and compares the others", async () => {
  const project = await pulled();
  const config = '{ "prompts": ["welcome", "closed", "fresh"] }';
  await writeFile(join(project.root, "scope.config.json"), config);
  await project.prompt("closed/1.md", "Closed {{name}}");
  await project.prompt("fresh/1.md", "Fresh {{name}}");
  const refused = ({ path }: { path: string }) => (/closed|fresh/.test(path) ? refusal(403) : undefined);
  const { get } = await inspectBehind(project, refused);
  const body = await get<Overview>("overview");
  expect(body.platform).toBe("compared");
  expect(
    body.prompts.map(({ name, served, problem }) => [name, served?.change, problem?.includes("403")]),
  ).toEqual([
    ["closed", undefined, true],
    ["fresh", undefined, true],
    ["welcome", "none", undefined],
  ]);
});

it("shows what is on disk at once and stays within the rate, however many prompts are compared", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `p${i}`);
  const files = Object.fromEntries(names.map((name) => [`${name}/1.md`, `Hello {{name}}, this is ${name}`]));
  const config = JSON.stringify({ prompts: names, dev: { interval: 1, maxRequestsPerSecond: 10 } });
  const project = await pulledProject({ "scope.config.json": config }, files);
  const { gateway, get } = await inspectBehind(project);
  // What comes in while the login is under way waits, and then goes out at once.
  gateway.delayMs = 700;
  let isCompared = false;
  const overview = get<Overview>("overview").finally(() => {
    isCompared = true;
  });
  await waitFor("the first request", async () => gateway.polls.length > 0);
  const specifier = "specifier=scope:p59";
  await get<VersionDetails>(`version?${specifier}&side=committed`);
  expect(isCompared).toBe(false);
  expect((await overview).platform).toBe("compared");
  const times = [...gateway.polls, ...gateway.logins].map(({ at }) => at).sort((a, b) => a - b);
  const inOneSecond = times.map((from) => times.filter((at) => at >= from && at < from + 1000).length);
  expect(times.length).toBeGreaterThan(60);
  expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(11);
}, 40_000);
