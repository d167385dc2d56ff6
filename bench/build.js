// Builds as whole processes: through the plugin, and with the same modules as the application's own files.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inTurns, median, medianRatio, row, runProcess } from "./support/measure.js";
import { build, INIT_CONFIG, makeApp, platformOf } from "./support/prompt-app.js";
import { servePrompts } from "./support/serve-prompts.js";

export const about =
  "How long a build takes with the plugin, compared with the same modules as files of your own. Each build begins without generated files, and compiles every prompt that is imported.";

const BARE = join(import.meta.dirname, "support", "bare-requests.js");
const BUNDLERS = ["vite", "esbuild", "rollup", "rolldown", "webpack", "rspack"];
/** The faster a build is, the more of its time is chance. */
const ROUNDS = { short: 31, long: 15 };

/** The shapes of an application that is built next to its twin. */
const SHAPES = [
  {
    title: "1 prompt",
    app: { committed: 1, files: [1] },
    rounds: ROUNDS.short,
  },
  {
    title: "1,000 prompts in 250 files",
    app: { committed: 1000, files: Array(250).fill(4) },
    rounds: ROUNDS.long,
  },
  {
    title: "1,000 prompts in 1 file",
    app: { committed: 1000, files: [1000] },
    bundlers: BUNDLERS.slice(0, 2),
    rounds: ROUNDS.long,
  },
];

/**
 * @param shapes titles; default all of them, and the pairs of projects
 * @returns {Promise<{ rows: { name: string, value: number, limit: number | undefined, met: boolean }[] }>}
 */
export async function run({ shapes, bundlers = BUNDLERS } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "scope-bench-"));
  const rows = [];
  try {
    for (const [at, shape] of SHAPES.entries()) {
      if (shapes !== undefined && !shapes.includes(shape.title)) continue;
      const root = await makeProject(join(folder, `shape-${at}`), shape.app);
      for (const bundler of shape.bundlers ?? bundlers)
        rows.push(...(await besideTwin(root, bundler, shape)));
      await rm(root, { recursive: true });
    }
    if (shapes === undefined || shapes.includes("listed")) rows.push(...(await listedRows(folder)));
    if (shapes === undefined || shapes.includes("code")) rows.push(...(await codeRows(folder)));
    if (shapes === undefined || shapes.includes("committed")) rows.push(...(await committedRows(folder)));
    for (const count of Object.keys(FRESH_LIMITS).map(Number))
      if (shapes === undefined || shapes.includes(`fresh ${count}`))
        rows.push(...(await freshRows(folder, count, bundlers.slice(0, 2))));
    return { rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function besideTwin(root, bundler, { title, rounds }) {
  const kinds = { ours: () => coldBuild(root, bundler), theirs: () => build(root, bundler, "disk") };
  return ratios(`${bundler}, ${title} / from disk`, await inTurns(kinds, { rounds }));
}

async function coldBuild(root, bundler, how) {
  await rm(join(root, ".scope"), { recursive: true, force: true });
  return build(root, bundler, "plugin", how);
}

/** A name that is listed in the config and that nobody imports costs nothing. */
async function listedRows(folder) {
  const listing = (count) => {
    const names = Array.from({ length: count }, (_, i) => JSON.stringify(`prompt-${i}`));
    return INIT_CONFIG.replace("  label", `  prompts: [${names.join(", ")}],\n  label`);
  };
  const app = { committed: 1000, files: [1] };
  const one = await makeProject(join(folder, "listed-one"), { ...app, config: listing(1) });
  const all = await makeProject(join(folder, "listed-all"), { ...app, config: listing(1000) });
  const rows = [];
  for (const bundler of ["vite", "esbuild"]) {
    const kinds = { ours: () => coldBuild(all, bundler), theirs: () => coldBuild(one, bundler) };
    const title = `${bundler}, 1 of 1,000 names in the config / 1 of 1`;
    rows.push(...ratios(title, await inTurns(kinds, { rounds: ROUNDS.short }), 1.1));
  }
  return rows;
}

/** A config that has to be run, as JavaScript and with types in it. */
async function codeRows(folder) {
  const configs = {
    "a config that is code": INIT_CONFIG.replace('"production"', 'process.env.PROMPT_LABEL ?? "production"'),
    "a config with types": INIT_CONFIG.replace(
      "export",
      'const label: string = "production";\n\nexport',
    ).replace('label: "production"', "label"),
  };
  const rows = [];
  for (const [title, config] of Object.entries(configs)) {
    const root = await makeProject(join(folder, title), { committed: 1, files: [1], config });
    rows.push(...(await besideTwin(root, "esbuild", { title, rounds: ROUNDS.short })));
  }
  return rows;
}

/** A prompt that is committed and that nobody imports costs nothing. */
async function committedRows(folder) {
  const ten = await makeProject(join(folder, "of-ten"), { committed: 10, files: [10] });
  const all = await makeProject(join(folder, "of-all"), { committed: 10_000, files: [10] });
  const rows = [];
  for (const [bundler, command] of [
    ["vite", "build"],
    ["esbuild", "build"],
    ["vite", "serve"],
  ]) {
    const kinds = {
      ours: () => coldBuild(all, bundler, { command }),
      theirs: () => coldBuild(ten, bundler, { command }),
    };
    const title = `${bundler}, ${command}, 10 of 10,000 committed prompts / 10 of 10`;
    rows.push(...ratios(title, await inTurns(kinds, { rounds: ROUNDS.short }), 1.1));
  }
  return rows;
}

/** A response takes so long, on a platform in a process of its own. */
const LATENCY_MS = 25;
/** What a build that asks the platform may have over the modules on disk, in ms on Node 24: CPU, and wall of either. */
const FRESH_LIMITS = { 6: { vite: 150, esbuild: 180, wall: 120 }, 250: { vite: 620, esbuild: 620 } };

/**
 * A build that asks the platform, which serves what is committed, and what its requests cost by undici alone: in
 * milliseconds more than the modules on disk, and more than an empty program.
 */
async function freshRows(folder, count, bundlers) {
  const files = count < 10 ? [count] : Array(count / 10).fill(10);
  const root = await makeProject(join(folder, `fresh-${count}`), { committed: count, files });
  const platform = await servePrompts(platformOf(root), LATENCY_MS);
  const title = `${count} unchanged prompts`;
  const limits = FRESH_LIMITS[count];
  const rows = [];
  try {
    for (const bundler of bundlers) {
      const kinds = {
        ours: () => coldBuild(root, bundler, { env: platform.env }),
        theirs: () => build(root, bundler, "disk"),
      };
      const { ours, theirs } = await inTurns(kinds, { rounds: ROUNDS.long });
      const name = `${bundler}, fresh, ${title}, more than from disk`;
      rows.push(
        row(`${name}: CPU, ms`, medianMore(ours, theirs, "cpuMs"), limits[bundler]),
        row(
          `${name} and two responses of ${LATENCY_MS} ms: wall, ms`,
          medianMore(ours, theirs, "wallMs") - 2 * LATENCY_MS,
          limits.wall,
        ),
      );
    }
    const bare = {
      ours: () => runProcess(BARE, [String(count)], { env: { ...process.env, ...platform.env } }),
      theirs: () => runProcess(BARE, ["0"]),
    };
    const { ours, theirs } = await inTurns(bare, { rounds: ROUNDS.long });
    rows.push(row(`undici alone, the requests for ${title}: CPU, ms`, medianMore(ours, theirs, "cpuMs")));
    return rows;
  } finally {
    platform.close();
  }
}

function medianMore(ours, theirs, part) {
  return Math.round(median(ours.map((each, round) => each[part] - theirs[round][part])));
}

async function makeProject(root, app) {
  await mkdir(root);
  await makeApp(root, app);
  return root;
}

/** Wall and CPU of the same processes. */
function ratios(title, { ours, theirs }, limit) {
  return [
    row(
      `${title}: wall`,
      medianRatio(ours, theirs, ({ wallMs }) => wallMs),
      limit,
    ),
    row(
      `${title}: CPU`,
      medianRatio(ours, theirs, ({ cpuMs }) => cpuMs),
      limit,
    ),
  ];
}
