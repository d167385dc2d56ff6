import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { makeApp, temporaryFolder, writeTree } from "../../support/app.ts";
import { servePrompts } from "../../support/dev-platform.ts";
import { cleanEnv, type Ran, ROOT, run, scopeGen, succeed } from "../../support/run.ts";
import { NODE_VERSIONS, nodeBinary } from "./node-versions.ts";

const APP =
  'import hi, { versionNumber } from "scope:hi";\nconsole.log(hi({ who: "you" }), versionNumber);\n';

const HOOKS = ["--import", "unplugin-scope/register"];

const platform = await servePrompts({ "hi/1.md": "Hi {{who}}, one.", "bye/1.md": "Bye." });
let root: string;
afterAll(() => platform.close());
beforeEach(async () => {
  await writeTree(platform.dir, { "hi/1.md": "Hi {{who}}, one." });
  root = await makeApp({ "package.json": '{ "type": "module" }', "app.js": APP });
  await mkdir(join(root, "node_modules"));
  for (const name of ["unplugin-scope", "tsx"]) {
    const target = name === "unplugin-scope" ? ROOT : join(ROOT, "node_modules", name);
    await symlink(target, join(root, "node_modules", name), "dir");
  }
});

async function pull(): Promise<void> {
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
}

/** Expects that a program ends well, with this output and nothing on stderr. */
async function prints(running: Promise<Ran>, stdout: string): Promise<void> {
  expect(await running).toEqual({ code: 0, stdout, stderr: "" });
}

/** Runs a program that a watcher starts again, with what it has printed so far. */
async function watching(
  binary: string,
  args: readonly string[],
  use: (shows: (text: string) => Promise<void>, printed: () => string) => Promise<void>,
): Promise<void> {
  const child = spawn(binary, args, { cwd: root, env: cleanEnv() });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  const shows = (text: string) => expect.poll(() => printed, { timeout: 30_000 }).toContain(text);
  try {
    await use(shows, () => printed);
  } finally {
    child.kill();
  }
}

describe.each(NODE_VERSIONS)("Node %s", (major) => {
  let binary: string;
  beforeAll(async () => {
    binary = await nodeBinary(major);
  }, 180_000);

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return run(binary, [...HOOKS, ...args], { cwd: root, env });
  }

  it("serves the committed snapshot without a request, whatever the credentials", async () => {
    await pull();
    await writeTree(platform.dir, { "hi/1.md": "Hi {{who}}, edited." });
    const before = platform.requests.length;
    await prints(start(["app.js"], platform.env), "Hi you, one. 1\n");
    expect(platform.requests.length).toBe(before);
  });

  it("serves require like import, with one module for both", async () => {
    await pull();
    await writeTree(root, {
      "both.cjs": [
        'const required = require("scope:hi");',
        'import("scope:hi").then((imported) => {',
        '  console.log(required.render({ who: "you" }), imported.render === required.render, __filename.slice(-8));',
        "});",
      ].join("\n"),
    });
    const running = start(["--disable-warning=ExperimentalWarning", "both.cjs"]);
    await prints(running, "Hi you, one. true both.cjs\n");
  });

  it("with auto, fetches once what the code imports, before the first module, also for several threads", async () => {
    await writeTree(root, {
      "scope.config.json": '{ "prompts": ["only-in-the-config"] }',
      "app.js": [
        'import { Worker, isMainThread } from "node:worker_threads";',
        'import hi from "scope:hi";',
        'console.log(isMainThread, hi({ who: "you" }));',
        "if (isMainThread) {",
        "  const worker = new Worker(new URL(import.meta.url));",
        "  worker.on('exit', async () => console.log((await import('scope:bye')).render()));",
        "}",
      ].join("\n"),
    });
    const before = platform.requests.length;
    const { stdout } = await succeed(start(["app.js"], { ...platform.env, SCOPE_FETCH: "auto" }));
    expect(stdout).toBe("true Hi you, one.\nfalse Hi you, one.\nBye.\n");
    const asked = platform.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(asked.filter((request) => request.startsWith("GET")).sort()).toEqual([
      "GET /api/v1/prompts/bye/production",
      "GET /api/v1/prompts/hi/production",
    ]);
    expect(asked.filter((request) => request.startsWith("POST"))).toHaveLength(1);
    expect(existsSync(join(root, "scope"))).toBe(false);
  });

  it("logs in with the credentials or tokens of a function in the config", async () => {
    const { SCOPE_ORG_ID: orgId, SCOPE_API_KEY: apiKey, SCOPE_API_SECRET: apiSecret, ...urls } = platform.env;
    const values = JSON.stringify({ orgId, apiKey, apiSecret });
    const login = JSON.stringify({ account_id: orgId, client_id: apiKey, client_secret: apiSecret });
    const token = `fetch(process.env.SCOPE_AUTH_API_URL + "/v1/auth/applications/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: ${JSON.stringify(login)},
    }).then((response) => response.json()).then(({ access_token }) => access_token)`;
    for (const credentials of [`async () => (${values})`, `{ getToken: () => ${token} }`]) {
      await writeTree(root, {
        "scope.config.mjs": `export default { fetch: "always", credentials: ${credentials} };`,
      });
      await prints(start(["app.js"], urls), "Hi you, one. 1\n");
    }
  });

  it("reads fetch from the config; if the platform is down it serves the snapshot and calls it stale on stderr", async () => {
    await pull();
    await writeTree(root, {
      "scope.config.json": JSON.stringify({ fetch: "auto", retryBaseDelay: 0.01, maxRetries: 1 }),
    });
    const ran = await start(["app.js"], { ...platform.env, SCOPE_API_URL: "http://127.0.0.1:1" });
    expect(ran).toMatchObject({ code: 0, stdout: "Hi you, one. 1\n" });
    expect(ran.stderr).toMatch(/can't be reached[\s\S]*hi@production {2}version 1/);
  });

  // biome-ignore format: one row a line
  it.each([
    ["a prompt that isn't committed", {}, "", /snapshot_missing .*\n\n {2}prompt "hi@production", imported in app\.js:1:35\n/],
    ["an invalid config", {}, '{ "labl": "latest" }', /config_invalid [\s\S]*"label"/],
    ["credentials that are missing", { SCOPE_FETCH: "always" }, "", /build_credentials_needed/],
    ["a wrong policy", { SCOPE_FETCH: "sometimes" }, "", /SCOPE_FETCH must be/],
  ])("%s: exit 1, one readable error, no stack of ours", async (_, env, config, words) => {
    if (config !== "") await writeTree(root, { "scope.config.json": config });
    const ran = await start(["app.js"], env as Record<string, string>);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(words);
    expect(ran.stderr).not.toMatch(/^\s+at |unplugin-scope\/(?:dist|src)|dist\/register/m);
  });

  it("a failed import can be caught, and has its code", async () => {
    await writeTree(root, {
      "app.js": 'import("scope:hi?label=prod").catch((error) => console.log(error.code));\n',
    });
    await prints(start(["app.js"]), "label_invalid\n");
  });

  it("in a deployed folder without the snapshot, says where that has to be", async () => {
    await pull();
    await writeTree(root, { "build/package-lock.json": "{}", "build/app.js": APP });
    const { code, stderr } = await run(binary, [...HOOKS, "app.js"], { cwd: join(root, "build") });
    expect(code).toBe(1);
    expect(stderr).toContain(
      `Nothing is committed in ${join(root, "build", "scope")}. If this is a deployed folder, copy`,
    );
    await cp(join(root, "scope"), join(root, "build/scope"), { recursive: true });
    expect((await run(binary, [...HOOKS, "app.js"], { cwd: join(root, "build") })).stdout).toBe(
      "Hi you, one. 1\n",
    );
  });

  it("a thread that can't load its code ends with an error at once: bundled, it has no code next to it", async () => {
    await esbuild.build({
      entryPoints: [join(ROOT, "dist", "register.js")],
      outfile: join(root, "bundled.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    const began = Date.now();
    const ran = await run(binary, ["--import", "./bundled.mjs", "app.js"], { cwd: root });
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("register-worker.js");
    expect(ran.stderr).toContain("register_ended");
  });

  it("a config that ends its process is an error instead of an endless wait", async () => {
    await writeTree(root, { "scope.config.mjs": "process.exit(3);" });
    const ran = await start(["app.js"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("register_ended");
  });

  it("in development warns about an unknown variable, and freezes metadata; in production does neither", async () => {
    await pull();
    await writeTree(root, {
      "app.js":
        'import hi, { metadata } from "scope:hi";\nconsole.log(hi({ who: "you", extra: 1 }), Object.isFrozen(metadata));\n',
    });
    const development = await start(["app.js"], { NODE_ENV: "development" });
    expect(development).toMatchObject({ code: 0, stdout: "Hi you, one. true\n" });
    expect(development.stderr).toContain("extra");
    await prints(start(["app.js"], { NODE_ENV: "production" }), "Hi you, one. false\n");
  });

  it("in a test run writes only the record of runs to the project, and leaves no temporary folder", async () => {
    await pull();
    const generated = await readdir(join(root, ".scope"));
    const temporary = await temporaryFolder();
    const ran = await start(["app.js"], { ...platform.env, NODE_ENV: "test", TMPDIR: temporary });
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: "Hi you, one. 1\n" });
    const written = (await readdir(join(root, ".scope"))).filter((name) => !generated.includes(name));
    expect(written.filter((name) => name !== "runs")).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  });

  it("leaves arguments, standard output and the exit code to the application", async () => {
    await pull();
    await writeTree(root, { "app.js": `${APP}console.log(process.argv[2]);\nprocess.exitCode = 7;\n` });
    expect(await start(["app.js", "--flag"])).toMatchObject({
      code: 7,
      stdout: "Hi you, one. 1\n--flag\n",
      stderr: "",
    });
  });

  it("works with tsx, for modules and for CommonJS", async () => {
    await writeTree(root, {
      "module/package.json": '{ "type": "module" }',
      "module/app.ts": `${APP}const typed: string = "typed";\nconsole.log(typed);\n`,
      "common/package.json": '{ "type": "commonjs" }',
      "common/app.ts": `${APP}enum Kind { One = 1 }\nconsole.log(Kind.One, typeof require);\n`,
    });
    await pull();
    const withTsx = ["--disable-warning=ExperimentalWarning", "--import", "tsx"];
    const esm = await succeed(start([...withTsx, "module/app.ts"]));
    const cjs = await succeed(start([...withTsx, "common/app.ts"]));
    expect([esm.stdout, cjs.stdout]).toEqual(["Hi you, one. 1\ntyped\n", "Hi you, one. 1\n1 function\n"]);
  });

  it.each([
    ["node --watch", ["--watch", ...HOOKS]],
    ["node --watch with tsx", ["--watch", "--import", "tsx", ...HOOKS]],
    ["tsx watch --include", ["node_modules/tsx/dist/cli.mjs", "watch", "--include", "scope/**", ...HOOKS]],
  ])("with %s a pull restarts the application", async (_, args) => {
    await pull();
    await watching(binary, [...args, "app.js"], async (shows) => {
      await shows("Hi you, one. 1");
      await writeTree(platform.dir, { "hi/1.md": "Hi {{who}}, edited." });
      await pull();
      await shows("Hi you, edited. 1");
    });
  });

  // Issue 52: AdonisJS's hot-hook failed at the helper of a module that it had never seen.
  it.each(["asynchronous", "synchronous"])("passes a prompt's file on to other hooks: %s", async (kind) => {
    if (kind === "synchronous" && major === "20") return;
    await writeTree(root, {
      "hook.js":
        'import { mark } from "./mark.js";\nexport const resolve = async (...asked) => mark(await asked[2](asked[0], asked[1]));\n',
      "mark.js":
        "export const mark = (one) => (one.url.includes('/.scope/') ? { ...one, url: `${one.url}?seen` } : one);\n",
      "other.js":
        kind === "asynchronous"
          ? 'import { register } from "node:module";\nregister("./hook.js", import.meta.url);\n'
          : 'import { registerHooks } from "node:module";\nimport { mark } from "./mark.js";\nregisterHooks({ resolve: (...asked) => mark(asked[2](asked[0], asked[1])) });\n',
      "app.js": `${APP}console.log(import.meta.resolve("scope:hi").endsWith(".js?seen"));\n`,
    });
    await pull();
    const ran = await succeed(run(binary, ["--import", "./other.js", ...HOOKS, "app.js"], { cwd: root }));
    expect(ran.stdout).toBe("Hi you, one. 1\ntrue\n");
  });

  // Issue 52: it restarted the application for ever.
  it("under a watcher of the whole project starts once", async () => {
    await pull();
    await start(["app.js"], { NODE_ENV: "development" });
    await watching(binary, ["--watch-path=.", ...HOOKS, "app.js"], async (shows, printed) => {
      await shows("Hi you, one. 1");
      await sleep(3000);
      expect(printed().match(/Hi you/g)).toHaveLength(1);
    });
  });

  it("works through NODE_OPTIONS", async () => {
    await pull();
    const env = { NODE_OPTIONS: HOOKS.join(" ") };
    await prints(run(binary, ["app.js"], { cwd: root, env }), "Hi you, one. 1\n");
  });
});

it("Node 22 strips types itself", async () => {
  await writeTree(root, { "app.ts": `${APP}const typed: string = "typed";\nconsole.log(typed);\n` });
  await pull();
  const args = ["--disable-warning=ExperimentalWarning", ...HOOKS, "app.ts"];
  await prints(run(await nodeBinary("22"), args, { cwd: root }), "Hi you, one. 1\ntyped\n");
}, 180_000);

it("every entry for Node says which Node it needs, in one that is too old", async () => {
  const binary = await nodeBinary("18");
  const forPages = ["./runtime", "./messages", "./opentelemetry", "./package.json"];
  for (const entry of Object.keys(manifest.exports).filter((one) => !forPages.includes(one))) {
    const name = `unplugin-scope${entry.slice(1)}`;
    const { code, stderr } = await run(binary, ["--input-type=module", "-e", `import "${name}"`], {
      cwd: root,
    });
    expect([name, code, stderr]).toEqual([name, 1, expect.stringContaining("needs Node 20.19 or newer")]);
  }
}, 180_000);

it("in development .env files reach what a live prompt reads, and in production they don't", async () => {
  await pull();
  await writeTree(root, {
    ".env.local": "SCOPE_API_URL=http://127.0.0.1:1\nOTHER=1\n",
    "app.js": 'import "scope:hi";\nconsole.log(process.env.SCOPE_API_URL, process.env.OTHER);\n',
  });
  const printed = async (NODE_ENV: string) =>
    (await run(process.execPath, [...HOOKS, "app.js"], { cwd: root, env: { NODE_ENV } })).stdout;
  expect(await printed("development")).toBe("http://127.0.0.1:1 undefined\n");
  expect(await printed("production")).toBe("undefined undefined\n");
});

// Issue 51: Node prints the generated line in which an error is thrown.
it.each(["development", "production"])(
  "an uncaught error in a module of %s prints no control of a prompt",
  async (NODE_ENV) => {
    const controls = "\u0007\u001b[31m\u009b\u202e\u2066\u200f";
    await writeTree(platform.dir, { "hi/1.md": `Hi {{who}}${controls} there` });
    await pull();
    await writeTree(root, { "app.js": 'import hi from "scope:hi";\nhi({ who: Symbol("no text") });\n' });
    const { code, stderr } = await run(process.execPath, [...HOOKS, "app.js"], {
      cwd: root,
      env: { NODE_ENV },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/`Hi .*\\u0007\\u001b\[31m\\u009b\\u202e\\u2066\\u200f there/);
    for (const one of controls.replace("[31m", "")) expect(stderr).not.toContain(one);
  },
);
