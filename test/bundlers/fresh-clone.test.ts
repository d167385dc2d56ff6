import { fork } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { Application } from "../frameworks/application.ts";
import {
  BUNDLERS,
  type Bundler,
  buildApp,
  copyApp,
  outputsOf,
  temporaryFolder,
  writeTree,
} from "../support/app.ts";
import { readTree } from "../support/file-tree.ts";
import { cleanEnv, node, type Ran, ROOT, run, scopeGen, succeed, tsc } from "../support/run.ts";

const INSTALLED = ["tsup", "rsbuild", "bun"] as const;
type Tool = Bundler | "context" | (typeof INSTALLED)[number];

/** The pipeline runs every bundler; `npm run verify` installs three more. */
const TOOLS: readonly Tool[] =
  process.env.MODE === "test"
    ? ["vite", "esbuild"]
    : [...BUNDLERS, "context", ...(process.env.MODE === "verify" ? INSTALLED : [])];

const APP = join(ROOT, "fixtures", "apps", "basic");
const BUILD = join(ROOT, "test", "bundlers", "build.js");

/** The repository of the app, with its snapshot and types. */
let committed: string;
beforeAll(async () => {
  committed = await copyApp("basic");
  const { platform } = await servePrompts();
  const pulled = await scopeGen(["pull"], { cwd: committed, env: platform.env });
  await platform.close();
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  await rm(join(committed, ".scope"), { recursive: true });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "App");
});

async function git(...args: string[]): Promise<void> {
  await succeed(run("git", args, { cwd: committed }));
}

async function servePrompts() {
  const dir = await temporaryFolder();
  await cp(join(ROOT, "fixtures", "prompts"), dir, { recursive: true });
  await cp(join(APP, "prompts"), dir, { recursive: true });
  return { dir, platform: await startPlatform({ dir }) };
}

/** @param packages folder of installed packages, which builds of it find. Default none */
async function clone(place: string, packages?: string): Promise<string> {
  const root = join(await temporaryFolder(), place);
  await git("clone", "--quiet", committed, root);
  if (packages !== undefined) await symlink(packages, join(root, "node_modules"), "dir");
  return root;
}

/** Builds a folder again and again: esbuild's context in one process, all others in one for each build. */
function builder(tool: Tool, root: string, env: Readonly<Record<string, string>>): () => Promise<Ran> {
  const bun = join(root, "node_modules", ".bin", "bun");
  // `Bun.build` is a build under any NODE_ENV.
  const bunEnv = { ...env, NODE_ENV: "development" };
  if (tool === "bun") return () => run(bun, [BUILD, tool, root], { cwd: root, env: bunEnv });
  if (tool !== "context") return () => buildApp(tool, root, env);
  const child = fork(BUILD, [tool, root], { env: cleanEnv(env), silent: true });
  onTestFinished(() => child.disconnect());
  return async () => {
    child.send("build");
    const [stderr] = await once(child, "message");
    return { code: stderr === "" ? 0 : 1, stdout: "", stderr };
  };
}

/** What a bundle prints in an empty folder, where no package is installed. */
async function printed(root: string, out: string): Promise<string> {
  const alone = await temporaryFolder();
  await writeTree(alone, { "package.json": '{ "type": "module" }' });
  await cp(join(root, "out", out), alone, { recursive: true });
  const ran = await node(["main.mjs"], { cwd: alone, env: { SCOPE_LIVE: "off" } });
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return ran.stdout;
}

async function printedAtFirst(): Promise<string> {
  const expected = JSON.parse(await readFile(join(APP, "expected.json"), "utf8"));
  return `${JSON.stringify(expected, null, 2)}\n`;
}

const HELD = [
  "code-review@production 1 platform",
  "greeting-template@latest 3 platform",
  "greeting-template@production 2 platform",
  "legal/disclaimer@production 1 platform",
  "letter@production 1 platform",
  "support/triage@production 2 platform",
  "Übersetzung@production 1 platform",
];

describe.each(TOOLS)("%s", (tool) => {
  let packages: string | undefined;
  beforeAll(async () => {
    const installed = INSTALLED.find((one) => one === tool);
    if (installed !== undefined) packages = join((await Application.install(installed)).root, "node_modules");
  }, 300_000);

  it("builds a fresh clone with every kind of import, then again, then with another text, config and import", async () => {
    const { dir, platform } = await servePrompts();
    onTestFinished(() => platform.close());
    const root = await clone("app", packages);
    const build = builder(tool, root, platform.env);
    const prints = async (text: string) => {
      await succeed(build());
      expect(await printed(root, tool)).toBe(text);
    };
    const first = await printedAtFirst();
    await prints(first);
    const fetched = platform.requests.flatMap(({ method, path }) => (method === "GET" ? path : []));
    expect(fetched.sort()).toEqual([...new Set(fetched)].sort());
    if (tool !== "farm") {
      const [output] = await outputsOf(root);
      expect(
        output?.prompts.map((one) => `${one.name}@${one.label} ${one.versionNumber} ${one.source}`),
      ).toEqual(HELD);
    }

    const made = await readTree(join(root, "out"));
    await prints(first);
    expect(await readTree(join(root, "out"))).toEqual(made);

    const letter = await readFile(join(dir, "letter", "1.md"), "utf8");
    await writeTree(dir, { "letter/2.md": letter.replace("Yours", "Best") });
    const changed = first.replace("Yours, <Ada>", "Best, <Ada>");
    await prints(changed);

    const config = JSON.parse(await readFile(join(root, "scope.config.json"), "utf8"));
    await writeTree(root, { "scope.config.json": JSON.stringify({ ...config, live: { interval: 30 } }) });
    await prints(changed);

    const main = await readFile(join(root, "src", "main.ts"), "utf8");
    await writeTree(root, {
      "src/main.ts": `import { more } from "./more.ts";\n${main}console.log(more);\n`,
    });
    await prints(`Rate this from 1 to 5: Thanks 263 1\n${changed}`);
  });

  it("makes the same bytes in two builds of a folder at the same time, wherever it lies and whatever is asked", async () => {
    const { platform } = await servePrompts();
    onTestFinished(() => platform.close());
    const never = { ...platform.env, SCOPE_FETCH: "never" };
    const maps = { TEST_SOURCE_MAP: "true", TEST_MINIFY: "true" };
    const other = { ...never, ...maps, TEST_OUT: "maps" };
    const one = await clone("much/deeper/elsewhere", packages);
    const builds = [never, other].map((env) => builder(tool, one, env)());
    for (const built of await Promise.all(builds)) expect(built, built.stderr).toMatchObject({ code: 0 });
    const two = await clone("app", packages);
    for (const env of [platform.env, other]) {
      await succeed(builder(tool, two, env)());
    }
    const made = await readTree(join(one, "out"));
    expect(made).toEqual(await readTree(join(two, "out")));
    expect(await printed(one, "maps")).toBe(await printedAtFirst());
  });
});

it("tsc accepts the app, and refuses an import that isn't committed", async () => {
  const root = await clone("app");
  await succeed(tsc(["-p", "."], { cwd: root }));
  await writeTree(root, { "src/wrong.ts": 'import "scope:no-such-prompt";' });
  const refused = await tsc(["-p", ".", "--pretty", "false"], { cwd: root });
  expect(refused.stdout).toMatch(/^src\/wrong\.ts\(1,.*\n$/);
});
