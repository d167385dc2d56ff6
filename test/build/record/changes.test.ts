import { readFileSync, statSync, utimesSync } from "node:fs";
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openProject } from "../../../src/build/project.ts";
import type { Options } from "../../../src/config/options.ts";
import { startPlatform } from "../../../src/platform/index.ts";
import type { Compiler } from "../../../src/plugin/instance/compiler.ts";
import { PluginInstance } from "../../../src/plugin/instance/instance.ts";
import { formatSnapshot, parseSnapshot } from "../../../src/snapshot/format.ts";
import { pullPrompts } from "../../../src/tasks/pull/pull-prompts.ts";
import { makeApp, temporaryFolder, writeTree } from "../../support/app.ts";

/** The time of the config and of the snapshot, as after a checkout that sets it. */
const PAST = new Date("2026-01-01T00:00:00Z");
let root: string;
let builds = 0;
beforeEach(async () => {
  // A build, and no test run.
  vi.stubEnv("VITEST", "");
  vi.stubEnv("NODE_ENV", "production");
  vi.stubEnv("SCOPE_FETCH", "never");
  const dir = await temporaryFolder();
  await writeTree(dir, {
    "hi/1.md": "Hi {{who}}.",
    "bye/1.md": "Bye {{who}}.",
    "mail/1.md": "Dear {{who}}, {{> sign}}",
    "sign/1.md": "yours",
  });
  const platform = await startPlatform({ dir });
  root = await makeApp({
    "scope.config.ts": 'export default { prompts: { hi: {}, bye: {}, mail: { syntax: "mustache" } } };\n',
    "main.ts": 'import "scope:hi";\nimport "scope:mail";\n',
  });
  const project = await openProject({ cwd: root, env: platform.env, isTestRun: false });
  await pullPrompts(project);
  await project.close();
  await platform.close();
  for (const name of await readdir(file("scope"))) await utimes(file("scope", name), PAST, PAST);
  await utimes(file("scope.config.ts"), PAST, PAST);
  // A file that changes while a build runs is not remembered, and one that changed just before may have.
  await wait(50);
});
afterEach(() => vi.unstubAllEnvs());

interface Built {
  readonly texts: readonly string[];
  readonly said: readonly string[];
  /** Each import was answered at once, from the record. */
  readonly isCached: boolean;
}

/** One build of the app that imports these, as a bundler does it. */
async function build(
  options: Options = {},
  specifiers = ["scope:hi", "scope:mail"],
  browser = false,
): Promise<Built> {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const compiler: Compiler = {
    name: "one",
    cwd: root,
    mode: "production",
    development: false,
    watch: false,
    browser,
    reporter: { info: say, warn: say },
  };
  const instance = new PluginInstance(options);
  const texts: string[] = [];
  let isCached = true;
  try {
    await instance.start(compiler);
    for (const specifier of specifiers) {
      const known = instance.known(compiler, specifier, join(root, "main.ts"));
      if (known === undefined) isCached = false;
      const file = known ?? (await instance.module(compiler, specifier, join(root, "main.ts")));
      builds += 1;
      const { render } = await import(/* @vite-ignore */ `${pathToFileURL(file).href}?${builds}`);
      texts.push(render({ who: "you" }));
    }
    await instance.recordOutput(compiler, { bundler: "rollup", path: join(root, "out") });
  } finally {
    await instance.end(compiler);
  }
  return { texts, said, isCached };
}

const TEXTS = ["Hi you.", "Dear you, yours"];
const file = (...names: string[]) => join(root, ...names);
const snapshot = (name: string) => file("scope", `${name}@production.json`);

async function generated(name: string): Promise<string> {
  const folders = await readdir(file(".scope"));
  return file(".scope", folders.find((folder) => folder.startsWith("build-")) ?? "", name);
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

/** What a build rests on, how it changes, and what the next build has to be. */
const CHANGES: readonly [
  what: string,
  change: () => unknown,
  then: Partial<Built> | string,
  options?: Options,
][] = [
  [
    "the config",
    () => edit(file("scope.config.ts"), "hi: {}", 'hi: { prompt: "bye" }'),
    { texts: ["Bye you.", TEXTS[1] ?? ""] },
  ],
  [
    "a config of the same size, its time standing still",
    () => edit(file("scope.config.ts"), "hi: {}", "hi: 42"),
    "config_invalid",
  ],
  [
    "the config, gone",
    () => rm(file("scope.config.ts")),
    { texts: [TEXTS[0] ?? "", "Dear you, {{> sign}}"] },
  ],
  [
    "an env file that was not there",
    () => writeFile(file(".env"), "SCOPE_ENVIRONMENT=staging\n"),
    { texts: TEXTS, said: expect.arrayContaining([expect.stringContaining('this build is for "staging"')]) },
  ],
  [
    "the mode's env file",
    () => writeFile(file(".env.production.local"), "SCOPE_API_KEY=k\n"),
    "credentials_missing",
  ],
  ["a variable", () => vi.stubEnv("SCOPE_LIVE", "sometimes"), "SCOPE_LIVE must be"],
  ["a secret that was not there", () => vi.stubEnv("SCOPE_API_SECRET", "s"), "credentials_missing"],
  [
    "an option",
    () => {},
    { texts: ["Bye you.", "Dear you, {{> sign}}"] },
    { prompts: { hi: { prompt: "bye" } } },
  ],
  ["a snapshot", () => commit("hi", "Ho {{who}}."), { texts: ["Ho you.", TEXTS[1] ?? ""] }],
  ["a partial's snapshot", () => commit("sign", "Yours"), { texts: [TEXTS[0] ?? "", "Dear you, Yours"] }],
  [
    "a snapshot of the same size, its time standing still",
    () => edit(snapshot("hi"), "Hi {{who}}.", "Ho {{who}}."),
    "snapshot_integrity",
  ],
  ["a snapshot, gone", () => rm(snapshot("hi")), "snapshot_missing"],
  ["a module", async () => edit(await generated("hi@production.js"), "Hi ", "Ha "), { texts: TEXTS }],
  ["the helper, gone", async () => rm(await generated("helper.js")), { texts: TEXTS }],
  [
    "the types",
    () => edit(file("scope-types", "hi.d.ts"), 'module "scope:hi"', 'module "scope:ho"'),
    { texts: TEXTS, said: [expect.stringContaining("out of date")] },
  ],
  [
    "where the types lie",
    () => mkdir(file("src")),
    { said: [expect.stringContaining("missing or out of date")] },
  ],
  [
    "the code of this package",
    () => {
      // Installed anew: the same text, and another time of change.
      const own = resolve("src/build/record/build-record.ts");
      const { atime, mtime } = statSync(own);
      utimesSync(own, atime, mtime);
    },
    { texts: TEXTS },
  ],
  ["a text entering a browser", () => {}, { isCached: true }],
];

describe("the next build sees the change of", () => {
  it.each(CHANGES)("%s", async (what, change, then, options) => {
    await buildTwice();
    await change();
    const next = build(options, undefined, what === "a text entering a browser");
    if (typeof then === "string") {
      await expect(next).rejects.toThrow(then);
      return;
    }
    const { isCached = false, ...rest } = then;
    expect(await next).toMatchObject({ ...rest, isCached });
  });
});

it("writes the manifest anew where somebody changed it", async () => {
  await buildTwice();
  const manifest = file(".scope", "manifest.json");
  const before = readFileSync(manifest, "utf8");
  await edit(manifest, "hi", "ho");
  expect(await build()).toMatchObject({ isCached: true });
  expect(readFileSync(manifest, "utf8")).toBe(before);
});

it("hands over to the build that reads everything at an import that is new, with those before it", async () => {
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

it("warns of browsers and refuses them as a build does that reads everything", async () => {
  const first = await build({}, undefined, true);
  expect(first.said).toEqual([expect.stringContaining("hi@production, mail@production, sign@production")]);
  expect(await build({}, undefined, true)).toEqual({ ...first, isCached: true });
  await buildTwice({ clientBundle: "error" });
  await expect(build({ clientBundle: "error" }, undefined, true)).rejects.toThrow("client_bundle_refused");
});

it("goes by the policy of each prompt in browsers, though two of them have one module", async () => {
  await writeFile(
    file("scope.config.ts"),
    `export default { prompts: {
      hi: { clientBundle: "allow" }, same: { prompt: "hi" }, mail: { syntax: "mustache", clientBundle: "allow" },
    } };`,
  );
  await utimes(file("scope.config.ts"), PAST, PAST);
  await wait(50);
  expect((await build({}, ["scope:hi", "scope:mail"], true)).said.join()).not.toContain("browser");
  const named = (await build({}, ["scope:hi", "scope:same", "scope:mail"], true)).said.join();
  expect(named).toContain("can read it: hi@production.");
  const again = await build({}, ["scope:hi", "scope:same", "scope:mail"], true);
  expect(again.said.join()).toContain("can read it: hi@production.");
  expect((await build({}, ["scope:hi", "scope:mail"], true)).said.join()).not.toContain("browser");
});

it("keeps no record of a config that is run: it may rest on anything", async () => {
  await writeFile(
    file("scope.config.ts"),
    'export default { label: String("production"), prompts: { mail: { syntax: "mustache" } } };',
  );
  await build();
  expect(await build()).toMatchObject({ texts: TEXTS, isCached: false });
});

it("does not remember what changed while the build ran", async () => {
  await commit("hi", "Ho {{who}}.");
  expect(await build()).toMatchObject({ texts: ["Ho you.", TEXTS[1]] });
  expect(await build()).toMatchObject({ texts: ["Ho you.", TEXTS[1]], isCached: false });
});

it("keeps no secret in a record", async () => {
  for (const name of ["SCOPE_ORG_ID", "SCOPE_API_KEY", "SCOPE_API_SECRET"])
    vi.stubEnv(name, `${name}-of-mine`);
  await buildTwice();
  const [name = ""] = await readdir(file(".scope", "builds"));
  expect(readFileSync(file(".scope", "builds", name), "utf8")).not.toMatch(/-of-mine/);
});
