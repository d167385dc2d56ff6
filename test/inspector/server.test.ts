import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startInspector } from "../../src/inspector/handler.ts";
import type { Calls, Overview, Rendered, VersionDetails } from "../../src/inspector/inspector.ts";
import { openProject } from "../../src/project/project.ts";
import { refKey } from "../../src/prompt.ts";
import { type CallsApp, startCallsApp } from "../commands/calls-app.ts";
import { cli } from "../commands/cli-helpers.ts";
import { writeTree } from "../support/app.ts";
import { waitFor } from "../support/wait-for.ts";
import { post as postTo } from "./inspected-app.ts";

let app: CallsApp;
let inspector: Awaited<ReturnType<typeof startInspector>>;
beforeAll(async () => {
  app = await startCallsApp();
  // What an earlier test polled isn't new enough for the next.
  const options = { dev: { interval: 0.005, maxRequestsPerSecond: 1000, label: "latest" as const } };
  const written = JSON.parse(await readFile(join(app.root, "scope.config.json"), "utf8"));
  await writeTree(app.root, { "scope.config.json": JSON.stringify({ ...written, ...options }) });
  const project = await openProject({ cwd: app.root, env: app.env, isTestRun: false });
  const previews = new Map([
    [
      refKey({ name: "welcome", pin: { kind: "label", label: "production" } }),
      "development previews draft 3",
    ],
  ]);
  const session = () => ({ problems: { texts: ["It is refused."] }, previews });
  inspector = await startInspector({ project, session }, 0);
});
afterAll(async () => {
  await inspector.close();
  await app.close();
});

async function get<T>(route: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await fetch(`${inspector.url}api/${route}?${new URLSearchParams(query)}`);
  expect([response.status, response.ok ? "" : await response.clone().text()]).toEqual([200, ""]);
  return (await response.json()) as T;
}

type Listed = Readonly<Record<string, unknown>>;

const post = (route: string, body: object) => postTo(inspector.url, route, body);

describe("the page gets", () => {
  it("every prompt with the documents of list and diff", async () => {
    await app.addVersion("welcome", "Hello {{name}}, welcome to {{product}} on {{plan}}!", { model: "m-2" });
    const { platform, problem, devProblems, prompts } = await get<Overview>("overview");
    expect(devProblems).toEqual(["It is refused."]);
    expect({ platform, problem }).toEqual({ platform: "compared", problem: undefined });
    const row = prompts.find(({ specifier }) => specifier === "scope:welcome");
    expect(row?.notes).toEqual(["development previews draft 3"]);
    expect(row?.served).toMatchObject({ to: { versionNumber: 2 }, change: "breaking" });
    const printed = async (...argv: string[]) =>
      JSON.parse((await cli([...argv, "--json"], { cwd: app.root, env: app.env })).stdout).prompts;
    const [difference] = await printed("diff", "welcome");
    // What it costs is counted by `diff` alone.
    expect(row?.served).toEqual({ ...difference, cost: undefined });
    const listed = (await printed("list")).find(({ specifier }: Listed) => specifier === "scope:welcome");
    expect(row).toMatchObject(listed);
    // The worst first, then as in `list`.
    expect(prompts[0]).toMatchObject({ key: "welcome", served: { change: "breaking" } });
    expect(prompts.find(({ key }) => key === "reply")).toMatchObject({
      served: { change: "none" },
      notes: [],
    });
    await app.restore();
  });

  // Issue 51.
  it("a draft that would break, of a prompt that is in step", async () => {
    // biome-ignore format: one row a line
    for (const [name, text, draft] of [
      ["reply", "Re: {{message}} in a {{tone}} tone, on {{plan}}", { change: "breaking", changes: [{ message: 'new variable "plan"' }] }],
      ["reply", "Re: {{message}} in a {{tone}} tone", { change: "text" }],
      ["digest", "Hi {{#items}}", { problem: { message: expect.stringMatching(/closed/) } }],
    ] as const) {
      await app.write(`${name}/prompt.json`, '{ "production": 1 }');
      await app.write(`${name}/2.md`, text);
      const row = (await get<Overview>("overview")).prompts.find(({ key }) => key === name);
      expect([text, row?.served?.change]).toEqual([text, "none"]);
      expect(row?.draft).toMatchObject({ to: { versionNumber: 2 }, ...draft });
    }
    await app.restore();
  });

  it("what a version takes", async () => {
    const query = { specifier: "scope:digest", side: "committed" };
    const { parameter } = await get<VersionDetails>("version", query);
    expect(parameter).toMatchObject({
      inputs: [{ name: "name" }, { name: "items", type: { kind: "section" } }, { name: "sender" }],
    });
  });

  it("a rendering from the compiled function, or why there is none", async () => {
    const values = { name: "Ada", items: [{ title: "One" }, { title: "{{name}}" }], sender: "Bo" };
    const render = (specifier: string, values: object) =>
      post("render", { specifier, side: "committed", values });
    const rendered = await (await render("scope:digest", values)).json();
    expect(rendered).toEqual({ output: "Hello Ada,\n- One\n- {{name}}\n-- Bo" });
    const lacking = await render("scope:reply", { tone: "formal" });
    expect(((await lacking.json()) as Rendered).problem).toBe('Prompt "reply" lacks message');
    expect((await render("scope:gone", {})).status).toBe(400);
  });

  it("the calls that another version breaks, as check has them", async () => {
    await app.addVersion("welcome", "Hello {{name}}, welcome to {{product}} on {{plan}}!");
    const run = await cli(["check", "--json"], { cwd: app.root, env: app.env });
    const ofProduction = (pin: unknown) => isDeepStrictEqual(pin, { label: "production" });
    const expected = JSON.parse(run.stdout).prompts.find(
      ({ name, pin }: Listed) => name === "welcome" && ofProduction(pin),
    );
    // The calls are those of the versions that the page shows.
    await get("overview");
    for (const side of ["platform", "draft"]) {
      const calls = await get<Calls>("calls", { specifier: "scope:welcome", side });
      expect(calls).toMatchObject({ change: "breaking", to: 2 });
      expect([side, calls?.calls]).toEqual([side, expected.calls]);
      expect(calls?.calls.map(({ file, line }) => `${file}:${line}`)).toContain(app.place("#1"));
    }
    expect(await get("calls", { specifier: "scope:welcome", side: "committed" })).toEqual({});
    await app.restore();
  });

  it("the overview again whenever it changes", async () => {
    const stop = new AbortController();
    const response = await fetch(`${inspector.url}api/updates`, { signal: stop.signal });
    let text = "";
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => {});
    await waitFor("what is committed, and then the comparison", async () => text.includes('"compared"'));
    expect(text.match(/"platform":"\w+"/g)).toEqual(['"platform":"pending"', '"platform":"compared"']);
    await app.write("reply/1.md", "Answer in a very {{tone}} tone: {{message}}");
    await waitFor("another one", async () => text.match(/event: overview/g)?.length === 3);
    stop.abort();
    await reading;
    await app.restore();
  });
});

it("versions from the platform, without changing anything there", () => {
  const methods = app.platform.requests.map(
    ({ method, path }) => `${method} ${path.split("/").slice(0, 4).join("/")}`,
  );
  expect(methods.length).toBeGreaterThan(40);
  expect(new Set(methods)).toEqual(new Set(["GET /api/v1/prompts", "POST /v1/auth/applications"]));
});

it("serves the page and its assets, and no other file", async () => {
  const got = await Promise.all(
    ["", "inspector.js", "inspector.css", "package.json", "..%2Fpackage.json"].map(async (path) => {
      const response = await fetch(new URL(path, inspector.url));
      return [response.status, response.headers.get("content-type")?.split(";")[0]];
    }),
  );
  expect(got).toEqual([
    [200, "text/html"],
    [200, "text/javascript"],
    [200, "text/css"],
    [404, "application/json"],
    [404, "application/json"],
  ]);
});

describe("who gets an answer", () => {
  /** As `fetch` never sends it: with a Host of one's own. */
  async function status(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const asked = httpRequest(new URL(path, inspector.url), { headers }).end();
    const [response] = await once(asked, "response");
    response.resume();
    return response.statusCode;
  }

  it.each([
    ["another host", { host: "evil.example" }, 403],
    ["a name that starts like ours", { host: "127.0.0.1.evil.example" }, 403],
    ["another origin", { origin: "http://localhost:3000" }, 403],
    ["a page without an origin", { origin: "null" }, 403],
    ["another site", { "sec-fetch-site": "cross-site" }, 403],
    ["another port of this machine", { "sec-fetch-site": "same-site" }, 403],
    // Issue 24: a tunnel that rewrites Host.
    ["somebody through a tunnel", { "x-forwarded-for": "203.0.113.7" }, 403],
    ["another name of a tunnel", { "x-forwarded-host": "dev.example" }, 403],
    ["a standard proxy", { forwarded: "for=203.0.113.7" }, 403],
    ["a proxy that only says it's there", { via: "1.1 proxy" }, 403],
    ["nginx", { "x-real-ip": "203.0.113.7" }, 403],
    ["Cloudflare", { "cf-connecting-ip": "203.0.113.7" }, 403],
    ["nobody's page", {}, 200],
    ["a typed address", { "sec-fetch-site": "none" }, 200],
  ])("%s", async (_, headers, expected) => {
    expect(await status("api/overview", headers)).toBe(expected);
  });

  it("a form's request changes nothing, and other origins can't read an answer", async () => {
    const form = await fetch(`${inspector.url}api/sample`, { method: "POST", body: "{}" });
    expect(form.status).toBe(415);
    const own = await post("sample", { specifier: "x" });
    expect(own.status).toBe(404);
    expect(await status("api/overview", { origin: new URL(inspector.url).origin })).toBe(200);
    expect([...own.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(own.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect((await fetch(`${inspector.url}api/sample`)).status).toBe(404);
    const above = await fetch(`${inspector.url}../package.json`, { redirect: "manual" });
    expect([above.status, above.headers.get("location")]).toEqual([302, "/__scope/"]);
    expect((await fetch(`${inspector.url}..%2Fcli.js`)).status).toBe(404);
    expect((await fetch(`${inspector.url}api/toString`)).status).toBe(404);
  });

  it("reports what is wrong with a request", async () => {
    const unknown = await fetch(`${inspector.url}api/version?side=platform&specifier=scope:welcom`);
    expect([unknown.status, (await unknown.json()).error]).toEqual([400, expect.stringContaining("welcome")]);
    const none = await fetch(`${inspector.url}api/version`);
    expect(none.status).toBe(400);
    expect((await post("render", { specifier: 5 })).status).toBe(400);
    const side = await fetch(`${inspector.url}api/version?specifier=scope:welcome&side=elsewhere`);
    expect([side.status, (await side.json()).error]).toEqual([400, expect.stringContaining("platform")]);
  });
});
