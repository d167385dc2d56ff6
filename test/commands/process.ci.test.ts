import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeApp, writeTree } from "../support/app.ts";
import { listenInTest } from "../support/listen.ts";
import { cleanEnv, node, ROOT, run, scopeGen } from "../support/run.ts";
import { testProject } from "./cli-helpers.ts";

const BIN = join(ROOT, "bin", "scope-gen.js");
const many = Array.from({ length: 30 }, (_, index) => `p${index}`);

describe("the packaged command", () => {
  it("pulls with nothing on standard error, and exits by itself", async () => {
    const { root, env } = await testProject(
      { "scope.config.ts": `export default { prompts: ${JSON.stringify(many)} };` },
      Object.fromEntries(many.map((name) => [`${name}/1.md`, name])),
    );
    const { code, stdout, stderr } = await scopeGen([], { cwd: root, env });
    expect(code).toBe(0);
    expect(stdout).toContain("30 prompts: 30 changed, 0 unchanged.");
    expect(stderr).toBe("");
  });

  it("reads credentials from the mode's .env files, and prints no secret with --debug", async () => {
    const { root, env } = await testProject(
      { "scope.config.json": `{ "prompts": ["p"] }` },
      { "p/1.md": "P" },
    );
    const lines = Object.entries({ ...env, SCOPE_API_SECRET: "s3cret-value", SCOPE_CLIENT_SECRET: "" });
    await writeTree(root, { ".env.staging": lines.map(([name, value]) => `${name}=${value}`).join("\n") });
    expect((await scopeGen(["pull"], { cwd: root })).stderr).toContain("build_credentials_needed");
    const wrong = await scopeGen(["pull", "--mode", "staging", "--json", "--debug"], { cwd: root });
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout).error.code).toBe("credentials_invalid");
    expect(wrong.stdout + wrong.stderr).not.toContain("s3cret");
  });

  it("errors carry no stack", async () => {
    const cwd = await makeApp({});
    const { code, stdout, stderr } = await scopeGen(["pull"], { cwd });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("build_credentials_needed");
    expect(stderr).not.toMatch(/^\s+at |node:internal|file:\/\//m);
  });

  it.each([
    ["waits forever", "await new Promise(() => {});"],
    ["ends the process", "process.exit(0);"],
  ])("a config that %s is an error instead of a success", async (_, code) => {
    const cwd = await makeApp({ "scope.config.mjs": `${code}\nexport default {};` });
    for (const argv of [["check"], ["pull"], ["list", "--json"]]) {
      const ran = await scopeGen(argv, { cwd });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("cli_ended_early  The command ended before it finished.");
      if (argv.includes("--json")) expect(JSON.parse(ran.stdout).error.code).toBe("cli_ended_early");
      else expect(ran.stdout).toBe("");
    }
  });

  it("what a config prints goes to standard error: --json is one document", async () => {
    const code =
      'console.log("loading"); setTimeout(() => process.stdout.write("later\\n")); export default {};';
    const cwd = await makeApp({ "scope.config.mjs": code });
    const { stdout, stderr } = await scopeGen(["list", "--json"], { cwd });
    expect(JSON.parse(stdout)).toEqual({ prompts: [], unused: [], computed: [] });
    expect(stderr).toMatch(/^loading$/m);
  });

  it("--version loads nothing but package.json", async () => {
    const cwd = await makeApp({});
    const { stdout } = await node([BIN, "--version"], { cwd, env: { NODE_V8_COVERAGE: cwd } });
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    expect(stdout).toBe(`${version}\n`);
    const report = (await readdir(cwd)).find((name) => name.startsWith("coverage-")) as string;
    const { result } = JSON.parse(await readFile(join(cwd, report), "utf8"));
    const loaded = result
      .map(({ url }: { url: string }) => url)
      .filter((url: string) => url.startsWith("file:"));
    expect(loaded).toHaveLength(1);
  });

  it("says in one line which Node it needs", async () => {
    const cwd = await makeApp({
      "old.mjs": `Object.defineProperty(process.versions, "node", { value: "18.20.0" });`,
    });
    const { code, stderr } = await node(["--import", join(cwd, "old.mjs"), BIN, "pull"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toBe(
      "scope-gen needs Node 20.19 or newer, or 22.12 or newer, and this is Node 18.20.0.\n",
    );
  });

  it("a reader that closes the pipe early isn't an error", async () => {
    const cwd = await makeApp({ "scope.config.json": JSON.stringify({ prompts: many }) });
    const { code, stderr } = await run(
      "sh",
      ["-c", `"${process.execPath}" "${BIN}" list --json | head -c 1`],
      {
        cwd,
      },
    );
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe("signals", () => {
  it("serve ends at SIGINT with exit 0", async () => {
    const cwd = await makeApp({ "prompts/a/1.md": "A" });
    const child = spawn(process.execPath, [BIN, "serve", "--port", "0"], { cwd, env: cleanEnv() });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it.each([
    ["SIGTERM", "waits forever", "setInterval(() => {}, 1000); await new Promise(() => {});"],
    ["SIGTERM", "never comes to an end", "for (;;);"],
    ["SIGINT", "never comes to an end", "for (;;);"],
  ] as const)("%s ends a command whose config %s", async (signal, _, code) => {
    const cwd = await makeApp({
      "scope.config.mjs": `import { writeSync } from "node:fs"; writeSync(2, "waits\\n"); ${code}`,
    });
    const child = spawn(process.execPath, [BIN, "list"], { cwd, env: cleanEnv() });
    onTestFinished(() => void child.kill("SIGKILL"));
    const closed = once(child, "close");
    await once(child.stderr, "data");
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
    expect(await closed).toEqual([null, signal]);
    clearTimeout(late);
  });

  it.each([
    ["pull", ["pull"]],
    ["check", ["check"]],
    ["emit", ["emit", "--out-dir", "out"]],
    ["list", ["list"]],
    ["render", ["render", "a"]],
    ["doctor", ["doctor"]],
  ] as const)("SIGTERM ends %s while it computes, whatever it's doing", async (_, argv) => {
    const { env } = await hangingPlatform();
    const cwd = await makeApp({
      "scope.config.json": JSON.stringify({ prompts: ["a"] }),
      // What blocks comes once the command is under way.
      "block.mjs": `import { writeSync } from "node:fs";
        setTimeout(() => { writeSync(2, "blocks\\n"); for (;;); }, 40);`,
    });
    const child = spawn(process.execPath, ["--import", join(cwd, "block.mjs"), BIN, ...argv], {
      cwd,
      env: cleanEnv(env),
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const closed = once(child, "close");
    let stderr = "";
    await new Promise<void>((done) => {
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
        if (stderr.includes("blocks")) done();
      });
    });
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
    expect(await closed).toEqual([null, "SIGTERM"]);
    clearTimeout(late);
  });

  it.each([
    ["pull", "SIGINT", ["pull"]],
    ["pull", "SIGTERM", ["pull"]],
    ["render", "SIGINT", ["render", "a", "--fetch", "always"]],
    ["render", "SIGTERM", ["render", "a"]],
    ["emit", "SIGINT", ["emit", "--out-dir", "out"]],
    ["emit", "SIGTERM", ["emit", "--out-dir", "out", "--fetch", "always"]],
  ] as const)(
    "%s ends at %s if the platform logs in and then never answers, and nothing is written",
    async (_, signal, argv) => {
      const { env, asked } = await hangingPlatform();
      const cwd = await makeApp({ "scope.config.json": JSON.stringify({ prompts: ["a", "b"] }) });
      const child = spawn(process.execPath, [BIN, ...argv], { cwd, env: cleanEnv(env) });
      onTestFinished(() => void child.kill("SIGKILL"));
      const closed = once(child, "close");
      await asked;
      child.kill(signal);
      // Far under what the requests themselves may take, and far over what a busy machine needs.
      const late = setTimeout(() => child.kill("SIGKILL"), 8000);
      expect(await closed).toEqual([null, signal]);
      clearTimeout(late);
      expect((await readdir(cwd)).sort()).toEqual(["package-lock.json", "scope.config.json"]);
    },
  );
});

describe("a pull that is interrupted while it replaces files", () => {
  /** Makes every renaming slow, so that a signal comes between two of them. */
  const SLOW = `
    import fs from "node:fs/promises";
    import { syncBuiltinESMExports } from "node:module";
    const { rename } = fs;
    fs.rename = async (...paths) => { await new Promise((done) => setTimeout(done, 40)); return rename(...paths); };
    syncBuiltinESMExports();`;

  it.each([
    ["once", 1],
    ["twice", 2],
    ["three times", 3],
  ] as const)("by %s Ctrl-C: all of them are replaced, and nothing is left behind", async (_, times) => {
    const { root, env } = await testProject(
      { "scope.config.json": JSON.stringify({ prompts: many }), "src/a.ts": "", "slow.mjs": SLOW },
      Object.fromEntries(many.map((name) => [`${name}/1.md`, name])),
    );
    const child = spawn(process.execPath, ["--import", join(root, "slow.mjs"), BIN, "pull"], {
      cwd: root,
      env: cleanEnv(env),
      stdio: "ignore",
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const closed = once(child, "close");
    const written = async () =>
      (await readdir(root, { recursive: true })).filter((name) => name.endsWith("@production.json"));
    const replaced = async () => (await written()).filter((name) => !name.includes(".pull-")).length;
    while ((await replaced()) === 0) await sleep(5);
    for (let at = 0; at < times; at += 1) {
      child.kill("SIGINT");
      await sleep(60);
    }
    expect(await replaced()).toBeLessThan(many.length);
    expect(await closed).toEqual([null, "SIGINT"]);
    expect((await readdir(join(root, "scope"))).sort()).toEqual(
      many.map((name) => `${name}@production.json`).sort(),
    );
    expect((await readdir(join(root, "src"))).sort()).toEqual(["a.ts", "scope-types"]);
  });
});

/** A platform that gives a token, and then takes requests and says nothing. `asked`: the first of them is in. */
async function hangingPlatform() {
  let isAsked = () => {};
  const asked = new Promise<void>((done) => {
    isAsked = done;
  });
  const server = createServer((request, response) => {
    if (request.method === "POST") response.end(JSON.stringify({ access_token: "t", expires_in: 300 }));
    else isAsked();
  });
  const url = await listenInTest(server);
  const credentials = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s" };
  return { env: { ...credentials, SCOPE_API_URL: url, SCOPE_AUTH_API_URL: url }, asked };
}
