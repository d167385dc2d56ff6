// The command line: its start, `check` against `tsc`, and the memory of a large `pull`. Ratios within one run.
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeLargeProject, writePrompts } from "./support/large-project.js";
import { inTurns, medianRatio, row } from "./support/measure.js";

export const about =
  "How long commands take, compared with Node's own start and with `tsc`, and how much memory a large pull needs.";

const ROOT = join(import.meta.dirname, "..");
const BIN = join(ROOT, "bin", "scope-gen.js");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const FILES = 2000;
const PROMPTS = 300;
const BREAKING = 10;
const MANY = 10_000;

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  return { rows: [await versionRow(), ...(await checkRows()), await memoryRow()] };
}

async function versionRow() {
  const runs = await inTurns(
    {
      bare: () => timed(process.execPath, ["-e", "0"]),
      ours: () => timed(process.execPath, [BIN, "--version"]),
    },
    { rounds: 21 },
  );
  return row("scope-gen --version / node -e 0, wall", medianRatio(runs.ours, runs.bare), 1.6);
}

async function checkRows() {
  const project = await makeLargeProject(FILES, PROMPTS);
  await writePrompts(project.prompts, PROMPTS, 600, 1);
  const platform = await servePrompts(project.prompts);
  const options = { cwd: project.app, env: { ...process.env, ...platform.env } };
  const gen = (...args) => [BIN, ...args];
  try {
    await timed(process.execPath, gen("pull", "--quiet"), options);
    const tsc = () => timed(process.execPath, [TSC, "--noEmit", "-p", "."], options);
    const offline = await inTurns(
      { tsc, ours: () => timed(process.execPath, gen("check", "--fetch", "never"), options) },
      { rounds: 5 },
    );
    // Every prompt's types change, which reaches every file; some calls break.
    await writePrompts(project.prompts, PROMPTS, 600, 2, BREAKING);
    const online = await inTurns(
      { tsc, ours: () => timed(process.execPath, gen("check"), options, 3) },
      { rounds: 5 },
    );
    const title = `${FILES} files, ${PROMPTS} prompts`;
    return [
      row(`check offline / tsc --noEmit, ${title}, wall`, medianRatio(offline.ours, offline.tsc), 0.3),
      row(
        `check online, all types changed / tsc --noEmit, ${title}, wall`,
        medianRatio(online.ours, online.tsc),
        1.5,
      ),
    ];
  } finally {
    await platform.close();
    await project.remove();
  }
}

async function memoryRow() {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-"));
  const app = join(root, "app");
  await mkdir(app);
  await writePrompts(join(root, "prompts"), MANY, 2000, 1);
  const names = Array.from({ length: MANY }, (_, index) => `team-${index % 10}/prompt-${index}`);
  await writeFile(join(app, "package-lock.json"), "{}");
  await writeFile(join(app, "scope.config.json"), JSON.stringify({ prompts: names }));
  const platform = await servePrompts(join(root, "prompts"));
  try {
    const child = fork(BIN, ["pull", "--quiet"], {
      cwd: app,
      env: { ...process.env, ...platform.env },
      execArgv: ["--import", join(ROOT, "bench", "support", "report-use.js")],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [[{ maxRssKb }], [code]] = await Promise.all([once(child, "message"), once(child, "exit")]);
    if (code !== 0) throw new Error(`pull ended with ${code}`);
    return row(`pull of ${MANY} prompts of 2 KB: peak memory, MB`, Math.round(maxRssKb / 1024), 250);
  } finally {
    await platform.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** The platform in a process of its own, so that it takes no turn from what is measured. */
async function servePrompts(dir) {
  const child = spawn(process.execPath, [BIN, "serve", dir, "--port", "0", "--json", "--quiet"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.endsWith("}\n")) break;
  }
  const { env } = JSON.parse(text);
  return {
    env,
    async close() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** Milliseconds that a command takes; anything but the expected exit code is a failure of the bench. */
async function timed(command, args, options = {}, expected = 0) {
  const startedAt = performance.now();
  const child = spawn(command, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== expected) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
  return performance.now() - startedAt;
}
