import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { readdir, readFile, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { isFileMissing } from "../../src/files/read-file.ts";
import { isLeftover } from "../../src/files/staged-files.ts";
import { cli, type TestProject, testProject } from "../commands/cli-helpers.ts";
import { replaceFile } from "../support/app.ts";
import { cleanEnv, linkPackage, ROOT } from "../support/run.ts";
import { waitFor } from "../support/wait-for.ts";
import { type DrillSize, recordDrill } from "./report.ts";

const BIN = join(ROOT, "bin", "scope-gen.js");
const PROMPTS = Array.from({ length: 12 }, (_, at) => `prompt-${at}`);
/** Files by path from the project's folder. */
type Tree = ReadonlyMap<string, string>;
/** Production is version 1 of every prompt, or version 2: another contract, another text. */
type State = 1 | 2;

/** What became of a number of kills: after some, something of the killed process lay there; some came between the first file and the last. */
interface Kills {
  readonly kills: number;
  readonly leftovers: number;
  readonly between: number;
}

const COUNTS = { short: { command: 3, server: 1 }, long: { command: 200, server: 100 } };

export function drillKill(size: DrillSize): void {
  const { command, server } = COUNTS[size];
  const timeout = 1_200_000;
  describe("SIGKILL at a random moment leaves every file complete, and the next run repairs the rest", () => {
    it("of pull", { timeout }, async () => record("`pull`", await killCommand(["pull"], "scope", command)));
    it("of emit", { timeout }, async () =>
      record("`emit`", await killCommand(["emit", "--out-dir", "out"], "out", command)),
    );
    it("of a development server", { timeout }, async () =>
      record("a development server that writes", await killDevServer(server)),
    );
  });
}

function record(what: string, { kills, leftovers, between }: Kills): void {
  recordDrill(
    "kill",
    `${kills} kills of ${what} (${leftovers} left staged files, ${between} came while files took their places): 0 torn files, 0 not repaired by the next run, 0 files left after it`,
  );
}

/** Numbers from 0 to 1, the same ones for one seed, which is printed. `DRILL_SEED` gives it. */
export function seededRandom(): () => number {
  let state = Number(process.env.DRILL_SEED ?? Math.floor(Math.random() * 2 ** 32));
  console.log(`DRILL_SEED=${state}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Kills a command at random moments: half of them within the whole of its time, half after the first file that it
 * writes. After each, every file is the old one or the new one; the same command, not killed, then leaves what it
 * always leaves, byte for byte, and nothing else.
 */
async function killCommand(argv: readonly string[], folder: string, size: number): Promise<Kills> {
  const random = seededRandom();
  const project = await killProject();
  const { root, env } = project;
  const states = { 1: await runWhole(project, argv, 1), 2: await runWhole(project, argv, 2) };
  const started = performance.now();
  await ended(startCommand(project, argv));
  const durationMs = performance.now() - started;
  const seen = { kills: 0, leftovers: 0, between: 0 };
  for (let state: State = 1; seen.kills < size; state = state === 1 ? 2 : 1) {
    await point(project, state);
    const child = startCommand(project, argv);
    const end = ended(child);
    if (random() < 0.5) await Promise.race([sleep(random() * durationMs), end]);
    else await Promise.race([firstChange(join(root, folder)).then(() => sleep(random() * 8)), end]);
    child.kill("SIGKILL");
    if ((await end) === "SIGKILL") {
      seen.kills += 1;
      await age(root);
      const tree = await readTree(root);
      const kinds = new Set<State>();
      for (const [path, text] of tree) {
        if (isOf(path, isLeftover)) continue;
        const [old, fresh] = [states[1].get(path), states[2].get(path)];
        expect([old, fresh], `${path} is whole`).toContain(text);
        if (old !== fresh) kinds.add(text === old ? 1 : 2);
      }
      expect([...states[1].keys()].filter((path) => !tree.has(path))).toEqual([]);
      if ([...tree.keys()].some((path) => isOf(path, isLeftover))) seen.leftovers += 1;
      if (kinds.size > 1) seen.between += 1;
    }
    expect(await cli(argv, { cwd: root, env })).toMatchObject({ code: 0 });
    expect(await readTree(root)).toEqual(states[state]);
  }
  return seen;
}

/** As if half a minute had passed: until then a machine of the same name could need what is staged. */
async function age(root: string): Promise<void> {
  const past = new Date(Date.now() - 31_000);
  for (const path of await readdir(root, { recursive: true }))
    if (isLeftover(basename(path))) await utimes(join(root, path), past, past);
}

/** The same for a development server that writes snapshot and types; the next one repairs what it left. */
async function killDevServer(size: number): Promise<Kills> {
  const random = seededRandom();
  const project = await killProject();
  const { root, env } = project;
  await linkPackage(root);
  const states = { 1: await runWhole(project, ["pull"], 1), 2: await runWhole(project, ["pull"], 2) };
  const seen = { kills: 0, leftovers: 0, between: 0 };
  let state: State = 2;
  while (seen.kills < size) {
    const server = spawn(process.execPath, [join(ROOT, "test", "drills", "dev-server.js"), root], {
      cwd: root,
      env: cleanEnv(env),
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void server.kill("SIGKILL"));
    const end = ended(server);
    await Promise.race([once(server.stdout, "data"), end]);
    const wanted = ofProject(states[state]);
    // What the server has staged itself goes a moment after its files are in place.
    await waitFor("a repaired project without leftovers", async () => {
      const tree = await readTree(root).catch((error: unknown) => {
        // The server has removed a file while it was read.
        if (isFileMissing(error)) return undefined;
        throw error;
      });
      if (tree === undefined || [...tree.keys()].some((path) => isOf(path, isLeftover))) return false;
      const committed = ofProject(tree);
      return [...wanted].every(([path, text]) => committed.get(path) === text);
    });
    state = state === 1 ? 2 : 1;
    const change = firstChange(join(root, "scope"));
    await point(project, state);
    if (random() < 0.3) await sleep(random() * 700);
    else await change.then(() => sleep(random() * 60));
    server.kill("SIGKILL");
    expect(await end).toBe("SIGKILL");
    seen.kills += 1;
    await age(root);
    const tree = await readTree(root);
    if ([...tree.keys()].some((path) => isOf(path, isLeftover))) seen.leftovers += 1;
    const kinds = new Set<State>();
    for (const [path, text] of ofProject(tree)) {
      if (isOf(path, isLeftover)) continue;
      const [old, fresh] = [states[1].get(path), states[2].get(path)];
      // The types are of all prompts, some of which had changed.
      if (path.endsWith(".d.ts")) expectBlocks(text, [old ?? "", fresh ?? ""]);
      else if (path.endsWith(".map")) JSON.parse(text);
      else expect([old, fresh], `${path} is whole`).toContain(text);
      if (old !== fresh) kinds.add(text === old ? 1 : 2);
    }
    if (kinds.size > 1) seen.between += 1;
  }
  return seen;
}

/** Each `declare module`, with its comment, is the old or the new one, and none is missing. */
function expectBlocks(text: string, [old, fresh]: readonly [string, string]): void {
  const split = (types: string) => types.split(/^(?=\/\*\*$)/m);
  const [before, after] = [split(old), split(fresh)];
  const now = split(text);
  expect(now).toHaveLength(before.length);
  for (const [at, block] of now.entries()) expect([before[at], after[at]]).toContain(block);
}

async function killProject(): Promise<TestProject> {
  const versions = PROMPTS.flatMap((name, at) => [
    [`${name}/1.md`, `Old {{old_${at}}}\n${"An old line.\n".repeat(at * 80)}`],
    [`${name}/2.md`, `New {{new_${at}}}\n${"A new line.\n".repeat(at * 80)}`],
  ]);
  const imports = PROMPTS.map((name, at) => `import p${at} from "scope:${name}";\n`);
  const uses = `export default [${PROMPTS.map((_, at) => `p${at}`)}];\n`;
  return testProject(
    {
      "scope.config.json": JSON.stringify({ dev: { interval: 0.2 } }),
      "src/prompts.ts": imports.join("") + uses,
    },
    Object.fromEntries(versions),
  );
}

async function point({ prompts }: TestProject, production: State): Promise<void> {
  for (const name of PROMPTS)
    await replaceFile(join(prompts, name, "prompt.json"), JSON.stringify({ production }));
}

async function runWhole(project: TestProject, argv: readonly string[], state: State): Promise<Tree> {
  await point(project, state);
  expect(await cli(argv, { cwd: project.root, env: project.env })).toMatchObject({ code: 0 });
  return readTree(project.root);
}

function startCommand({ root, env }: TestProject, argv: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: root, env: cleanEnv(env), stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The signal that ended it. */
async function ended(child: ChildProcess): Promise<string | null> {
  const [, signal] = await once(child, "close");
  return signal;
}

async function firstChange(folder: string): Promise<void> {
  const watcher = watch(folder);
  await once(watcher, "change");
  watcher.close();
}

async function readTree(root: string): Promise<Tree> {
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile() && !file.parentPath.includes("node_modules"))
    .map((file) => join(file.parentPath, file.name).slice(root.length + 1))
    // The record of runs has the time in it.
    .filter((path) => !path.includes(join(".scope", "runs")));
  const textOf = async (path: string) => {
    // Of a server that runs: it may be gone by now.
    if (isOf(path, isLeftover)) return "";
    return readFile(join(root, path), "utf8");
  };
  return new Map(await Promise.all(paths.sort().map(async (path) => [path, await textOf(path)] as const)));
}

/** Without the generated modules. */
function ofProject(tree: Tree): Tree {
  return new Map([...tree].filter(([path]) => !path.startsWith(".scope/")));
}

function isOf(path: string, is: (name: string) => boolean): boolean {
  return path.split("/").some(is);
}
