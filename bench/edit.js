// How long an edit on the platform takes to show in an open page: dev servers of their own processes, real Chromium.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chromium } from "playwright-core";
import { startPlatform } from "../dist/platform.js";
import { row } from "./support/measure.js";

export const about =
  "How long an edit on the platform takes to show in an open page, beyond the interval at which the dev server asks.";

const ROOT = join(import.meta.dirname, "..");
const BUNDLERS = ["vite", "webpack", "rspack"];
const APPS = ["plain", "react", "vue", "svelte"];
const EDITS = 10;
/** Seconds between two polls. */
const INTERVAL = 0.5;
const LIMIT_MS = 150;
/** An edit that takes longer is lost, and ends the bench. */
const LOST_MS = 20_000;

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "scope-bench-"));
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
  try {
    const rows = [];
    for (const bundler of BUNDLERS) {
      for (const app of APPS) {
        const times = await measure(context, join(folder, `${bundler}-${app}`), bundler, app);
        const name = `edit to page, ${bundler}, ${app}: ms past the interval, worst of ${EDITS}`;
        rows.push(row(name, Math.max(...times), LIMIT_MS));
      }
    }
    return { rows };
  } finally {
    await context.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

/** Milliseconds past the interval, edit by edit. */
async function measure(context, folder, bundler, app) {
  const root = join(folder, "app");
  const prompts = join(folder, "prompts");
  const save = (version) =>
    writeWhole(folder, join(prompts, "greeting", `${version}.md`), `Hello {{name}} v${version}.`);
  await mkdir(join(prompts, "greeting"), { recursive: true });
  await mkdir(join(prompts, "chat"));
  await writeFile(join(prompts, "chat", "1.json"), '[{ "role": "system", "content": "answers" }]');
  await save(1);
  await copyApp(app, root);
  const platform = await startPlatform({ dir: prompts });
  const server = await startServer(bundler, root, app, platform.env);
  const page = await context.newPage();
  try {
    await page.goto(server.url);
    await showsAt(page, 1);
    // The first types are written, and a bundler may load the page once more for packages that it found.
    await wait(3000);
    await showsAt(page, 1);
    const times = [];
    for (let version = 2; version < EDITS + 2; version++) {
      // At another place within the interval each time.
      await wait(INTERVAL * 1000 * (1 + (version % 7) / 7));
      await save(version);
      const savedAt = Date.now();
      times.push((await showsAt(page, version)) - savedAt - INTERVAL * 1000);
    }
    return times;
  } finally {
    await page.close();
    await server.stop();
    await platform.close();
  }
}

/** In one step: a poll must not find half a file. */
async function writeWhole(folder, file, text) {
  const temporary = join(folder, "being-written");
  await writeFile(temporary, text);
  await rename(temporary, file);
}

async function copyApp(app, root) {
  await cp(join(ROOT, "fixtures", "apps", `dev-${app}`), root, { recursive: true });
  await writeFile(join(root, "package-lock.json"), "{}");
  await mkdir(join(root, "node_modules"));
  await symlink(ROOT, join(root, "node_modules", "unplugin-scope"), "dir");
  for (const name of ["react", "react-dom", "vue", "svelte"]) {
    await symlink(join(ROOT, "node_modules", name), join(root, "node_modules", name), "dir");
  }
}

/** When the page shows this version, by its own clock, which is the machine's; it may be loaded again for it. */
async function showsAt(page, version) {
  const shown = await page.waitForFunction(
    (text) => document.querySelector("#text")?.textContent?.includes(text) && Date.now(),
    `v${version}.`,
    { polling: 2, timeout: LOST_MS },
  );
  return shown.jsonValue();
}

async function startServer(bundler, root, app, env) {
  const program = join(ROOT, "test", "browser", "dev-server.js");
  const child = spawn(process.execPath, [program, bundler, root, app], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      // Building, as another bench does, leaves "production" here, under which React refreshes nothing.
      NODE_ENV: "development",
      TEST_PLUGIN_OPTIONS: JSON.stringify({ dev: { interval: INTERVAL } }),
    },
    stdio: "pipe",
  });
  const url = await new Promise((done, fail) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
        const [, found] = /ready (\S+)/.exec(output) ?? [];
        if (found) done(found);
      });
    }
    child.on("exit", () => fail(new Error(`The ${bundler} server ended.\n${output}`)));
  });
  return {
    url,
    stop() {
      const ended = new Promise((done) => child.once("close", done));
      child.stdin.end();
      return ended;
    },
  };
}
