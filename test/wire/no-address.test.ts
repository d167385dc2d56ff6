// Credentials without an address: nothing may be sent, since nobody has said where to.
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Listening, listen } from "../support/listen.ts";
import { waitFor } from "../support/wait-for.ts";
import { ReferencePlatform } from "./reference-platform.ts";
import { printedBy, WireApp } from "./wire-app.ts";
import { FORMS, shown } from "./wire-forms.ts";

const NAMES = ["greeting", "answer"];
const COMMITTED = Object.fromEntries(
  NAMES.map((name) => [name, shown({ name, number: 3 }, { model: "small" })]),
);

let platform: ReferencePlatform;
let app: WireApp;
let proxied: Listening;
let sent = 0;
/** Every request to a host that isn't this machine would come here. */
const proxy = createServer((_, response) => void response.end());
proxy.on("connection", () => {
  sent += 1;
});

beforeAll(async () => {
  platform = await ReferencePlatform.start();
  proxied = await listen(proxy);
  const given = { env: platform.env };
  app = await WireApp.make(given, NAMES, ["greeting"]);
  for (const name of NAMES) platform.serve(name, FORMS.documented({ name, number: 3 }));
  printedBy(await app.cli("pull"));
  const { SCOPE_API_URL: _, SCOPE_AUTH_API_URL: __, ...credentials } = platform.env;
  given.env = { ...credentials, HTTP_PROXY: proxied.url, HTTPS_PROXY: proxied.url, NO_PROXY: "127.0.0.1" };
  platform.requests.length = 0;
});
afterAll(async () => {
  await app.close();
  await platform.close();
  await proxied.close();
});

it.each(["vite", "esbuild"] as const)("build, with %s: this error alone", async (bundler) => {
  const { code, stdout, stderr } = await app.build(bundler);
  expect(code).toBe(1);
  // Both show it at each import.
  const said = (stdout + stderr).match(/\b\w+_missing(?= {2})/g);
  expect(new Set(said)).toEqual(new Set(["base_url_missing"]));
  expect(stderr).toContain("Set SCOPE_API_URL");
  expect(stderr).not.toContain("hush");
});

it.each([
  ["/register", () => app.register()],
  ["emit", () => app.cli("emit", "--out-dir", "emitted")],
  ["check", () => app.cli("check")],
  ["pull", () => app.cli("pull")],
  ["diff", () => app.cli("diff")],
])("%s: one error, which names the variable", async (_, run) => {
  const { code, stdout, stderr } = await run();
  expect(code).toBe(1);
  const said = stdout + stderr;
  expect(said.match(/address of the platform isn.t set/g), said).toHaveLength(1);
  expect(said).toContain("SCOPE_API_URL");
  expect(said).not.toContain("hush");
});

it('fetch "never" needs no address, and a live prompt says once that it has none', async () => {
  expect((await app.cli("check", "--fetch", "never")).code).toBe(0);
  printedBy(await app.build("vite", { SCOPE_FETCH: "never" }));
  const { shown, problems } = JSON.parse(printedBy(await app.runBuilt(4, "vite")));
  expect(shown).toEqual({ "greeting?live": COMMITTED.greeting });
  expect(problems).toEqual({ greeting: expect.stringContaining("address of the platform isn't set") });
});

it("dev serves what is committed, and shows the error as it shows problems", async () => {
  const server = await app.startDev();
  expect(await app.dev()).toEqual(COMMITTED);
  const isShown = () => server.count(/address of the platform isn.t set/) > 0;
  await waitFor("the problem", isShown, { describe: () => server.output });
  expect(server.output).toContain("The last good version is still served");
  expect(await app.dev()).toEqual(COMMITTED);
  expect(server.count(/address of the platform isn.t set/)).toBe(1);
});

it("doctor says it before the credentials", async () => {
  const { code, stdout } = await app.cli("doctor");
  expect(code).toBe(1);
  expect(stdout).toMatch(/problem +address .*address of the platform isn.t set.*[\s\S]*SCOPE_API_URL/);
  expect(stdout).toContain("Not tried: there's no address.");
});

it("nothing was sent", () => {
  expect([sent, platform.requests]).toEqual([0, []]);
});
