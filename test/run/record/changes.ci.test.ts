import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CompilerRun, createInstance } from "../../../src/bundlers/instance/instance.ts";
import { digestOf } from "../../../src/files/stable-json.ts";
import { digestSources, loadEnvFiles, readPlaces } from "../../../src/project/config/config-files.ts";
import type { Options } from "../../../src/project/config/options.ts";
import { moduleNameOf } from "../../../src/project/module-names.ts";
import { formatSnapshot, parseSnapshot } from "../../../src/project/snapshot/format.ts";
import { cli } from "../../commands/cli-helpers.ts";
import { makeApp, writeTree } from "../../support/app.ts";
import { servePrompts } from "../../support/dev-platform.ts";
import { useFalseTimes } from "../../support/false-times.js";
import { ROOT } from "../../support/run.ts";

/** The time of the config and of the snapshot, as after a checkout that sets it. */
const PAST = new Date("2026-01-01T00:00:00Z");
let root: string;
let builds = 0;
beforeEach(async () => {
  // A build, and no test run.
  vi.stubEnv("VITEST", "");
  vi.stubEnv("NODE_ENV", "production");
  vi.stubEnv("SCOPE_FETCH", "never");
  const platform = await servePrompts({
    "hi/1.md": "Hi {{who}}.",
    "bye/1.md": "Bye {{who}}.",
    "mail/1.md": "Dear {{who}}, {{> sign}}",
    "sign/1.md": "yours",
  });
  root = await makeApp({
    "scope.config.ts": 'export default { prompts: { hi: {}, bye: {}, mail: { syntax: "mustache" } } };\n',
    "main.ts": 'import "scope:hi";\nimport "scope:mail";\n',
  });
  expect(await cli(["pull"], { cwd: root, env: platform.env })).toMatchObject({ code: 0 });
  await platform.close();
  for (const name of await readdir(file("scope"))) await utimes(file("scope", name), PAST, PAST);
  await utimes(file("scope.config.ts"), PAST, PAST);
});
afterEach(() => vi.unstubAllEnvs());

interface Built {
  readonly texts: readonly string[];
  readonly said: readonly string[];
  /** Each import was answered at once, from the record. */
  readonly isCached: boolean;
}

/** A run of a compiler in the app, and what it says. */
function newRun(options: Options = {}, browser = false) {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const compiler = { tool: "vite", name: "one", mode: "production", development: false };
  const reporter = { info: say, warn: say };
  return {
    run: new CompilerRun(createInstance(options), { ...compiler, cwd: root, browser, reporter }),
    said,
  };
}

/** One build of the app that imports these, as a bundler does it. */
async function build(
  options: Options = {},
  specifiers = ["scope:hi", "scope:mail"],
  { browser = false, beforeEnd }: { browser?: boolean; beforeEnd?: () => Promise<void> } = {},
): Promise<Built> {
  const { run, said } = newRun(options, browser);
  const texts: string[] = [];
  let isCached = true;
  try {
    await run.start();
    for (const specifier of specifiers) {
      const known = run.known(specifier, join(root, "main.ts"));
      if (known === undefined) isCached = false;
      const file = known ?? (await run.module(specifier, join(root, "main.ts")));
      builds += 1;
      const { render } = await import(/* @vite-ignore */ `${pathToFileURL(file).href}?${builds}`);
      texts.push(render({ who: "you" }));
    }
    await beforeEnd?.();
    await run.recordOutput({ bundler: "rollup", path: join(root, "out") });
  } finally {
    await run.end();
  }
  return { texts, said, isCached };
}

const MAIL = "Dear you, yours";
const TEXTS = ["Hi you.", MAIL];
const file = (...names: string[]) => join(root, ...names);
const snapshot = (name: string) => file("scope", `${name}@production.json`);

/** The file of the one module of that name. */
async function generated(name: string): Promise<string> {
  const folder = file(".scope", "build-production");
  const found = (await readdir(folder)).filter((each) => moduleNameOf(each) === name);
  expect(found).toHaveLength(1);
  return join(folder, found[0] ?? "");
}

/** What builds that are begun like {@link build} remember. */
async function recordFile(): Promise<string> {
  const [name = "", ...others] = await readdir(file(".scope", "builds"));
  expect(others).toEqual([]);
  return file(".scope", "builds", name);
}

/** Replaces a text in a file, whose time is {@link PAST} then. */
async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
  await utimes(path, PAST, PAST);
}

/** Commits another text of a prompt. */
async function commit(name: string, content: string): Promise<void> {
  const path = snapshot(name);
  const entry = parseSnapshot(await readFile(path, "utf8"), path);
  await writeFile(path, formatSnapshot({ ...entry, version: { ...entry.version, content } }));
}

/** Builds until an unchanged build is answered from the record. */
async function buildTwice(options?: Options): Promise<void> {
  await build(options);
  const second = await build(options);
  expect(second).toEqual({ texts: TEXTS, said: [], isCached: true });
}

it("answers an unchanged build from the record, and leaves the same manifest", async () => {
  expect(await build()).toEqual({ texts: TEXTS, said: [], isCached: false });
  const manifest = await readFile(file(".scope", "manifest.json"), "utf8");
  expect(await build()).toEqual({ texts: TEXTS, said: [], isCached: true });
  expect(await readFile(file(".scope", "manifest.json"), "utf8")).toBe(manifest);
});

const SAID = (text: string) => [expect.stringContaining(text)];
/** What a build rests on, how it changes, and what the next build has to be. */
// biome-ignore format: one row a line
const CHANGES: readonly [what: string, change: () => unknown, then: Partial<Built> | string, options?: Options][] = [
  ["the config", () => edit(file("scope.config.ts"), "hi: {}", 'hi: { prompt: "bye" }'), { texts: ["Bye you.", MAIL] }],
  ["a deleted config", () => rm(file("scope.config.ts")), "types_differ"],
  ["a new env file", () => writeFile(file(".env"), "SCOPE_ENVIRONMENT=staging\n"), { texts: TEXTS, said: expect.arrayContaining(SAID('this build is for "staging"')) }],
  ["the mode's env file", () => writeFile(file(".env.production.local"), "SCOPE_API_KEY=k\n"), "credentials_missing"],
  ["a variable", () => vi.stubEnv("SCOPE_LIVE", "sometimes"), "SCOPE_LIVE must be"],
  ["a new secret", () => vi.stubEnv("SCOPE_API_SECRET", "s"), "credentials_missing"],
  ["an option", () => {}, "types_differ", { prompts: { hi: { prompt: "bye" } } }],
  ["a partial's snapshot", () => commit("sign", "Yours"), { texts: ["Hi you.", "Dear you, Yours"] }],
  ["a snapshot of the same size and modification time", () => edit(snapshot("hi"), "Hi {{who}}.", "Ho {{who}}."), "snapshot_integrity"],
  ["a deleted snapshot", () => rm(snapshot("hi")), "snapshot_missing"],
  ["a deleted helper", async () => rm(await generated("helper")), { texts: TEXTS }],
  ["a src that comes later, which doesn't move the types", () => mkdir(file("src")), { texts: TEXTS, said: [] }],
  ["the code of this package", () => forgeRecord((text) => text.replaceAll(' source"', ' other"')), { texts: TEXTS }],
  ["a text entering a browser", () => {}, { isCached: true }],
];

/** Changes the record of the last build, as its own digest allows. */
async function forgeRecord(change: (text: string) => string): Promise<void> {
  const record = await recordFile();
  const text = change(readFileSync(record, "utf8").split("\n")[1] ?? "");
  await writeFile(record, `${digestOf(text)}\n${text}`);
}

describe("the next build notices a change of", () => {
  it.each(CHANGES)("%s", async (what, change, then, options) => {
    await buildTwice();
    await change();
    const next = build(options, undefined, { browser: what === "a text entering a browser" });
    if (typeof then === "string") {
      await expect(next).rejects.toThrow(then);
      return;
    }
    const { isCached = false, ...rest } = then;
    expect(await next).toMatchObject({ ...rest, isCached });
  });
});

it("rewrites a manifest that somebody changed", async () => {
  await buildTwice();
  const manifest = file(".scope", "manifest.json");
  const before = readFileSync(manifest, "utf8");
  await edit(manifest, "hi", "ho");
  expect(await build()).toMatchObject({ isCached: true });
  expect(readFileSync(manifest, "utf8")).toBe(before);
});

it("leaves a new import to the build that reads everything, and keeps the imports before it", async () => {
  await buildTwice();
  const built = await build({}, ["scope:hi", "scope:bye", "scope:mail"]);
  expect(built).toMatchObject({ texts: ["Hi you.", "Bye you.", "Dear you, yours"], isCached: false });
  const manifest = JSON.parse(readFileSync(file(".scope", "manifest.json"), "utf8"));
  expect(manifest.outputs[0].prompts.map(({ name }: { name: string }) => name)).toEqual([
    "bye",
    "hi",
    "mail",
    "sign",
  ]);
});

it("warns about browsers and refuses them like a build that reads everything", async () => {
  const first = await build({}, undefined, { browser: true });
  expect(first.said).toEqual([expect.stringContaining("hi@production, mail@production, sign@production")]);
  expect(await build({}, undefined, { browser: true })).toEqual({ ...first, isCached: true });
  await buildTwice({ clientBundle: "error" });
  await expect(build({ clientBundle: "error" }, undefined, { browser: true })).rejects.toThrow(
    "client_bundle_refused",
  );
});

it("follows each prompt's own browser policy, even if two of them share one module", async () => {
  await writeFile(
    file("scope.config.ts"),
    `export default { prompts: {
      hi: { clientBundle: "allow" }, same: { prompt: "hi" }, mail: { syntax: "mustache", clientBundle: "allow" },
    } };`,
  );
  expect((await build({}, ["scope:hi", "scope:mail"], { browser: true })).said.join()).not.toContain(
    "browser",
  );
  const named = (await build({}, ["scope:hi", "scope:same", "scope:mail"], { browser: true })).said.join();
  expect(named).toContain("can read it: hi@production.");
  const again = await build({}, ["scope:hi", "scope:same", "scope:mail"], { browser: true });
  expect(again.said.join()).toContain("can read it: hi@production.");
  expect((await build({}, ["scope:hi", "scope:mail"], { browser: true })).said.join()).not.toContain(
    "browser",
  );
});

// biome-ignore format: one row a line
const CONFIGS: readonly [kind: string, code: string, others?: Readonly<Record<string, string>>][] = [
  ["JavaScript", 'const which = process.env.WHICH ?? "hi";'],
  ["types", 'const which: string = process.env.WHICH ?? "hi";\nenum Of { One }'],
  ["an import", 'import { which } from "./which";', { "which.ts": 'export const which = process.env.WHICH ?? "hi"' }],
  ["a wait", 'const which = await Promise.resolve(process.env.WHICH ?? "hi");'],
];

describe.each(CONFIGS)("a config that is code: %s", (_, code, others = {}) => {
  const logged = vi.spyOn(console, "debug").mockImplementation(() => {});
  beforeEach(async () => {
    const prompts = '{ hi: { prompt: which }, mail: { syntax: "mustache" } }';
    const text = `${code}\nconsole.debug(which);\nexport default { prompts: ${prompts} };\n`;
    await writeTree(root, { ...others, "scope.config.ts": text });
    await buildTwice();
    logged.mockClear();
  });

  it("is run once in each build, which is answered from the record if it gives the same", async () => {
    await buildTwice();
    expect(logged.mock.calls).toEqual([["hi"], ["hi"]]);
    vi.stubEnv("WHICH", "bye");
    expect(await build()).toMatchObject({ texts: ["Bye you.", MAIL], isCached: false });
    expect(logged.mock.calls.slice(2)).toEqual([["bye"]]);
  });

  it("is run once in a build that has a new import", async () => {
    await build({}, ["scope:hi", "scope:sign"]).catch(() => undefined);
    expect(logged.mock.calls).toEqual([["hi"]]);
  });

  it("shows its edits", async () => {
    const edited = "which.ts" in others ? "which.ts" : "scope.config.ts";
    await edit(file(edited), '?? "hi"', '?? "bye"');
    expect(await build()).toMatchObject({ texts: ["Bye you.", MAIL], isCached: false });
  });
});

// Issue 54: what an object of a library checks isn't in its own JSON.
describe("a schema for metadata", () => {
  const use = async (metadata: string, code = "") => {
    const prompts = '{ hi: {}, mail: { syntax: "mustache" } }';
    await writeFile(
      file("scope.config.ts"),
      `${code}\nexport default { prompts: ${prompts}, metadata: ${metadata} };\n`,
    );
    expect(await cli(["types"], { cwd: root })).toMatchObject({ code: 0 });
    await buildTwice();
  };
  const next = async () => (await build()).isCached;

  // The text of the config stays the same, so that only what it gives differs.
  it.each([
    ["zod", 'import * as z from "zod-4";', "z.object({ temperature: z.number().max(max).optional() })"],
    ["ArkType", 'import { type } from "arktype";', 'type({ "temperature?": `number <= ${max}` })'],
  ])("of %s is part of the record as JSON", async (_, code, schema) => {
    await symlink(join(ROOT, "node_modules"), file("node_modules"), "junction");
    await use(schema, `${code}\nconst max = Number(process.env.MAX ?? 1);`);
    vi.stubEnv("MAX", "2");
    expect([await next(), await next()]).toEqual([false, true]);
  });

  it("in a file is a source of the build", async () => {
    const named = (name: string) => `{ "properties": { "model": {} }, "required": ["${name}"] }`;
    const optional = '{ "properties": { "model": {} }, "maxProperties": 3 }';
    await writeFile(file("choice.json"), optional);
    await use('"./choice.json"');
    await edit(file("choice.json"), "3", "4");
    expect([await next(), await next()]).toEqual([false, true]);
    await writeFile(file("choice.json"), named("model"));
    await expect(build()).rejects.toThrow("metadata.model is missing");
    await rm(file("choice.json"));
    await expect(build()).rejects.toThrow("choice.json");
  });
});

it("keeps no record of a config that sets variables or holds credentials", async () => {
  const credentials = `{ orgId: "a", apiKey: "b", apiSecret: String("of-mine") }`;
  const config = `prompts: { mail: { syntax: "mustache" } }`;
  for (const text of [
    `if (process.env.WHICH) process.env.SCOPE_FETCH = "always";\nexport default { ${config} };\n`,
    `export default { credentials: ${credentials}, ${config} };\n`,
  ]) {
    await writeFile(file("scope.config.ts"), text);
    await build();
    vi.stubEnv("WHICH", "bye");
    expect(await build().catch(String)).not.toMatchObject({ isCached: true });
    expect(readFileSync(await recordFile(), "utf8")).not.toMatch(/of-mine/);
    vi.stubEnv("SCOPE_FETCH", "never");
  }
});

it("notices a new config that takes precedence over the old one", async () => {
  await rm(file("scope.config.ts"));
  await writeFile(file(".scoperc"), "prompts: { hi: {}, bye: {}, mail: { syntax: mustache } }\n");
  await buildTwice();
  await writeFile(file("scope.config.ts"), "export default { prompts: 42 };\n");
  await expect(build()).rejects.toThrow("config_invalid");
});

const TIMES = [undefined, "image", "seconds", "behind"] as const;

describe.each(TIMES)("if file times say nothing (%s)", (kind) => {
  let restore: (() => void) | undefined;
  beforeEach(() => {
    restore = kind && useFalseTimes(kind);
  });
  afterEach(() => restore?.());

  it("notices a snapshot of the same size", async () => {
    await buildTwice();
    await commit("hi", "Ho {{who}}.");
    expect(await build()).toMatchObject({ texts: ["Ho you.", MAIL], isCached: false });
    await commit("hi", "Hi {{who}}.");
    expect(await build()).toMatchObject({ texts: TEXTS });
  });

  it("notices a config of the same size", async () => {
    await buildTwice();
    await edit(file("scope.config.ts"), "hi: {},", "hi: 42,");
    await expect(build()).rejects.toThrow("config_invalid");
  });

  it("notices a module and types of the same size", async () => {
    await buildTwice();
    await edit(await generated("hi@production"), "Hi ", "Ha ");
    expect(await build()).toMatchObject({ texts: TEXTS, isCached: false });
    await edit(file("scope-types/hi.d.ts"), 'module "scope:hi"', 'module "scope:ho"');
    expect(await build()).toMatchObject({ said: [expect.stringContaining("out of date")] });
  });

  it("remembers what the build read, and not what changed while it ran", async () => {
    const beforeEnd = () => commit("hi", "Ho {{who}}.");
    expect(await build({}, undefined, { beforeEnd })).toMatchObject({ texts: TEXTS });
    expect(await build()).toMatchObject({ texts: ["Ho you.", MAIL], isCached: false });
  });
});

it("gives each import what the build started with, however much of it comes from the record", async () => {
  await buildTwice();
  const { run } = newRun();
  await run.start();
  const first = await run.module("scope:mail");
  await commit("mail", "Cher {{who}}, {{> sign}}");
  await commit("sign", "theirs");
  // Unknown to the record: from here on everything is read.
  await run.module("scope:bye");
  await run.recordOutput({ bundler: "rollup", path: join(root, "out") });
  expect(await run.module("scope:mail")).toBe(first);
  await run.end();
  expect((await build()).texts).toEqual(["Hi you.", "Cher you, theirs"]);
});

describe("a broken record counts as none", () => {
  const FIELDS = [
    '{"format":1}',
    '{"maker":1}',
    '{"maker":"x source","modules":1}',
    '{"maker":null,"restsOn":null}',
  ];
  const WRONG = ["", "null", "{}", "[]", "1", '"text"', "{", ...FIELDS];
  it.each(WRONG)("%j", async (text) => {
    await buildTwice();
    const record = await recordFile();
    const digest = digestOf(text);
    for (const whole of [text, `\n${text}`, `${digest}\n${text}`]) {
      await writeFile(record, whole);
      expect(await build()).toMatchObject({ texts: TEXTS });
    }
  });

  it("with a field that was changed by hand", async () => {
    await buildTwice();
    const record = await recordFile();
    const text = readFileSync(record, "utf8");
    for (const name of ["imports", "others", "options", "folder", "inputs", "helpers", "manifest"]) {
      await writeFile(record, text.replaceAll(`"${name}":`, `"${name}x":`));
      expect(await build()).toEqual({ texts: TEXTS, said: [], isCached: false });
    }
  });

  const inTheWay = {
    pipe: (record: string) => void execFileSync("mkfifo", [record]),
    device: (record: string) => symlink("/dev/zero", record),
    folder: (record: string) => mkdir(join(record, "full"), { recursive: true }),
  };
  it.skipIf(process.platform === "win32").each(["pipe", "device", "folder"] as const)(
    "with a %s instead",
    async (kind) => {
      await buildTwice();
      const record = await recordFile();
      await rm(record);
      await inTheWay[kind](record);
      expect(await build()).toEqual({ texts: TEXTS, said: [], isCached: false });
      // A folder cannot be replaced, and a build does not fail for that.
      expect(await build()).toEqual({ texts: TEXTS, said: [], isCached: kind !== "folder" });
    },
  );
});

/** The last three are names that a config can have. */
const DATA = ["notes.md", "scope.config.yaml", ".scoperc", "package.json"];
it.each(DATA)("runs nothing but a config that is code, whatever a record says: %s", async (name) => {
  await buildTwice();
  const notes = file(name);
  await writeFile(notes, "console.debug('run');\nexport default {};\n");
  const env = await loadEnvFiles(root, "production", process.env);
  await forgeRecord((text) => {
    const { restsOn, ...rest } = JSON.parse(text);
    const places = [...restsOn.places, notes];
    const digest = digestSources(root, readPlaces(places), env);
    return JSON.stringify({ ...rest, restsOn: { ...restsOn, places, digest, ran: [[notes, "x"]] } });
  });
  const logged = vi.spyOn(console, "debug").mockImplementation(() => {});
  expect(await build()).toMatchObject({ texts: TEXTS, isCached: false });
  expect(logged).not.toHaveBeenCalledWith("run");
});

it("waits once for all wrong types, which a pull may be about to write", async () => {
  const [types = ""] = (await readdir(file("scope-types"))).filter((name) => name.startsWith("hi"));
  for (const name of [types, types.replace("hi", "mail")])
    await edit(file("scope-types", name), "who: string", "whom: string");
  const { run } = newRun();
  await run.start();
  await expect(run.module("scope:hi")).rejects.toThrow("types_differ");
  const next = run.module("scope:mail").catch(String);
  expect(await Promise.race([next, sleep(1000, "waits")])).toContain("types_differ");
  await run.end(true);
});

it("keeps no secret in the record", async () => {
  for (const name of ["SCOPE_ORG_ID", "SCOPE_API_KEY", "SCOPE_API_SECRET"])
    vi.stubEnv(name, `${name}-of-mine`);
  await buildTwice();
  expect(readFileSync(await recordFile(), "utf8")).not.toMatch(/-of-mine/);
});
