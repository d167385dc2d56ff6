import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CompilerRun, createInstance } from "../../../src/bundlers/instance/instance.ts";
import { type Platform, startPlatform } from "../../../src/platform/index.ts";
import { buildApp, makeApp, outputFile, temporaryFolder, writeTree } from "../../support/app.ts";
import { servePrompts } from "../../support/dev-platform.ts";
import { node, scopeGen } from "../../support/run.ts";

const PROMPTS = {
  "hi/1.md": "Hi {{who}}.",
  "mail/1.md": "Dear {{who}}, {{> sign}}",
  "sign/1.md": "yours",
};
const TEXTS = "Hi you.\nDear you, yours\n";
const HO = "Ho you.\nDear you, yours\n";

const platform = await servePrompts({});
const prompts = platform.dir;
let root: string;
afterAll(() => platform.close());
beforeEach(async () => {
  await rm(prompts, { recursive: true });
  await writeTree(prompts, PROMPTS);
  root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.ts": 'export default { prompts: { mail: { syntax: "mustache" } } };\n',
    "main.ts": `import hi from "scope:hi";
import mail from "scope:mail";
console.log(hi({ who: "you" }));
console.log(mail({ who: "you" }));
`,
  });
  const { code, stderr } = await scopeGen(["pull"], { cwd: root, env: platform.env });
  expect(code, stderr).toBe(0);
});

/** A build that asks the platform, and what its output prints. */
async function build(env: Readonly<Record<string, string>> = platform.env) {
  const before = platform.requests.length;
  const { code, stdout, stderr } = await buildApp(
    "esbuild",
    root,
    { ...env, NODE_DEBUG: "unplugin-scope" },
    "main.ts",
  );
  const said = `${stdout}${stderr}`.split("\n").filter((line) => !line.startsWith("UNPLUGIN-SCOPE "));
  return {
    code,
    said: said.join("\n").trim(),
    texts: code === 0 ? (await node([outputFile("esbuild", root)], { cwd: root })).stdout : "",
    /** Only a build that reads everything says which config it uses. */
    isFromRecord: !stderr.includes(": fetch "),
    requests: platform.requests
      .slice(before)
      .map(({ path }) => path.split("/").slice(-2).join("/"))
      .sort(),
  };
}

const ASKED = ["applications/login", "hi/production", "mail/production", "sign/production"];

describe("a build that asks the platform", () => {
  it("only asks whether anything is new, if nothing has changed since the last one", async () => {
    const first = await build();
    expect(first).toEqual({ code: 0, said: "", texts: TEXTS, isFromRecord: false, requests: ASKED });
    const manifest = await readFile(join(root, ".scope", "manifest.json"), "utf8");
    expect(manifest).toContain('"source": "platform"');
    expect(await build()).toEqual({ ...first, isFromRecord: true });
    expect(await readFile(join(root, ".scope", "manifest.json"), "utf8")).toBe(manifest);
  });

  // biome-ignore format: one row a line
  it.each([
    ["the text of a prompt", { "hi/2.md": "Ho {{who}}." }, HO, "hi@production: version 1 → 2"],
    ["what a prompt includes", { "sign/2.md": "bye" }, "Hi you.\nDear you, bye\n", "sign@production: version 1 → 2"],
  ])("ships a change of %s, and asks once for each prompt", async (_, edit, texts, said) => {
    await build();
    await writeTree(prompts, edit);
    for (const _again of [1, 2]) {
      const built = await build();
      expect(built).toMatchObject({ code: 0, texts, isFromRecord: false, requests: ASKED });
      expect(built.said).toContain(said);
    }
    await rm(join(prompts, Object.keys(edit)[0] as string));
    expect(await build()).toMatchObject({ texts: TEXTS, isFromRecord: true, said: "" });
  });

  it("ships what's committed in an outage, and says so", async () => {
    await using other = await startPlatform({ dir: prompts });
    await build(other.env);
    expect(await build(other.env)).toMatchObject({ texts: TEXTS, isFromRecord: true });
    await other.close();
    const down = await build(other.env);
    expect(down).toMatchObject({ code: 0, texts: TEXTS });
    expect(down.said).toContain("can't be reached");
  });

  it("notices another snapshot, another address and a config that says how to reach the platform", async () => {
    await build();
    await writeTree(prompts, { "hi/2.md": "Ho {{who}}." });
    expect((await scopeGen(["pull"], { cwd: root, env: platform.env })).code).toBe(0);
    for (const isFromRecord of [false, true])
      expect(await build()).toMatchObject({ texts: HO, said: "", isFromRecord });

    const elsewhere = await temporaryFolder();
    await writeTree(elsewhere, { ...PROMPTS, "hi/2.md": "Hey {{who}}." });
    await using other = await startPlatform({ dir: elsewhere });
    const texts = "Hey you.\nDear you, yours\n";
    expect(await build(other.env)).toMatchObject({ texts, isFromRecord: false });

    await writeTree(root, {
      "scope.config.ts": `export default { environment: "staging", prompts: { mail: { syntax: "mustache" } } };\n`,
    });
    for (const _again of [1, 2])
      expect(await build()).toMatchObject({ code: 0, texts: HO, isFromRecord: false });
  });

  it("runs a config that is code, which can set the variables that reach the platform", async () => {
    await writeTree(root, {
      "scope.config.ts": `process.env.SCOPE_API_SECRET = process.env.KEPT_ELSEWHERE;
export default { prompts: { mail: { syntax: "mustache" } } };
`,
    });
    const { SCOPE_API_SECRET: secret = "" } = platform.env;
    const env = { ...platform.env, SCOPE_API_SECRET: "of-before", KEPT_ELSEWHERE: secret };
    const first = await build(env);
    expect(first).toEqual({ code: 0, said: "", texts: TEXTS, isFromRecord: false, requests: ASKED });
    expect(await build(env)).toEqual({ ...first, isFromRecord: true });
  });

  it("asks for all imports of a file at once, in the first build and in later ones", async () => {
    await using slow = await startPlatform({ dir: prompts, latency: 500 });
    for (const isFromRecord of [false, true]) {
      const before = slow.requests.length;
      const building = build(slow.env);
      await vi.waitFor(
        () => {
          const waiting = slow.requests.slice(before).filter(({ status }) => status === 0);
          const names = waiting.map(({ path }) => path.split("/").at(-2)).sort();
          expect(names).toEqual(expect.arrayContaining(["hi", "mail"]));
        },
        { timeout: 20_000, interval: 20 },
      );
      expect(await building).toMatchObject({ code: 0, texts: TEXTS, isFromRecord });
    }
  });

  it("asks for nothing that only a comment or a text names", async () => {
    const text = `// import "scope:gone";\nexport const no = 'from "scope:no"', other = ["scope:other"];\n`;
    await writeTree(root, { "main.ts": text + (await readFile(join(root, "main.ts"), "utf8")) });
    for (const isFromRecord of [false, true])
      expect(await build()).toMatchObject({ code: 0, said: "", isFromRecord, requests: ASKED });
  });

  it("depends on no prompt that it only expected", async () => {
    await using other = await startPlatform({ dir: prompts });
    await writeTree(prompts, { "typed/1.md": "Typed {{who}}." });
    const types = ["typed", "gone"]
      .map((name) => `import type * as ${name} from "scope:${name}";\n`)
      .join("");
    await writeTree(root, { "main.ts": types + (await readFile(join(root, "main.ts"), "utf8")) });
    await scopeGen(["pull", "typed"], { cwd: root, env: other.env });
    await writeTree(root, { "scope/typed@production.json": "{" });
    const up = await build(other.env);
    expect(up).toMatchObject({ code: 0, said: "", texts: TEXTS });
    await other.close();
    const down = await build(other.env);
    expect(down).toMatchObject({ code: 0, texts: TEXTS });
    expect(down.said).toContain("can't be reached");
    expect(down.said).not.toMatch(/typed|gone/);
  });

  it("doesn't ask for what a prompt no longer includes", async () => {
    await build();
    await writeTree(prompts, { "mail/2.md": "Dear {{who}}" });
    expect((await scopeGen(["pull", "--prune"], { cwd: root, env: platform.env })).code).toBe(0);
    expect((await build()).requests).toEqual(ASKED.slice(0, 3));
  });
});

describe("a build that ends while the platform is asked", () => {
  let slow: Platform;
  beforeEach(async () => {
    slow = await startPlatform({ dir: prompts, latency: 100 });
    // A build, and no test run.
    for (const [name, value] of Object.entries({ ...slow.env, VITEST: "", NODE_ENV: "production" }))
      vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await slow.close();
  });

  const start = async () => {
    const reporter = { info: () => {}, warn: () => {} };
    const run = new CompilerRun(createInstance(), {
      ...{ tool: "rollup", name: "one", cwd: root, mode: "production", reporter },
      ...{ development: false, browser: false },
    });
    await run.start();
    return run;
  };
  const built = async () => {
    const run = await start();
    const text = await readFile(await run.module("scope:hi"), "utf8");
    await run.end();
    return text;
  };

  it("has logged in before the bundler meets the first prompt, and once", async () => {
    await built();
    const run = await start();
    await vi.waitFor(() => expect(slow.requests.filter(({ method }) => method === "POST")).toHaveLength(2));
    await run.module("scope:hi");
    await run.end();
    expect(slow.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  it("doesn't log in again if that was refused", async () => {
    await built();
    vi.stubEnv("SCOPE_API_SECRET", "wrong");
    const before = slow.requests.length;
    const run = await start();
    await vi.waitFor(() => expect(slow.requests.slice(before).map(({ status }) => status)).toEqual([401]));
    await new Promise((done) => setTimeout(done, 50));
    await expect(run.module("scope:hi")).rejects.toThrow("credentials_invalid");
    await run.end(true);
    expect(slow.requests.slice(before)).toHaveLength(1);
  });

  it("leaves nothing to the next build, which asks again", async () => {
    await built();
    const failing = await start();
    const module = failing.module("scope:hi");
    await Promise.all([expect(module).rejects.toThrow("The build has ended"), failing.end(true)]);
    for (const version of [2, 3]) {
      await writeTree(prompts, { [`hi/${version}.md`]: `Version ${version} for {{who}}.` });
      expect(await built()).toContain(`Version ${version} for`);
    }
  });

  it("lists every prompt that can't be built, as a build without a record does", async () => {
    const both = await start();
    await Promise.all(["scope:hi", "scope:mail"].map((one) => both.module(one)));
    await both.end();
    await writeTree(prompts, { "hi/2.md": "Hi {{whom}}.", "mail/2.md": "Dear {{whom}}" });
    const run = await start();
    const outcomes = await Promise.allSettled(
      ["scope:hi", "scope:mail"].map((one) => run.module(one, undefined, true)),
    );
    await run.end(true);
    for (const outcome of outcomes)
      expect(String((outcome as PromiseRejectedResult).reason)).toContain("2 prompts can't be built");
  });
});
