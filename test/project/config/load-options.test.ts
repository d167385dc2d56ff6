import { execFileSync } from "node:child_process";
import { mkdir, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ConfigurationError, MissingApiKeyError } from "../../../src/errors/classes.ts";
import { ScopeError } from "../../../src/errors/scope-error.ts";
import { ScopeErrors } from "../../../src/errors/scope-errors.ts";
import { type LoadOptionsInput, loadOptions } from "../../../src/project/config/load-options.ts";
import { writeSnapshot } from "../../../src/project/snapshot/store.ts";
import { writeTree } from "../../support/app.ts";
import { snapshotEntry } from "../snapshot/entry.ts";
import { projectFolder } from "./project-folder.ts";

const LOCK = { "package-lock.json": "{}" };

function load(cwd: string, input: Partial<LoadOptionsInput> = {}) {
  return loadOptions({ cwd, env: {}, ...input });
}

/** The error for a project of these files. */
async function refused(files: Readonly<Record<string, string>>, input: Partial<LoadOptionsInput> = {}) {
  const cwd = await projectFolder({ ...LOCK, ...files });
  return { cwd, error: await failure(load(cwd, input)) };
}

async function failure(promise: Promise<unknown>): Promise<ScopeError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ScopeError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("without a config", () => {
  // Issue 52: Eleventy's plugin runs Vite in a folder of its own.
  it("the nearest folder upwards with a snapshot that can be read, or types of ours, is the project's", async () => {
    const cwd = await projectFolder({
      ...LOCK,
      "in/scope/notes.json": "{}",
      "in/a/.keep": "",
      ".env": "SCOPE_FETCH=never",
    });
    const inner = join(cwd, "in/a");
    expect(await load(inner)).toMatchObject({ root: inner });
    await writeSnapshot(
      join(cwd, "scope"),
      snapshotEntry({ name: "hi", pin: { kind: "label", label: "production" } }, { content: "Hi" }),
    );
    expect(await load(inner)).toMatchObject({ root: cwd, fetch: "never", snapshotDir: join(cwd, "scope") });
    await writeTree(cwd, { "in/src/scope-types/@shared.d.ts": "", "in/src/.keep": "" });
    // A process of Mastra starts below src.
    for (const folder of [inner, join(cwd, "in/src")])
      expect(await load(folder)).toMatchObject({
        root: join(cwd, "in"),
        dts: join(cwd, "in/src/scope-types"),
      });
  });

  it("every option has its default, and the folder is the root", async () => {
    const cwd = await projectFolder(LOCK);
    expect(await load(cwd)).toMatchObject({
      root: cwd,
      configFile: undefined,
      mode: "development",
      label: "production",
      include: ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"],
      syntax: "scope",
      snapshotDir: join(cwd, "scope"),
      dts: join(cwd, "scope-types"),
      fetch: "auto",
      fetchInDev: "auto",
      onContractChange: undefined,
      concurrency: 16,
      clientBundle: "warn",
      target: undefined,
      dev: { intervalMs: 5000, maxRequestsPerSecond: 10 },
      live: { intervalMs: 60_000, maxRequestsPerSecond: 10 },
      isTestRun: false,
    });
  });

  it("the types are in src/ if it exists", async () => {
    const cwd = await projectFolder({ ...LOCK, "src/a.ts": "" });
    expect((await load(cwd)).dts).toBe(join(cwd, "src/scope-types"));
    await writeTree(cwd, { "scope.config.json": '{ "dts": false }' });
    expect((await load(cwd)).dts).toBe(false);
  });
});

describe("finding the config", () => {
  const body = `{ label: "latest" }`;
  it.each([
    ["scope.config.ts", `const x: string = "latest"; export default { label: x };`],
    ["scope.config.mts", `export default ${body} as const;`],
    ["scope.config.js", `module.exports = ${body};`],
    ["scope.config.js", `export default ${body};`],
    ["scope.config.mjs", `export default await Promise.resolve(${body});`],
    ["scope.config.json", `{ "label": "latest" }`],
    ["scope.config.cjs", `module.exports = ${body};`],
    ["package.json", `{ "scope": { "label": "latest" } }`],
    // For editors.
    ["scope.config.json", `{ "$schema": "https://example.com/schema.json", "label": "latest" }`],
    ["package.json", `{ "scope": { "$schema": "https://example.com/schema.json", "label": "latest" } }`],
  ])("%s: %s", async (name, text) => {
    const cwd = await projectFolder({ ...LOCK, [name]: text });
    const options = await load(cwd);
    expect(options.label).toBe("latest");
    expect(options).toMatchObject({ root: cwd, configFile: join(cwd, name) });
    // Read again in the same process, it is what it has become.
    await writeFile(join(cwd, name), text.replaceAll("latest", "production"));
    expect((await load(cwd)).label).toBe("production");
  });

  it("searches upwards to the folder with a lock file, and paths are relative to the config", async () => {
    const cwd = await projectFolder({
      ...LOCK,
      "package.json": "{}",
      "scope.config.json": `{ "snapshotDir": "prompts", "dts": "types/scope" }`,
      "packages/app/package.json": "{}",
    });
    expect(await load(join(cwd, "packages/app"))).toMatchObject({
      root: cwd,
      snapshotDir: join(cwd, "prompts"),
      dts: join(cwd, "types/scope"),
    });
  });

  it.each(["yarn.lock", "pnpm-lock.yaml", "bun.lock", ".git"])("doesn't search above %s", async (name) => {
    const cwd = await projectFolder({ "scope.config.json": `{ "label": "latest" }`, [`app/${name}`]: "" });
    await mkdir(join(cwd, "app/src"));
    expect((await load(join(cwd, "app/src"))).configFile).toBeUndefined();
  });

  it("without a lock file and .git, stops at the nearest package.json", async () => {
    const cwd = await projectFolder({
      "scope.config.json": `{ "label": "latest" }`,
      "app/package.json": "{}",
      "app/src/a.ts": "",
    });
    expect((await load(join(cwd, "app/src"))).configFile).toBeUndefined();
    await writeFile(join(cwd, "app/scope.config.json"), "{}");
    expect((await load(join(cwd, "app/src"))).configFile).toBe(join(cwd, "app/scope.config.json"));
  });

  it("an empty file is a config without options", async () => {
    const cwd = await projectFolder({ ...LOCK, "scope.config.ts": "\n" });
    expect(await load(cwd)).toMatchObject({ configFile: join(cwd, "scope.config.ts"), label: "production" });
  });

  it("--config names a file, and a misspelt one gets the nearest", async () => {
    const cwd = await projectFolder({
      ...LOCK,
      "other/scope.config.mjs": `export default { label: "latest" }`,
    });
    const options = await load(cwd, { configFile: "other/scope.config.mjs" });
    expect(options).toMatchObject({ root: join(cwd, "other"), label: "latest" });
    const error = await failure(load(cwd, { configFile: "other/scope.confg.mjs" }));
    expect(error).toMatchObject({ code: "config_load_failed", hint: 'Did you mean "scope.config.mjs"?' });
  });

  it("writes no file in a test run", async () => {
    const cwd = await projectFolder({
      ...LOCK,
      "node_modules/x/index.js": "",
      "scope.config.ts": "export default {}",
    });
    await load(cwd, { env: { VITEST: "true" } });
    expect(await readdir(join(cwd, "node_modules"))).toEqual(["x"]);
  });
});

describe("a config that doesn't load", () => {
  const MARKS = "export default {\n<<<<<<< HEAD\n  label: 1,\n=======\n  label: 2,\n>>>>>>> other\n};\n";
  // biome-ignore format: one row a line
  it.each<[name: string, text: string, message: string, place?: { line: number; column?: number }]>([
    // The column is that of compiled code, and so is not said.
    ["scope.config.ts", 'const a: number = 1;\nthrow new TypeError("no " + a);\n', "The config file threw an error when it was loaded.", { line: 2 }],
    ["scope.config.ts", "export default {\n  label: ,\n};\n", "", { line: 2, column: 10 }],
    ["scope.config.ts", MARKS, "The config contains the marks of a merge conflict.", { line: 2 }],
    ["scope.config.json", MARKS, "The config contains the marks of a merge conflict.", { line: 2 }],
    ["scope.config.json", '{"clientSecret":"open-sesame","a"}', "This file isn't JSON.", { line: 1, column: 34 }],
    ["scope.config.json", "{ label: 1 }", "This file isn't JSON.", { line: 1, column: 3 }],
    ["scope.config.json", '{\n  "label": "latest",\n  "syntax" "scope"\n}', "", { line: 3, column: 12 }],
    ["scope.config.json", '{\n  "label": "latest"', "", { line: 2, column: 20 }],
    ["scope.config.json", "{}\n x", "", { line: 2, column: 2 }],
    ["scope.config.json", '{\n  "label": "lat\nest"\n}', "", { line: 2, column: 12 }],
    ["scope.config.json", '{"a": 1,}', "", { line: 1, column: 9 }],
    ["scope.config.json", "{'a': 1}", "", { line: 1, column: 2 }],
    ["scope.config.json", '["\\x"]', "", { line: 1, column: 2 }],
    ["scope.config.json", "[01]", "", { line: 1, column: 3 }],
    ["scope.config.json", "nul", "", { line: 1, column: 1 }],
    // Found from outside: the time doubled with each character.
    ["scope.config.json", `["${"a".repeat(100_000)}\n`, "", { line: 1, column: 2 }],
    ["scope.config.json", "[".repeat(100_000), ""],
  ])("%s: %.40j", { timeout: 5000 }, async (name, text, message, place) => {
    const { cwd, error } = await refused({ [name]: text });
    expect(error).toMatchObject({ code: "config_load_failed", message: expect.stringContaining(message) });
    expect(error.where).toEqual({ file: join(cwd, name), ...place });
    if (text === MARKS) expect(error.hint).toContain("remove the marks");
    expect(inspect(error, { depth: 9 })).not.toContain("open-sesame");
    if (text.includes("throw")) expect(error.cause).toMatchObject({ message: "no 1" });
  });

  it("one that would include another file", async () => {
    const { error } = await refused({ "scope.config.json": '{ "$import": "base.json" }', "base.json": "{}" });
    expect(error).toMatchObject({ code: "config_invalid", message: expect.stringContaining("$import") });
  });

  it.each([
    ["config.js", "globalThis.wasRun = true;", "would run this file for its own settings"],
    ["config.ts", "export default {}", "would run this file for its own settings"],
    ["config.yaml", "a: [", "cosmiconfig can't read this"],
  ])("cosmiconfig's own settings of another tool: .config/%s", async (name, text, message) => {
    const cwd = await projectFolder({ ...LOCK, [`.config/${name}`]: text, "scope.config.json": "{}" });
    vi.spyOn(process, "cwd").mockReturnValue(cwd);
    onTestFinished(() => void vi.restoreAllMocks());
    const error = await failure(load(cwd));
    expect(error).toMatchObject({
      code: "config_load_failed",
      where: { file: join(cwd, ".config", name) },
      message: expect.stringContaining(message),
    });
    expect(globalThis).not.toHaveProperty("wasRun");
  });

  it.each([
    ["scope.config.js", "export default () => ({})", "of type function"],
    ["scope.config.json", "[]", "an array"],
    ["scope.config.json", "null", "null"],
    ["package.json", `{ "scope": "x" }`, '"x"'],
  ])("%s that doesn't contain an object: %s", async (name, text, kind) => {
    const cwd = await projectFolder({ ...LOCK, [name]: text });
    expect(await failure(load(cwd))).toMatchObject({
      code: "config_invalid",
      message: `The config must be an object, but is ${kind}.`,
      where: { file: join(cwd, name) },
    });
  });
});

describe("validation", () => {
  async function faultOf(config: object): Promise<ScopeError> {
    const { cwd, error } = await refused({ "scope.config.json": JSON.stringify(config) });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.where?.file).toBe(join(cwd, "scope.config.json"));
    return error;
  }

  // biome-ignore format: one row a line
  it.each([
    [{ apiSecret: "s" }, '"apiSecret" belongs inside "credentials".', "Or set it in .env.local."],
    [{ fetsh: "never" }, 'Unknown option "fetsh".', 'Did you mean "fetch"?'],
    [{ label: "prod" }, 'label must be "production" or "latest", but is "prod".', 'Did you mean "production"?'],
    [{ fetch: { built: "never" } }, 'Unknown option "fetch.built".', 'Did you mean "build"?'],
    [{ fetch: { dev: "nevr" } }, 'fetch.dev must be "auto", "always" or "never", but is "nevr".', 'Did you mean "never"?'],
    [{ fetch: true }, 'fetch must be "auto", "always" or "never", but is true.', undefined],
    [{ snapshotDir: "" }, "snapshotDir must not be empty.", undefined],
    [{ dts: "src/prompts.d.ts" }, 'dts must be a folder or false, but is "src/prompts.d.ts".', undefined],
    [{ dts: true }, "dts must be a folder or false, but is true.", undefined],
    [{ include: "**/*.ts" }, 'include must be a list of patterns, but is "**/*.ts".', undefined],
    [{ include: ["a", 3] }, "include[1] must be text, but is 3.", undefined],
    [{ concurrency: 0 }, "concurrency must be at least 1 and at most 256, but is 0.", undefined],
    [{ dev: { interval: 5000 } }, "dev.interval must be more than 0 and at most 3600 seconds, but is 5000.", "It's in seconds: 5000 milliseconds are 5."],
    [{ dev: true }, "dev must be an object or false, but is true.", undefined],
    [{ dev: { intervall: 1 } }, 'Unknown option "dev.intervall".', 'Did you mean "interval"?'],
    [{ prompts: "a" }, 'prompts must be a list of names or a record of entries, but is "a".', undefined],
    [{ prompts: ["a", 1] }, "prompts[1] must be text, but is 1.", undefined],
    [{ prompts: { a: "b" } }, 'prompts.a must be an object such as { prompt, label }, but is "b".', undefined],
    [{ prompts: { "support/triage": { versoin: "v" } } }, 'Unknown option "prompts["support/triage"].versoin".', 'Did you mean "version"?'],
    [{ prompts: { constructor: { label: 1 } } }, 'prompts.constructor.label must be "production" or "latest", but is 1.', undefined],
    [{ prompts: { a: { label: "latest", version: "v" } } }, "prompts.a has both label and version.", "Keep the one that you need."],
    [{ prompts: ["a", ""] }, "prompts[1] must not be empty.", undefined],
    [{ prompts: [".."] }, `prompts[0] can't be a prompt name or version ID: "..".`, undefined],
    [{ prompts: { "": {} } }, "prompts must not have an empty key.", undefined],
    [{ prompts: { ".": {} } }, `The key prompts["."] can't be a prompt name: ".".`, undefined],
    [{ prompts: { a: { prompt: ".." } } }, `prompts.a.prompt can't be a prompt name or version ID: "..".`, undefined],
    [{ prompts: { a: { version: "\ud800" } } }, `prompts.a.version can't be a prompt name or version ID: "\\ud800".`, undefined],
    [{ prompts: { a: { version: "production" } } }, 'prompts.a.version is "production", which is a label, not a version ID.', 'Write label: "production"; in an import, ?label=production.'],
    [{ prompts: { a: { live: true, version: "v" } } }, "prompts.a is live and pinned to a version.", "A version never changes: leave out one of the two."],
    [
      { prompts: { a: { live: true, syntax: "mustache" } } },
      `The prompt "a" is live and in mustache syntax, and those can't be used together.`,
      'Leave out live, or write the prompt in the syntax "scope".',
    ],
    [
      { prompts: { a: { variables: { constructor: "numbr" } } } },
      'prompts.a.variables.constructor must be a list of texts, "string", "number", "boolean" or "bigint", but is "numbr".',
      'Did you mean "number"?',
    ],
    [{ prompts: { a: { variables: { tone: [] } } } }, "prompts.a.variables.tone must have at least one text.", undefined],
    [{ prompts: { a: { provides: "plan" } } }, 'prompts.a.provides must be a list of texts, but is "plan".', undefined],
    [{ prompts: { a: { provides: ["a b"] } } }, 'prompts.a.provides must be a list of variable names: letters, digits and underscores, but is "a b".', undefined],
    [{ prompts: { a: { provides: [""] } } }, 'prompts.a.provides must be a list of variable names: letters, digits and underscores, but is "".', undefined],
    [{ prompts: { a: { provides: [1] } } }, "prompts.a.provides[0] must be text, but is 1.", undefined],
  ])("%j", async (config, message, hint) => {
    expect(await faultOf(config)).toMatchObject({ code: "config_invalid", message, hint });
  });

  it("a value that isn't JSON, in a config that is code", async () => {
    const cwd = await projectFolder({ ...LOCK, "scope.config.ts": "export default { timeout: 10n };" });
    expect(await failure(load(cwd))).toMatchObject({ code: "config_invalid" });
  });

  it("a key named __proto__ is a key like any other", async () => {
    const cwd = await projectFolder({
      ...LOCK,
      "scope.config.json": `{ "prompts": { "__proto__": { "label": "latest" }, "constructor": { "prompt": "x" } } }`,
    });
    const { prompts } = await load(cwd);
    expect(prompts.get("__proto__")).toMatchObject({ name: "__proto__", pin: { label: "latest" } });
    expect(prompts.get("constructor")).toMatchObject({ name: "x" });
  });

  it("all problems of a run together: of the plugin's options, the file, the environment and a flag", async () => {
    const config = { fetsh: 1, timeout: "1", credentials: { orgid: "o" }, prompts: { a: { b: 1 } } };
    const cwd = await projectFolder({ ...LOCK, "scope.config.json": JSON.stringify(config) });
    const file = join(cwd, "scope.config.json");
    const env = { SCOPE_TOKEN_REFRESH_BUFFER: "1e3", SCOPE_LIVE: "no" };
    const plugin = { label: "latest", targt: "server", target: "x" } as never;
    const error = await failure(load(cwd, { plugin, env, flags: { fetch: "x" } }));
    expect(error).toBeInstanceOf(ScopeErrors);
    expect(error).toMatchObject({ code: "several_errors", message: "10 options can't be used." });
    expect((error as ScopeErrors).errors).toMatchObject([
      {
        message: `The plugin doesn't take "label": it belongs in the config file, which scope-gen reads too.`,
        hint: "Move it to scope.config.ts. The plugin takes config, clientBundle and target.",
        where: undefined,
      },
      { message: `Unknown option "targt" in the plugin's options.`, hint: 'Did you mean "target"?' },
      { message: 'target must be "server" or "browser", but is "x".', where: undefined },
      { message: 'Unknown option "fetsh".', where: { file } },
      { message: expect.stringMatching(/^timeout must be a number/), where: { file } },
      { message: 'Unknown option "credentials.orgid".', hint: 'Did you mean "orgId"?', where: { file } },
      { message: 'Unknown option "prompts.a.b".', where: { file } },
      { message: expect.stringMatching(/^SCOPE_TOKEN_REFRESH_BUFFER must/) },
      { message: '--fetch must be auto, always or never, but is "x".' },
      { message: 'SCOPE_LIVE must be on or off, but is "no".' },
    ]);
  });
});

describe("precedence", () => {
  const OF_BUILDS = { fetch: { build: "never" } };

  // biome-ignore format: one row a line
  it.each<[what: string, config: object, input: Partial<LoadOptionsInput>, expected: object]>([
    ["what the plugin is given > the config file; undefined overrides nothing", { clientBundle: "error", target: "browser" }, { plugin: { clientBundle: "allow", target: undefined } }, { clientBundle: "allow", target: "browser" }],
    ["fetch can differ between dev and build; a missing one has its default", OF_BUILDS, {}, { fetch: "never", fetchInDev: "auto" }],
    ["SCOPE_FETCH > both", OF_BUILDS, { env: { SCOPE_FETCH: "always" } }, { fetch: "always", fetchInDev: "always" }],
    ["a flag > SCOPE_FETCH", { fetch: "always" }, { flags: { fetch: "auto" }, env: { SCOPE_FETCH: "never" } }, { fetch: "auto" }],
    ["SCOPE_FETCH > the config file", { fetch: "always" }, { env: { SCOPE_FETCH: "never" } }, { fetch: "never" }],
    ["the config file > the default", { fetch: "always" }, {}, { fetch: "always" }],
    ...[{ VITEST: "true" }, { NODE_ENV: "test" }].flatMap((env): [string, object, Partial<LoadOptionsInput>, object][] => [
      [`a test run fetches nothing by default: ${JSON.stringify(env)}`, {}, { env }, { fetch: "never", isTestRun: true }],
      ["what isn't one fetches", {}, { env, isTestRun: false }, { fetch: "auto", isTestRun: false }],
      ["SCOPE_FETCH > a test run", {}, { env: { ...env, SCOPE_FETCH: "always" } }, { fetch: "always" }],
    ]),
    ["SCOPE_LIVE=off turns polling off", {}, { env: { SCOPE_LIVE: "off" } }, { dev: false }],
    ["an interval is in seconds", { dev: { interval: 2 }, live: { interval: 3 } }, {}, { dev: { intervalMs: 2000 }, live: { intervalMs: 3000 } }],
  ])("%s", async (_, config, input, expected) => {
    const cwd = await projectFolder({ ...LOCK, "scope.config.json": JSON.stringify(config) });
    expect(await load(cwd, input)).toMatchObject(expected);
  });

  it("a wrong SCOPE_FETCH is an error with the nearest", async () => {
    expect(await failure(load(await projectFolder(LOCK), { env: { SCOPE_FETCH: "nver" } }))).toMatchObject({
      message: 'SCOPE_FETCH must be auto, always or never, but is "nver".',
      hint: 'Did you mean "never"?',
    });
  });
});

describe(".env files", () => {
  it("later files override earlier ones, the real environment overrides all, and an empty value is ignored", async () => {
    const cwd = await projectFolder({
      ...LOCK,
      ".env":
        "\uFEFFSCOPE_ORG_ID=one\nSCOPE_API_KEY='k'\nSCOPE_API_SECRET=\"s#1\"\nSCOPE_ENVIRONMENT=from-env\nOTHER=x\n",
      ".env.local": "SCOPE_ORG_ID=two\n",
      ".env.production": "export SCOPE_ORG_ID=three\nSCOPE_API_KEY=\n",
      ".env.production.local": "SCOPE_ENVIRONMENT=local\n",
      ".env.staging": "SCOPE_ORG_ID=never\n",
    });
    const before = JSON.stringify(process.env);
    const options = await load(cwd, {
      mode: "production",
      env: { SCOPE_ENVIRONMENT: "real", SCOPE_API_SECRET: "" },
    });
    expect(options.connection.credentials).toMatchObject({ orgId: "three", apiKey: "k", apiSecret: "s#1" });
    expect(options.connection.environment).toBe("real");
    expect(options.sourceFiles).toEqual(
      [".env", ".env.local", ".env.production", ".env.production.local"].map((name) => join(cwd, name)),
    );
    expect(JSON.stringify(process.env)).toBe(before);
    expect((await load(cwd)).connection.credentials?.orgId).toBe("two");
  });

  it("are next to the config", async () => {
    const cwd = await projectFolder({
      ...LOCK,
      "scope.config.json": "{}",
      ".env": "SCOPE_ENVIRONMENT=root",
      "app/.env": "SCOPE_ENVIRONMENT=app",
    });
    expect((await load(join(cwd, "app"))).connection.environment).toBe("root");
  });

  it("a folder named .env is ignored, an unreadable file is an error, a mode is a plain name", async () => {
    const cwd = await projectFolder({ ...LOCK, ".env/bin/python": "" });
    expect((await load(cwd)).sourceFiles).toEqual([]);
    expect(await failure(load(cwd, { mode: "../x" }))).toMatchObject({ code: "config_invalid" });
    const file = join(cwd, ".env.local");
    // A link to itself cannot be read by anybody, the superuser included.
    await symlink(file, file);
    expect(await failure(load(cwd))).toMatchObject({ code: "config_load_failed", where: { file } });
  });

  it.each([".env", ".env.local", "package.json", "scope.config.json", "scope.config.ts"])(
    "%s over 10 MB is refused without reading it",
    async (name) => {
      const cwd = await projectFolder({ ...LOCK, [name]: "" });
      await truncate(join(cwd, name), 10_000_001);
      const error = await failure(load(cwd));
      expect(error).toMatchObject({ code: "config_load_failed", where: { file: join(cwd, name) } });
      expect(error.message).toContain("10 MB");
    },
  );

  it.skipIf(process.platform === "win32")("a link to a device is refused, and a pipe is read", async () => {
    const cwd = await projectFolder(LOCK);
    const file = join(cwd, ".env");
    await symlink("/dev/zero", file);
    const error = await failure(load(cwd));
    expect(error).toMatchObject({ code: "config_load_failed", where: { file } });
    expect(error.message).toContain("isn't a regular file");
    await rm(file);
    execFileSync("mkfifo", [file]);
    const [options] = await Promise.all([load(cwd), writeFile(file, "SCOPE_ENVIRONMENT=piped")]);
    expect(options.connection.environment).toBe("piped");
    // Git can hold a link to a pipe, such as the standard input.
    await rename(file, join(cwd, "pipe"));
    await symlink(join(cwd, "pipe"), file);
    expect(await failure(load(cwd))).toMatchObject({ code: "config_load_failed", where: { file } });
  });

  it("an incomplete set of credentials: an error that names what is set and what is missing, never a value", async () => {
    const { cwd, error } = await refused({ ".env": "SCOPE_ORG_ID=org-value\nSCOPE_API_KEY=key-value\n" });
    expect(error).toBeInstanceOf(MissingApiKeyError);
    expect(error.message).toContain("SCOPE_ORG_ID and SCOPE_API_KEY are set");
    expect(error.message).toContain("SCOPE_API_SECRET");
    expect(error.where).toEqual({ file: join(cwd, ".env") });
    expect(JSON.stringify([error.message, error.hint])).not.toMatch(/org-value|key-value/);
  });
});

describe("a path out of the repository", () => {
  const OPTIONS = {
    snapshotDir: (path: string) => ({ snapshotDir: path }),
    dts: (path: string) => ({ dts: `${path}/types` }),
  } as const;
  const NAMES = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
  /** A package of a repository, which has a lock file of its own. */
  const load = async (
    name: keyof typeof OPTIONS,
    path: (top: string) => string,
    file = "scope.config.json",
  ) => {
    const top = await projectFolder({ "out/b.json": "{}", "git/.git/HEAD": "", "git/in/b.json": "{}" });
    const cwd = join(top, "git/app");
    await symlink("../out", join(top, "git/link"));
    const config = JSON.stringify(OPTIONS[name](path(top)));
    await writeTree(cwd, {
      "package-lock.json": "{}",
      [file]: /[jt]s$/.test(file) ? `export default ${config}` : config,
    });
    return loadOptions({ cwd, env: {} });
  };

  it.each(NAMES)("isn't read or written for a config that is data: %s", async (name) => {
    const outside = [() => "../../out", (top: string) => join(top, "out"), () => "../link"];
    for (const path of outside)
      await expect(load(name, path)).rejects.toMatchObject({ code: "leads_outside" });
    await load(name, () => "../in");
    await load(name, (top) => join(top, "git/in"));
  });

  it.each(NAMES)("can be named by code, but no link leads there: %s", async (name) => {
    await load(name, () => "../../out", "scope.config.ts");
    await expect(load(name, () => "../link", "scope.config.ts")).rejects.toMatchObject({
      code: "leads_outside",
    });
  });
});
