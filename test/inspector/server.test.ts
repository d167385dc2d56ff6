import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startInspector } from "../../src/inspector/handler.ts";
import type {
  Calls,
  Difference,
  Health,
  Overview,
  Rendered,
  VersionDetails,
} from "../../src/inspector/inspector.ts";
import { rowsOf } from "../../src/inspector/page/rows.ts";
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
  const doctor = { cwd: app.root, mode: "development", env: { ...process.env, ...app.env } };
  const previews = new Map([
    [
      refKey({ name: "welcome", pin: { kind: "label", label: "production" } }),
      "development previews draft 3",
    ],
  ]);
  const session = () => ({ problems: { texts: ["It is refused."] }, previews });
  inspector = await startInspector({ project, doctor, session }, 0);
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

const post = (route: string, body: object) => postTo(inspector.url, route, body);

describe("the page gets", () => {
  it("every prompt with its versions, grade and number of call sites", async () => {
    await app.addVersion("welcome", "Hello {{name}}, welcome to {{product}} on {{plan}}!");
    const overview = await get<Overview>("overview");
    const { platform, problem } = overview;
    const rows = rowsOf(overview);
    expect(overview.devProblems).toEqual(["It is refused."]);
    expect({ platform, problem }).toEqual({ platform: "compared", problem: undefined });
    expect(rows.find(({ specifier }) => specifier === "scope:welcome")).toMatchObject({
      name: "welcome",
      pin: "production",
      committed: 1,
      current: 2,
      grade: "breaking",
      changes: [{ kind: "variable-added", message: 'new variable "plan"' }],
      variables: ["name", "product"],
      calls: 8,
      notes: ["development previews draft 3"],
    });
    expect(rows.find(({ key }) => key === "reply")).toMatchObject({ grade: "none", notes: [] });
    await app.restore();
  });

  // Issue 51.
  it("a draft that would break, of a prompt that is in step", async () => {
    // biome-ignore format: one row a line
    for (const [name, text, notes] of [
      ["reply", "Re: {{message}} in a {{tone}} tone, on {{plan}}", ['draft 2 would break: new variable "plan"']],
      ["reply", "Re: {{message}} in a {{tone}} tone", []],
      ["digest", "Hi {{#items}}", [expect.stringMatching(/^draft 2 would break: .*closed/)]],
    ] as const) {
      await app.write(`${name}/prompt.json`, '{ "production": 1 }');
      await app.write(`${name}/2.md`, text);
      const row = rowsOf(await get<Overview>("overview")).find(({ key }) => key === name);
      expect([text, row?.grade, row?.notes]).toEqual([text, "none", notes]);
    }
    await app.restore();
  });

  it("a template as pieces of text and variables, and sections with their contents", async () => {
    const query = { specifier: "scope:digest", side: "snapshot" };
    const { messages } = await get<VersionDetails>("version", query);
    // biome-ignore format: a node a line
    const nodes = [
      { kind: "text", text: "Hello " },
      { kind: "variable", path: ["name"] },
      { kind: "text", text: ",\n" },
      { kind: "section", path: ["items"], isInverted: false, nodes: [
        { kind: "text", text: "- " },
        { kind: "variable", path: ["title"] },
        { kind: "text", text: "\n" },
      ] },
      { kind: "text", text: "-- " },
      { kind: "variable", path: ["sender"] },
    ];
    expect(messages).toMatchObject([{ nodes }]);
    const chat = await get<VersionDetails>("version", {
      specifier: "scope:support/triage",
      side: "production",
    });
    expect(chat.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  });

  it("a rendering from the compiled function, or why there is none", async () => {
    const values = { name: "Ada", items: [{ title: "One" }, { title: "{{name}}" }], sender: "Bo" };
    const render = (specifier: string, values: object) =>
      post("render", { specifier, side: "snapshot", values });
    const rendered = await (await render("scope:digest", values)).json();
    expect(rendered).toEqual({ output: "Hello Ada,\n- One\n- {{name}}\n-- Bo" });
    const lacking = await render("scope:reply", { tone: "formal" });
    expect(((await lacking.json()) as Rendered).problem).toBe('Prompt "reply" lacks message');
    expect((await render("scope:gone", {})).status).toBe(400);
  });

  it("the difference between two versions by word, with each sample's rendering", async () => {
    await post("sample", {
      specifier: "scope:welcome",
      sample: "Ada",
      values: { name: "Ada", product: "Looms" },
    });
    await app.addVersion("welcome", "Hello {{name}}, welcome to {{product}} at last!", { model: "m-2" });
    const difference = await get<Difference>("difference", {
      specifier: "scope:welcome",
      from: "snapshot",
      to: "production",
    });
    const run = await cli(["diff", "welcome", "--json"], { cwd: app.root, env: app.env });
    expect(difference.prompts).toEqual(JSON.parse(run.stdout).prompts);
    expect(difference.texts[0]?.pieces.filter(({ kind }) => kind === "new")).toEqual([
      { kind: "new", text: expect.stringContaining("at last") },
    ]);
    expect(difference.metadata.find(({ title }) => title === "model")?.pieces).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: "gone" }), { kind: "new", text: '"m-2"' }]),
    );
    await app.restore();
  });

  it("where a prompt is imported, and the calls that another version breaks", async () => {
    await app.addVersion("welcome", "Hello {{name}}, welcome to {{product}} on {{plan}}!");
    const calls = await get<Calls>("calls", { specifier: "scope:welcome", label: "latest" });
    expect(calls.sites.filter(({ kind }) => kind === "call").length).toBe(8);
    const run = await cli(["check", "--label", "latest", "--json"], { cwd: app.root, env: app.env });
    const of = ({ prompts }: NonNullable<Calls["check"]>) => prompts.find(({ name }) => name === "welcome");
    const checked = calls.check && of(calls.check);
    expect(checked).toMatchObject({ change: "breaking", to: 2 });
    expect(checked?.calls).toEqual(of(JSON.parse(run.stdout))?.calls);
    const broken = calls.sites.filter(({ kind }) => kind === "broken");
    const first = broken.find(({ file, line }) => `${file}:${line}` === app.place("#1"));
    expect(first?.code).toContain('welcome({ name: "Ada"');
    expect(first?.message).toContain("'plan' is missing");
    await app.restore();
  });

  // Issue 24, row 8.
  it("one health check for all who ask at once, without a process", async () => {
    const started: unknown[] = [];
    const listen = (message: unknown) => {
      const { process: child } = message as { process: { spawnfile?: string } };
      setImmediate(() => started.push(child.spawnfile));
    };
    subscribe("child_process", listen);
    const logins = () => app.platform.requests.filter(({ path }) => path.startsWith("/v1/auth/")).length;
    const before = logins();
    try {
      const all = await Promise.all(Array.from({ length: 24 }, () => get<Health>("health")));
      expect(new Set(all.map(({ checks }) => JSON.stringify(checks))).size).toBe(1);
      expect(all[0]?.checks.map(({ check }) => check)).toEqual(
        expect.arrayContaining(["Node", "config", "credentials", "login", "snapshot", "tsconfig"]),
      );
    } finally {
      unsubscribe("child_process", listen);
    }
    expect(logins() - before).toBe(1);
    expect(started.filter((file) => file === process.execPath)).toEqual([]);
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

it("the editor opens a source of the project at its place, and no other file", async () => {
  const recorder = join(app.root, "editor.sh");
  await writeFile(recorder, `#!/bin/sh\necho "$@" > "${app.root}/opened.txt"\n`);
  await chmod(recorder, 0o755);
  process.env.LAUNCH_EDITOR = recorder;
  try {
    expect((await post("open", { place: "src/welcome.ts:4:22" })).status).toBe(200);
    // The shell makes the file before it writes to it.
    const opened = await waitFor("the editor", async () => {
      const text = await readFile(join(app.root, "opened.txt"), "utf8").catch(() => "");
      return text === "" ? undefined : text;
    });
    expect(opened).toBe(`${join(app.root, "src/welcome.ts")} 4 22\n`);
    const others = [
      "scope.config.json:1:1",
      "../../etc/passwd:1:1",
      "/etc/passwd:1:1",
      "src/welcome.ts:4 ;:1",
    ];
    for (const place of others) expect([place, (await post("open", { place })).status]).toEqual([place, 404]);
  } finally {
    delete process.env.LAUNCH_EDITOR;
  }
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
    const own = await post("open", { place: "x" });
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
    const unknown = await fetch(`${inspector.url}api/prompt?specifier=scope:welcom`);
    expect([unknown.status, (await unknown.json()).error]).toEqual([400, expect.stringContaining("welcome")]);
    const none = await fetch(`${inspector.url}api/prompt`);
    expect(none.status).toBe(400);
    expect((await post("render", { specifier: 5 })).status).toBe(400);
  });
});
