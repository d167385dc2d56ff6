// SECURITY.md's table, row by row: what somebody who can change this doesn't get, or does where nothing is kept from them.
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import type { CacheStore } from "../../src/client/index.ts";
import { startInspector } from "../../src/inspector/handler.ts";
import { openProject } from "../../src/project/project.ts";
import { CREDENTIALS, makeClient, setup } from "../client/client-setup.ts";
import { answers, version } from "../client/faulty-platform.ts";
import { cli, withDigest } from "../commands/cli-helpers.ts";
import { buildApp, makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { readTree } from "../support/file-tree.ts";
import { readTable } from "../support/kept-table.ts";
import { listenInTest } from "../support/listen.ts";
import { node, ROOT } from "../support/run.ts";

const SECRET = "s3cret-of-the-environment";
const VALUES = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: SECRET };
const IMPORT = { "package-lock.json": "{}", "src/a.js": 'import hi from "scope:hi";\n' };

/** A server that notes who asks for what. */
async function listener() {
  const seen: string[] = [];
  const server = createServer((asked, response) => {
    asked.setEncoding("utf8").on("data", (body) => seen.push(body));
    seen.push(asked.url ?? "");
    response.writeHead(404).end("{}");
  });
  server.on("connect", ({ url = "" }, socket) => {
    seen.push(url);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  return { seen, url: await listenInTest(server) };
}

/** Runs a command in a folder of the project, which is all that it may write. Gives what it printed. */
async function within(root: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const others = async () =>
    new Map([...(await readTree(dirname(root)))].filter(([path]) => !path.startsWith("project/")));
  const before = await others();
  const { code, stdout, stderr } = await cli(argv, { cwd: root, env });
  expect(await others()).toEqual(before);
  const printed = stdout + stderr;
  expect(printed).not.toContain(SECRET);
  return { code, printed };
}

/** A project with something beside it. */
async function makeProject(files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(await makeApp({ "beside/config.json": '{ "of": "another" }' }), "project");
  await mkdir(root);
  await writeTree(root, { ...IMPORT, ...files });
  return root;
}

/** A project, and a platform that serves its prompts. */
async function makeServed(
  prompts: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
) {
  const platform = await servePrompts(prompts);
  onTestFinished(() => platform.close());
  return { root: await makeProject(files), env: platform.env, platform };
}

/** The module that `emit` wrote. */
async function emitted(root: string): Promise<string> {
  const names = await readdir(join(root, "out"));
  return join(root, "out", names.find((name) => /^hi.*\.js$/.test(name)) ?? "");
}

/** By the first cell of the row. */
const PROMISES: Readonly<Record<string, () => Promise<void>>> = {
  async "a prompt or its metadata on the platform"() {
    const text = "`${globalThis.got = 1}` \\${1} \u001b[2J\u202e ::error::x\n{{name}} */ </script>";
    const settings = JSON.stringify({
      versions: { 1: { metadata: { "\u001b]0;x": "`${globalThis.got = 1}`" } } },
    });
    const { root, env } = await makeServed({ "hi/1.md": text, "hi/prompt.json": settings });
    for (const argv of [["pull"], ["list"], ["check"], ["diff"], ["emit", "--out-dir", "out"]]) {
      const { code, printed } = await within(root, argv, env);
      expect(code, printed).not.toBe(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what mustn't be printed
      expect(printed).not.toMatch(/[\u001b\u202e]|^::/m);
    }
    const { render } = await import(/* @vite-ignore */ pathToFileURL(await emitted(root)).href);
    // A value is never read as a template.
    expect(render({ name: "{{name}}`${1}" })).toBe(text.replace("{{name}}", "{{name}}`${1}"));
    expect(globalThis).not.toHaveProperty("got");
    const startedAt = performance.now();
    for (const [large, exit] of [
      ["{{a}} ".repeat(19_999) + "{ ".repeat(400_000), 0],
      ["{{a}}".repeat(20_001), 1],
      ["a".repeat(1_000_001), 1],
    ] as const) {
      const mustache = { "scope.config.json": '{ "syntax": "mustache" }' };
      const { root, env } = await makeServed({ "hi/1.md": large }, mustache);
      expect((await within(root, ["pull"], env)).code).toBe(exit);
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  },

  async "the committed snapshot or types"() {
    const { root, env } = await makeServed({ "hi/1.md": "Hi {{name}}" });
    await cli(["pull"], { cwd: root, env });
    const file = join(root, "scope/hi@production.json");
    const sound = await readFile(file, "utf8");
    const code = "`${globalThis.got = 1}`*/globalThis.got = 1;";
    for (const [from, to] of [
      ['"name": "hi"', '"name": "../../beside/hi"'],
      ['"name": "hi"', `"name": ${JSON.stringify(code)}`],
      ['"Hi {{name}}"', JSON.stringify(`${code} {{name}}`)],
      ['"environment": "production"', '"environment": "https://evil.example"'],
      ['"metadata": {}', `"metadata": { ${JSON.stringify(code)}: ${JSON.stringify(code)} }`],
    ] as const) {
      expect(sound).toContain(from);
      await writeFile(file, withDigest(sound.replace(from, to)));
      await within(root, ["types"], VALUES);
      const { code: exit } = await within(root, ["emit", "--out-dir", "out", "--fetch", "never"], VALUES);
      if (exit === 0) await import(/* @vite-ignore */ `${pathToFileURL(await emitted(root)).href}?${from}`);
      expect([...(await readTree(root)).values()].join("")).not.toContain(SECRET);
    }
    await writeFile(file, sound.replace("Hi {{", "Ho {{"));
    expect((await within(root, ["types"])).printed).toContain("snapshot_integrity");
    expect(globalThis).not.toHaveProperty("got");
  },

  async "scope.config.json, package.json, .env, .env.<mode>"() {
    const outside = (option: string) => JSON.stringify({ [option]: "../beside" });
    for (const [files, code] of [
      [{ "scope.config.json": outside("snapshotDir") }, "leads_outside"],
      [{ "scope.config.json": outside("dts") }, "leads_outside"],
      [{ "scope.config.json": '{ "$import": "../beside/config.json" }' }, "config_invalid"],
      [{ "package.json": `{ "scope": ${outside("snapshotDir")} }` }, "leads_outside"],
      [{ "scope.config.json": "globalThis.got = 1" }, "config_load_failed"],
      [{ "scope.config.json": '{ "dts": "src/a.js" }' }, ""],
    ] as const) {
      const root = await makeProject(files as Record<string, string>);
      const { code: exit, printed } = await within(root, ["pull"], VALUES);
      expect([exit, printed]).toEqual([1, expect.stringContaining(code)]);
      expect(await readFile(join(root, "src/a.js"), "utf8")).toBe(IMPORT["src/a.js"]);
    }
    const root = await makeProject({});
    await symlink("/dev/zero", join(root, ".env"));
    expect((await within(root, ["types"])).printed).toMatch(/regular file/);
    await rm(join(root, ".env"));
    await symlink("../beside", join(root, "scope"));
    expect((await within(root, ["pull"], VALUES)).printed).toContain("leads_outside");
    expect(globalThis).not.toHaveProperty("got");
  },

  async "scope.config.ts, the bundler's config, any source, the lock file"() {
    const { seen, url } = await listener();
    const root = await makeProject({
      "scope.config.ts": `export default { baseUrl: "${url}", authApiUrl: "${url}" };\n`,
    });
    await cli(["pull"], { cwd: root, env: VALUES });
    expect(seen.join("\n")).toContain(SECRET);
  },

  async "the process's environment"() {
    const { seen, url } = await listener();
    const env = { ...VALUES, SCOPE_API_URL: url };
    await within(await makeProject({}), ["pull"], env);
    expect(seen.join("\n")).toContain(SECRET);
  },

  async "an uncommitted .env.local"() {
    const { seen, url } = await listener();
    const root = await makeProject({ ".env.local": `SCOPE_API_URL=${url}\n` });
    await within(root, ["pull"], VALUES);
    expect(seen.join("\n")).toContain(SECRET);
  },

  async ".scope/ (generated modules)"() {
    const { root, env } = await makeServed({ "hi/1.md": "Hi" });
    const elsewhere = await temporaryFolder();
    await symlink(elsewhere, join(root, ".scope"));
    expect((await buildApp("esbuild", root, env, "src/a.js")).code).toBe(0);
    await within(root, ["pull"], env);
    expect(await readdir(elsewhere)).toEqual([]);
  },

  async "the shared cache (cacheStore)"() {
    const map = new Map<string, string>();
    const store = { cacheStore: map as unknown as CacheStore, cacheTtl: 100, maxRetries: 0 };
    const { platform, client } = await setup(store);
    platform.prompt = answers(200, version({ content: "stored", variables: [] }), { etag: '"1"' });
    await client.getPromptVersion("greeting");
    const [[key, text] = ["", ""]] = map;
    expect(text).not.toContain(CREDENTIALS.apiSecret);
    platform.prompt = answers(200, version({ content: "served", variables: [] }), { etag: '"2"' });
    platform.seen.length = 0;
    map.set(key, JSON.stringify({ ...JSON.parse(text), etag: '"forged"', confirmedAt: Date.now() + 1e9 }));
    expect((await makeClient(platform, store).getPromptVersion("greeting")).content).toBe("served");
    expect(JSON.stringify(platform.seen)).not.toContain("forged");
    map.set(key, '{ "version": { "content": "${globalThis.got = 1}" } }');
    expect((await makeClient(platform, store).getPromptVersion("greeting")).content).toBe("served");
  },

  async "the platform's responses (the platform itself, or an unencrypted network)"() {
    const { url, seen } = await listener();
    const { platform, client } = await setup({ maxRetries: 0, timeout: 1, deadline: 2 });
    const failure = () => client.getPromptVersion("greeting").catch((error) => error);
    platform.prompt = (response) => response.writeHead(302, { location: url }).end();
    expect(await failure()).toMatchObject({ code: "redirect_refused" });
    expect(seen).toEqual([]);
    for (const body of [CREDENTIALS.apiSecret, `{ "message": "${CREDENTIALS.apiSecret}" }`]) {
      platform.prompt = (response) => response.writeHead(400).end(body);
      const error = await failure();
      expect(`${error}${JSON.stringify(error)}${error.cause}`).not.toContain(CREDENTIALS.apiSecret);
    }
    const startedAt = performance.now();
    platform.prompt = (response) => response.writeHead(200).write("{");
    expect(await failure()).toMatchObject({ code: "request_timeout" });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    const plain = await makeProject({});
    const env = { ...VALUES, SCOPE_API_URL: "http://platform.example" };
    expect((await within(plain, ["pull"], env)).printed).toMatch(/https:\/\//);
  },

  async "a proxy in HTTPS_PROXY"() {
    const proxy = await listener();
    const { root, env } = await makeServed({ "hi/1.md": "Hi" });
    const run = (added: object) =>
      node([join(ROOT, "bin/scope-gen.js"), "pull"], {
        cwd: root,
        env: { ...env, HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, ...added },
      });
    expect((await run({})).code).toBe(0);
    expect(proxy.seen).toEqual([]);
    const address = "https://platform.invalid";
    await run({ SCOPE_API_URL: address, SCOPE_AUTH_API_URL: address });
    expect(new Set(proxy.seen)).toEqual(new Set(["platform.invalid:443"]));
  },

  async "a page in a browser"() {
    const { root, env, platform } = await makeServed({ "hi/1.md": "Hi" });
    const status = async (url: string, headers: Readonly<Record<string, string>>) => {
      const [response] = await once(request(url, { headers }).end(), "response");
      response.resume();
      return response.statusCode;
    };
    expect(await status(`${platform.url}/api/v1/prompts/hi/latest`, { host: "evil.example" })).toBe(403);
    const project = await openProject({ cwd: root, env });
    const inspector = await startInspector({ project }, 0);
    try {
      const overview = `${inspector.url}api/overview`;
      expect(await status(overview, {})).toBe(200);
      for (const [name, value] of [
        ["host", "evil.example"],
        ["origin", "https://evil.example"],
        ["forwarded", "for=203.0.113.7"],
        ["x-forwarded-for", "203.0.113.7"],
        ["via", "1.1 proxy"],
        ["x-real-ip", "203.0.113.7"],
        ["cf-connecting-ip", "203.0.113.7"],
      ] as const)
        expect([name, await status(overview, { [name]: value })]).toEqual([name, 403]);
    } finally {
      await inspector.close();
      await project.close();
    }
    // Both listen on this machine alone, though it has other addresses.
    for (const { url } of [platform, inspector]) expect(new URL(url).hostname).toBe("127.0.0.1");
    const other = connect(Number(new URL(platform.url).port), "127.0.0.2");
    await expect(once(other, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  },
};

const page = await readFile(join(ROOT, "SECURITY.md"), "utf8");
const rows = readTable(page, ["who can change", "gets", "does not get"]).map(([who = ""]) =>
  who.replaceAll("`", ""),
);

it.each(rows)(
  "whoever can change this gets no more than the page says: %s",
  async (who) => {
    expect(PROMISES, "each row has a test of its name").toHaveProperty([who]);
    await PROMISES[who]?.();
  },
  60_000,
);

it("each test has a row", () => {
  expect(rows).toEqual(Object.keys(PROMISES));
});
