// Edits without end: what a dev server and a production server hold on to, and whether they show every edit.
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import { buildApp, makeApp, outputFile, replaceFile, temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, ROOT } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { growth } from "./growth.ts";
import { type DrillSize, recordDrill } from "./report.ts";
import { Viewer } from "./viewer.ts";

const PROMPTS = Array.from({ length: 20 }, (_, i) => `prompt-${i}`);
const EDITS_PER_SECOND = 20;
/** Older versions are removed, as the folder of a prompt would otherwise be what grows. */
const VERSIONS_KEPT = 5;
/** An edit that does not show within this time, and is not superseded, is lost. */
const LOST_MS = 30_000;
/** Two in each quarter: fewer don't make a line. */
const LEAST_SAMPLES = 8;

const SIZES = { short: { seconds: 5, heapMb: 30 }, long: { seconds: 1200, heapMb: 4 } };
/** Timers, files and sockets come and go with every poll; one that an edit leaves makes hundreds. */
const MAX_MORE = 40;

export function drillSoak(size: DrillSize): void {
  const { seconds, heapMb } = SIZES[size];
  const timeout = (seconds + 120) * 1000;
  it("a dev server and a live server show every edit and don't leak", { timeout }, async () => {
    const { edits, servers, viewers } = await soak(seconds);
    for (const [name, { heapGrowth, more, warnings }] of Object.entries(servers)) {
      expect(heapGrowth, name).toBeLessThan(heapMb * 1e6);
      expect(warnings, name).toEqual([]);
      // A server of five seconds still reads its files: only in the long form are requests at rest.
      const compared = Object.entries(more).filter(([kind]) => size === "long" || !kind.includes("Req"));
      for (const [kind, count] of compared) expect(count, `${name}: ${kind}`).toBeLessThan(MAX_MORE);
    }
    const heaps = Object.entries(servers).map(
      ([name, { heapUsed, heapGrowth }]) =>
        `${name} server's heap ${(heapUsed / 1e6).toFixed(1)} MB, ${(heapGrowth / 1e6).toFixed(2)} MB more over the second half`,
    );
    const seen = Object.entries(viewers).map(
      ([name, { seen, worstMs }]) => `${name} ${seen} (${(worstMs / 1000).toFixed(1)} s behind at most)`,
    );
    recordDrill(
      "soak",
      `${edits} edits of 20 prompts in ${seconds} s: ${heaps.join(", ")}; the number of handles and listeners did not grow; every edit seen or superseded, none taken back: ${seen.join(", ")}`,
    );
  });
}

/** What a server holds after a garbage collection. */
interface State {
  readonly heapUsed: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly emitters: number;
  readonly listeners: number;
}

/** Edits twenty prompts in turn for so many seconds, before the eyes of a dev server and a live server. */
async function soak(seconds: number) {
  const prompts = await temporaryFolder();
  const editor = new Editor(prompts);
  for (const name of PROMPTS) await editor.edit(name);
  const platform = await startPlatform({ dir: prompts });
  const closing: (() => unknown)[] = [() => platform.close()];
  try {
    const dev = await startDevServer(platform);
    closing.unshift(() => dev.stop());
    const live = await startLiveServer(platform);
    closing.unshift(() => live.stop());
    const [, renderingUrl = "", url = ""] = await dev.said(/ready (\S+) (\S+)/);
    const viewers = {
      page: new Viewer(editor.saved, LOST_MS),
      rendering: new Viewer(editor.saved, LOST_MS),
      live: new Viewer(editor.saved, LOST_MS),
    };
    const page = await openPage(url, viewers.page);
    closing.unshift(() => page.close());
    const rendering = async () => {
      const askedAt = performance.now();
      const response = await fetch(renderingUrl).catch((error) => {
        throw new Error(`The dev server did not render.\n${dev.output.slice(-5000)}`, { cause: error });
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`The dev server failed to render.\n${text}\n${dev.output}`);
      viewers.rendering.saw(text, askedAt);
    };
    const served = async () => {
      const askedAt = performance.now();
      viewers.live.saw(await live.ask<string>("shown"), askedAt);
    };
    await rendering();
    await served();

    const until = performance.now() + seconds * 1000;
    const samples: Record<"dev" | "live", State[]> = { dev: [], live: [] };
    const isOver = () => performance.now() >= until;
    let edits = 0;
    await Promise.all([
      every(1000 / EDITS_PER_SECOND, isOver, () => editor.edit(PROMPTS[edits++ % PROMPTS.length] as string)),
      every(100, isOver, rendering),
      every(100, isOver, served),
      every(100, isOver, () => viewers.page.check(performance.now())),
      every(
        (seconds * 1000) / 40,
        () => isOver() && samples.live.length >= LEAST_SAMPLES,
        async () => {
          samples.dev.push(await dev.ask<State>("state"));
          samples.live.push(await live.ask<State>("state"));
        },
      ),
    ]);
    for (const [name, viewer] of Object.entries(viewers)) {
      await waitFor(
        `the last edits, ${name}`,
        async () => {
          await rendering();
          await served();
          return viewer.hasLast();
        },
        { timeoutMs: LOST_MS, describe: () => JSON.stringify([viewer.latest, dev.output.slice(-2000)]) },
      );
    }
    return {
      edits,
      servers: { dev: measured(samples.dev, dev.output), live: measured(samples.live, live.output) },
      viewers,
    };
  } finally {
    for (const close of closing) await close();
    await rm(prompts, { recursive: true, maxRetries: 5 });
  }
}

/** Saves new versions, each in one step, and knows when. */
class Editor {
  /** By prompt: when each version was saved, the first one first. */
  readonly saved = new Map<string, number[]>();

  constructor(readonly dir: string) {}

  async edit(name: string): Promise<void> {
    const times = this.saved.get(name) ?? [];
    this.saved.set(name, times);
    const version = times.length + 1;
    // The first prompt drops a variable and takes it up again: a contract that changes makes dev write files.
    const topic = name === PROMPTS[0] && version % 2 === 0 ? "" : " about {{topic}}";
    const file = join(this.dir, name, `${version}.md`);
    const text = `Hello {{name}}${topic}: ${name} v${version}.`;
    if (version === 1) await writeTree(this.dir, { [`${name}/1.md`]: text });
    else await replaceFile(file, text);
    times.push(performance.now());
    if (version > VERSIONS_KEPT) await rm(join(this.dir, name, `${version - VERSIONS_KEPT}.md`));
  }
}

/** Runs it again and again, no sooner than so many ms after it began, until it is over. */
async function every(ms: number, isOver: () => boolean, run: () => Promise<void> | void): Promise<void> {
  for (let at = performance.now(); !isOver(); at += ms) {
    await run();
    await wait(Math.max(0, at + ms - performance.now()));
  }
}

const SHOWN = [
  ...PROMPTS.map((name, i) => `import render${i} from "scope:${name}";`),
  `const all = [${PROMPTS.map((_, i) => `render${i}`).join(", ")}];`,
  `export const shown = () => all.map((render) => render({ name: "Ada", topic: "looms" })).join("\\n");`,
  "",
].join("\n");

async function startDevServer(platform: Platform): Promise<SoakServer> {
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": JSON.stringify({
      dev: { interval: 0.5, maxRequestsPerSecond: 50 },
      clientBundle: "allow",
    }),
    "src/shown.js": SHOWN,
    "src/page.js": `import { shown } from "./shown.js";\ndocument.body.textContent = shown();\n`,
    "src/render.js": `export { shown as render } from "./shown.js";\n`,
  });
  await linkPackage(root);
  const program = join(ROOT, "test", "run", "dev", "ssr-server.js");
  const env = { ...platform.env, TEST_LISTENS: "true", TEST_PLUGIN_OPTIONS: "{}" };
  return new SoakServer([program, root, "ssrLoadModule"], root, env);
}

async function startLiveServer(platform: Platform): Promise<SoakServer> {
  const root = await makeApp({
    "scope.config.json": JSON.stringify({
      live: { interval: 0.5, maxRequestsPerSecond: 50 },
      // The variable that comes and goes: without this, a live server keeps a version that has it.
      prompts: { [PROMPTS[0] as string]: { provides: ["topic"] } },
      dts: false,
    }),
    "src/main.ts": `${SHOWN.replaceAll(/"scope:([^"]+)"/g, '"scope:$1?live"')}
setInterval(shown, 50);
process.on("message", (message) => {
  if (message === "shown") process.send({ shown: shown() });
});
`,
  });
  await linkPackage(root);
  const { code, stderr } = await buildApp("esbuild", root, platform.env);
  if (code !== 0) throw new Error(`The live server did not build.\n${stderr}`);
  return new SoakServer([outputFile("esbuild", root)], root, platform.env);
}

/** A server that says what it holds. */
class SoakServer extends ServerProcess {
  constructor(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
    const report = ["--expose-gc", "--import", join(import.meta.dirname, "soak-report.js")];
    super([...report, ...args], cwd, env, ["pipe", "pipe", "pipe", "ipc"]);
  }

  /** Sends a word; the answer is what comes back under it. */
  async ask<T>(word: string): Promise<T> {
    this.child.send(word);
    for (;;) {
      const [message] = await Promise.race([
        once(this.child, "message"),
        this.ended.then(() => Promise.reject(new Error(`The server ended.\n${this.output}`))),
      ]);
      if (word in message) return message[word];
    }
  }

  override stop(): Promise<void> {
    this.signal("SIGKILL");
    return super.stop();
  }
}

/** A page without a browser: loads the modules over HTTP, and again the ones that an update names. */
async function openPage(url: string, viewer: Viewer): Promise<WebSocket> {
  const get = async (path: string) => {
    const askedAt = performance.now();
    const response = await fetch(new URL(path, url));
    const text = await response.text();
    if (!response.ok) throw new Error(`The page could not load ${path}: ${response.status}\n${text}`);
    if (path.includes("prompt-")) viewer.saw(text, askedAt);
    return text;
  };
  const [, token] = /wsToken = "([^"]+)"/.exec(await get("/@vite/client")) ?? [];
  await get("/src/page.js");
  const imports = (await get("/src/shown.js")).matchAll(/\bimport [^";]*"([^"]+)"/g);
  for (const [, path = ""] of imports) await get(path);
  const socket = new WebSocket(`${url.replace("http", "ws")}?token=${token}`, "vite-hmr");
  socket.on("message", (data) => {
    const { type, updates = [] } = JSON.parse(String(data));
    if (type === "full-reload") throw new Error("The page was reloaded as a whole.");
    for (const { acceptedPath, timestamp } of updates) void get(`${acceptedPath}?t=${timestamp}`);
  });
  await once(socket, "open");
  return socket;
}

function measured(samples: readonly State[], output: string) {
  const quarter = Math.floor(samples.length / 4);
  const second = samples.slice(quarter, 2 * quarter);
  const last = samples.slice(-quarter);
  const kinds = new Set(samples.flatMap(({ resources }) => Object.keys(resources)));
  // Requests under way come and go; what leaks is there at the quietest moment too.
  const more = (count: (state: State) => number) =>
    Math.min(...last.map(count)) - Math.min(...second.map(count));
  return {
    // By a line through all the samples of the second half.
    heapGrowth: growth(samples.slice(2 * quarter).map(({ heapUsed }) => heapUsed)),
    heapUsed: samples.at(-1)?.heapUsed ?? 0,
    /** What there is more of in the last quarter than in the second one, by kind. */
    more: {
      emitters: more(({ emitters }) => emitters),
      "process listeners": more(({ listeners }) => listeners),
      ...Object.fromEntries([...kinds].map((kind) => [kind, more(({ resources }) => resources[kind] ?? 0)])),
    },
    warnings: output.split("\n").filter((line) => /MaxListeners|Error:/.test(line)),
  };
}
