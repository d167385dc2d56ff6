import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { cli } from "../commands/cli-helpers.ts";
import { buildApp, makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, node, succeed } from "../support/run.ts";
import { RenderingServer } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { EDITS, type Edit } from "./edits.ts";

interface Judged {
  readonly name: string;
  readonly grade: string;
  readonly changes: readonly string[];
}

const NAMES = EDITS.map((_, at) => `p_${at}`);
const STOPPED = NAMES.filter((_, at) => EDITS[at]?.grade === "breaking");
/** esbuild prints five errors. */
const PARTS = Array.from({ length: Math.ceil(STOPPED.length / 5) }, (_, at) =>
  STOPPED.slice(at * 5, at * 5 + 5),
);
const isLive = (name: string) => editOf(name).entry?.syntax !== "mustache";
const editOf = (name: string) => EDITS[Number(name.slice(2))] as Edit;

let root: string;
let env: Readonly<Record<string, string>>;
let checked: ReadonlyMap<string, Judged>;
let previews: string;

beforeAll(async () => {
  const dir = await temporaryFolder();
  const file = (number: number, content: Edit["from"]) =>
    typeof content === "string"
      ? { [`${number}.md`]: content }
      : { [`${number}.json`]: JSON.stringify(content) };
  const settings = (name: string, production: number) => {
    const [before, after] = editOf(name).metadata ?? [{}, {}];
    return JSON.stringify({ production, versions: { 1: { metadata: before }, 2: { metadata: after } } });
  };
  for (const name of NAMES) {
    const { from, to } = editOf(name);
    await writeTree(join(dir, name), { ...file(1, from), ...file(2, to), "prompt.json": settings(name, 1) });
  }
  const platform = await startPlatform({ dir });
  env = platform.env;
  const imports = (names: readonly string[], query = "") =>
    `${names.map((name) => `import * as ${name} from "scope:${name}${query}";`).join("\n")}\nexport const all = { ${names.join(", ")} };\n`;
  const live = NAMES.filter(isLive);
  root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": JSON.stringify({
      prompts: Object.fromEntries(NAMES.map((name) => [name, editOf(name).entry ?? {}])),
      include: ["src/**"],
      dts: false,
      live: { interval: 0.2, maxRequestsPerSecond: 1000, label: "latest" },
      concurrency: 64,
    }),
    ...Object.fromEntries(PARTS.map((names, at) => [`src/stopped_${at}.js`, imports(names)])),
    "src/kept.js": `${imports(NAMES.filter((name) => !STOPPED.includes(name)))}console.log(Object.keys(all).length);\n`,
    "src/render.js": `${imports(NAMES)}export const render = () => String(Object.keys(all).length);\n`,
    "live/app.js": `${imports(live, "?live")}
      import { configureLive, liveStatus, refreshLive } from "unplugin-scope/runtime";
      const refused = {};
      configureLive({ maxRequestsPerSecond: 1000, onIncompatible: ({ name, changes }) => (refused[name] = changes) });
      for (let at = 0; at < 40 && liveStatus().some(({ lastConfirmed }) => !lastConfirmed); at += 1) await refreshLive();
      console.log(JSON.stringify({ refused, status: liveStatus().map(({ name, versionNumber }) => [name, versionNumber]) }));
      process.exit();`,
  });
  await linkPackage(root);
  await succeed(cli(["pull"], { cwd: root, env }));
  const server = new RenderingServer(root, env);
  await server.gives(String(NAMES.length));
  const isAll = () => server.count(/preview_contract_changed/) >= STOPPED.length;
  await waitFor("every preview", isAll, { timeoutMs: 60_000, describe: () => server.output.slice(-3000) });
  previews = server.output;
  await server.stop();
  for (const name of NAMES) await writeTree(join(dir, name), { "prompt.json": settings(name, 2) });
  const { code, stdout } = await cli(["check", "--json"], { cwd: root, env });
  expect(code).toBe(3);
  const all: { name: string; change: string; changes: { message: string }[] }[] = JSON.parse(stdout).prompts;
  checked = new Map(
    all.map(({ name, change, changes }) => [
      name,
      { name, grade: change, changes: changes.map(({ message }) => message) },
    ]),
  );
  return () => platform.close();
}, 300_000);

/** What breaks, as messages list it. */
const breaking = (name: string) =>
  (checked.get(name)?.changes ?? []).filter(
    (one) => !/^(text|n: |output_schema)|which every call provides/.test(one),
  );

it("there are at least 100 edits", () => {
  expect(EDITS.length).toBeGreaterThanOrEqual(100);
});

it.each(NAMES.map((name) => [editOf(name).title, name] as const))("check: %s", (_, name) => {
  const { grade, says } = editOf(name);
  const found = checked.get(name);
  expect([found?.grade, found?.changes]).toEqual([grade, expect.anything()]);
  const shown = says === undefined ? [] : (found?.changes.slice(0, says.length) ?? []);
  expect(shown.map((one, at) => one.slice(0, says?.[at]?.length))).toEqual(says ?? []);
});

it.each(["vite", "esbuild"] as const)(
  "a %s build stops at the same ones, with the same changes",
  async (bundler) => {
    const kept = await buildApp(bundler, root, env, "src/kept.js");
    expect(kept.code, kept.stderr).toBe(0);
    for (const [at, names] of PARTS.entries()) {
      const part = await buildApp(bundler, root, env, `src/stopped_${at}.js`);
      expect(part.code).toBe(1);
      const blocks = (part.stdout + part.stderr).split("build_contract_changed");
      for (const name of names) {
        const block = blocks.find((one) => one.includes(`"${name}@production"`));
        expect(block, `${name} ${part.stderr}`).toBeDefined();
        for (const message of breaking(name).slice(0, 10)) expect(block).toContain(message);
      }
    }
  },
);

it("a preview shows the same, and isn't served where that breaks", () => {
  for (const name of NAMES) {
    const block = previews
      .split("preview_contract_changed")
      .find((one) => one.includes(`"${name}@production"`));
    expect([name, block !== undefined]).toEqual([name, STOPPED.includes(name)]);
    if (block !== undefined)
      for (const message of breaking(name).slice(0, 10)) expect(block).toContain(message);
  }
});

it("a live server keeps its version at the same ones, with the same changes", async () => {
  const flags = [
    "--disable-warning=ExperimentalWarning",
    "--import",
    "unplugin-scope/register",
    "live/app.js",
  ];
  const ran = await succeed(node(flags, { cwd: root, env: { ...env, NODE_ENV: "production" } }));
  const { refused, status } = JSON.parse(ran.stdout) as {
    refused: Record<string, string[]>;
    status: [string, number][];
  };
  const versions = new Map(status);
  for (const name of NAMES.filter(isLive)) {
    const isStopped = STOPPED.includes(name);
    expect([name, versions.get(name), refused[name] ?? []]).toEqual([
      name,
      isStopped ? 1 : 2,
      isStopped ? breaking(name) : [],
    ]);
  }
});
