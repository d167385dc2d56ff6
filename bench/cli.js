// The command line: its start, `check` against `tsc`, and the memory of a large `pull`. Ratios within one run.
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manyPrompts } from "./size-prompts.js";
import { installCommand } from "./support/install-command.js";
import { makeLargeProject, writePrompts } from "./support/large-project.js";
import { inTurns, median, medianRatio, row, runProcess } from "./support/measure.js";
import { INIT_CONFIG } from "./support/prompt-app.js";
import { servePrompts } from "./support/serve-prompts.js";

export const about =
  "How long commands take, compared with Node's own start and with `tsc`, and how much memory a large pull needs.";

const ROOT = join(import.meta.dirname, "..");
const BARE = join(ROOT, "bench", "support", "bare-requests.js");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const FILES = 2000;
const PROMPTS = 300;
const BREAKING = 10;
const MANY = 10_000;
const LATENCY_MS = 25;

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  const { bin, remove } = await installCommand();
  try {
    const rows = [await versionRow(bin), ...(await unchangedRows(bin)), ...(await startRows(bin))];
    return { rows: [...rows, ...(await checkRows(bin)), await memoryRow(bin)] };
  } finally {
    await remove();
  }
}

async function versionRow(bin) {
  const runs = await inTurns(
    {
      bare: () => timed(process.execPath, ["-e", "0"]),
      ours: () => timed(process.execPath, [bin, "--version"]),
    },
    { rounds: 21 },
  );
  return row("scope-gen --version / node -e 0, wall", medianRatio(runs.ours, runs.bare), 1.6);
}

/** A check that finds everything in step, and what its requests cost by undici alone. */
async function unchangedRows(bin) {
  const count = 10;
  const [json, literal] = [await makeLargeProject(30, count), await makeLargeProject(30, count)];
  await rm(join(literal.app, "scope.config.json"));
  await writeFile(join(literal.app, "scope.config.ts"), INIT_CONFIG);
  // Where it's kept compiled.
  await mkdir(join(literal.app, "node_modules"));
  const empty = join(json.app, "..", "empty.js");
  await writeFile(empty, "");
  await writePrompts(json.prompts, count, 600, 1);
  for (const { name, text } of manyPrompts(count)) {
    await mkdir(join(json.prompts, name));
    await writeFile(join(json.prompts, name, "1.md"), text);
  }
  const platform = await servePrompts(json.prompts, LATENCY_MS);
  const env = { ...process.env, ...platform.env };
  const gen = (command, { app }) => runProcess(bin, [command, "--quiet"], { cwd: app, env });
  try {
    for (const project of [json, literal]) await gen("pull", project);
    const { node, ...others } = await inTurns(
      {
        node: () => runProcess(empty, []),
        json: () => gen("check", json),
        literal: () => gen("check", literal),
        bare: () => runProcess(BARE, [String(count)], { env }),
      },
      { rounds: 21 },
    );
    const names = {
      json: `check online, nothing changed, 30 files, ${count} prompts`,
      literal: "the same, config in TypeScript",
      bare: "its requests, by undici alone",
    };
    return Object.entries(names).flatMap(([kind, name]) => {
      const limit = kind === "json" ? 4.5 : undefined;
      const waited = others[kind].map(({ wallMs }, round) => (wallMs - 2 * LATENCY_MS) / node[round].wallMs);
      return [
        row(
          `${name} / node -e 0: CPU`,
          medianRatio(others[kind], node, ({ cpuMs }) => cpuMs),
          limit,
        ),
        row(`${name}, less two responses of ${LATENCY_MS} ms / node -e 0: wall`, median(waited), limit),
      ];
    });
  } finally {
    platform.close();
    for (const project of [json, literal]) await project.remove();
  }
}

/** What commands that load the type checker cost with Node's compile cache, compared with the same without it. */
async function startRows(bin) {
  const { app, prompts, remove } = await makeLargeProject(30, 10);
  await writePrompts(prompts, 10, 600, 1);
  const platform = await servePrompts(prompts);
  const env = { ...process.env, ...platform.env };
  const commands = {
    "check with a breaking change": (env) => runProcess(bin, ["check"], { cwd: app, env, expected: 3 }),
    init: (env) => inViteProject((cwd) => runProcess(bin, ["init", "--yes"], { cwd, env })),
  };
  try {
    await runProcess(bin, ["pull", "--quiet"], { cwd: app, env });
    await writePrompts(prompts, 10, 600, 2, 1);
    const rows = [];
    for (const [name, command] of Object.entries(commands)) {
      const { kept, none } = await inTurns(
        { kept: () => command(env), none: () => command({ ...env, NODE_DISABLE_COMPILE_CACHE: "1" }) },
        { rounds: 11 },
      );
      const ratio = medianRatio(kept, none, ({ cpuMs }) => cpuMs);
      rows.push(row(`${name}, with / without Node's compile cache: CPU`, ratio, 0.75));
    }
    return rows;
  } finally {
    platform.close();
    await remove();
  }
}

async function inViteProject(use) {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-"));
  try {
    await writeFile(
      join(root, "package.json"),
      `{ "type": "module", "devDependencies": { "vite": "^8.0.0" } }`,
    );
    await writeFile(join(root, "vite.config.ts"), `export default { plugins: [] };\n`);
    return await use(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function checkRows(bin) {
  const project = await makeLargeProject(FILES, PROMPTS);
  await writePrompts(project.prompts, PROMPTS, 600, 1);
  const platform = await servePrompts(project.prompts);
  const options = { cwd: project.app, env: { ...process.env, ...platform.env } };
  const gen = (...args) => [bin, ...args];
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
    platform.close();
    await project.remove();
  }
}

async function memoryRow(bin) {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-"));
  const app = join(root, "app");
  await mkdir(app);
  await writePrompts(join(root, "prompts"), MANY, 2000, 1);
  const names = Array.from({ length: MANY }, (_, index) => `team-${index % 10}/prompt-${index}`);
  await writeFile(join(app, "package-lock.json"), "{}");
  await writeFile(join(app, "scope.config.json"), JSON.stringify({ prompts: names }));
  const platform = await servePrompts(join(root, "prompts"));
  try {
    const child = fork(bin, ["pull", "--quiet"], {
      cwd: app,
      env: { ...process.env, ...platform.env },
      execArgv: ["--import", join(ROOT, "bench", "support", "report-use.js")],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [[{ maxRssKb }], [code]] = await Promise.all([once(child, "message"), once(child, "exit")]);
    if (code !== 0) throw new Error(`pull ended with ${code}`);
    return row(`pull of ${MANY} prompts of 2 KB: peak memory, MB`, Math.round(maxRssKb / 1024), 250);
  } finally {
    platform.close();
    await rm(root, { recursive: true, force: true });
  }
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
