// Live prompts: a render against the compiled one within one run, the bytes that live adds, and what a thousand of them cost.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import scope from "../dist/esbuild.js";
import { startPlatform } from "../dist/platform.js";

export const about =
  "What a live prompt costs, compared with a compiled one: to render, in the bundle, and for a server with a thousand.";

const ROUNDS = 41;
const LOAD_PROMPTS = 1000;
const LOAD_SECONDS = 60;

const paragraph = "Answer {{name}} in the voice of {{brand}}, and never mention {{topic}} unless asked. ";
const PROMPTS = {
  short: "Hello {{name}}, welcome to {{brand}}.",
  "1.5 KB": paragraph.repeat(18),
  "20 KB": paragraph.repeat(240),
  chat: JSON.stringify([
    { role: "system", content: paragraph },
    { role: "user", content: "{{topic}}" },
  ]),
};
const VALUES = { name: "Ada Lovelace", brand: "Looms & Sons", topic: "the competition" };

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-live-"));
  const names = Object.keys(PROMPTS).map((_, i) => `prompt-${i}`);
  const contents = Object.values(PROMPTS);
  for (const [i, content] of contents.entries()) {
    await write(join(root, "prompts", names[i], content.startsWith("[") ? "1.json" : "1.md"), content);
  }
  for (let i = 0; i < LOAD_PROMPTS; i++) await write(join(root, "prompts", `load-${i}`, "1.md"), paragraph);
  const platform = await startPlatform({ dir: join(root, "prompts") });
  Object.assign(process.env, platform.env);
  try {
    await write(join(root, "scope.config.json"), JSON.stringify({ dts: false }));
    return {
      rows: [
        ...(await renderRows(root, names)),
        await sizeRow(root, names[0]),
        ...(await loadRows(root, platform)),
      ],
    };
  } finally {
    await platform.close();
    await rm(root, { recursive: true, force: true });
  }
}

async function renderRows(root, names) {
  const imports = names.map(
    (name, i) =>
      `export { default as compiled${i} } from "scope:${name}";\nexport { default as live${i} } from "scope:${name}?live";`,
  );
  const file = await bundle(root, "render", imports.join("\n"));
  const module = await import(pathToFileURL(file).href);
  // The first poll confirms what was compiled; it is over before anything is measured.
  for (const i of names.keys()) module[`live${i}`](VALUES);
  await new Promise((done) => setTimeout(done, 2000));
  return Object.keys(PROMPTS).map((title, i) =>
    row(`live render / compiled, ${title}`, renderRatio(module[`compiled${i}`], module[`live${i}`]), 1.3),
  );
}

/** The median over rounds that measure both, turn about, so that neither has the quiet half of the run. */
function renderRatio(compiled, live) {
  const calls = Math.ceil(4e6 / (600 + JSON.stringify(compiled(VALUES)).length));
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times = {};
    for (const kind of round % 2 === 0 ? ["compiled", "live"] : ["live", "compiled"]) {
      times[kind] = timeOf(kind === "live" ? live : compiled, calls);
    }
    ratios.push(times.live / times.compiled);
  }
  return median(ratios);
}

function timeOf(render, calls) {
  let sum = 0;
  const startedAt = performance.now();
  for (let i = 0; i < calls; i++) {
    const result = render(VALUES);
    // Reading a character makes the engine copy the text together, as sending it would.
    if (typeof result === "string") sum += result.charCodeAt(i % result.length);
    else for (const { content } of result) sum += content.charCodeAt(i % content.length);
  }
  const spent = performance.now() - startedAt;
  if (sum === 0) throw new Error("nothing was rendered");
  return spent;
}

/** What one live prompt adds to a bundle: the live client, and its module next to that of a prompt that isn't live. */
async function sizeRow(root, name) {
  const sizeOf = async (specifier) => {
    const source = `import render from "${specifier}";\nconsole.log(render(${JSON.stringify(VALUES)}));`;
    const file = await bundle(root, "size", source, { minify: true });
    return gzipSync(await readFile(file), { level: 9 }).length;
  };
  const added = (await sizeOf(`scope:${name}?live`)) - (await sizeOf(`scope:${name}`));
  return row("a bundle with one live prompt / without, minified and gzipped: bytes more", added, 14_336);
}

/** A thousand live prompts, each rendered once a second on an unchanged platform; and left alone. */
async function loadRows(root, platform) {
  const names = Array.from({ length: LOAD_PROMPTS }, (_, i) => `load-${i}`);
  const source = [
    ...names.map((name, i) => `import p${i} from "scope:${name}?live";`),
    `const prompts = [${names.map((_, i) => `p${i}`).join(", ")}];`,
    `const values = ${JSON.stringify(VALUES)};`,
    "const renderAll = () => { for (const render of prompts) render(values); };",
    "const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };",
    "let timer = setInterval(renderAll, 1000);",
    "process.on('message', (message) => {",
    "  if (message === 'stop rendering') clearInterval(timer);",
    "  process.send(used());",
    "});",
    "process.send('ready');",
  ].join("\n");
  const child = fork(await bundle(root, "load", source), { env: { ...process.env } });
  try {
    await once(child, "message");
    const ask = async (message) => {
      child.send(message);
      return (await once(child, "message"))[0];
    };
    const measure = async (message) => {
      const before = await ask(message);
      const requests = platform.requests.length;
      const startedAt = performance.now();
      await new Promise((done) => setTimeout(done, LOAD_SECONDS * 1000));
      const seconds = (performance.now() - startedAt) / 1000;
      const cpuMs = (await ask("used")) - before;
      return { percent: cpuMs / 10 / seconds, perSecond: (platform.requests.length - requests) / seconds };
    };
    await new Promise((done) => setTimeout(done, 5000));
    const rendered = await measure("used");
    const left = await measure("stop rendering");
    const title = `${LOAD_PROMPTS} live prompts, ${LOAD_SECONDS} s`;
    return [
      row(`${title}, rendered every second: requests a second`, rendered.perSecond, 10),
      row(`${title}, rendered every second: % of a core`, rendered.percent, null),
      row(`${title}, idle: % of a core`, left.percent, 0.5),
    ];
  } finally {
    child.disconnect();
    child.kill();
  }
}

async function bundle(root, name, source, options = {}) {
  const outfile = join(root, `${name}.mjs`);
  await write(join(root, "src", `${name}.js`), source);
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "src", `${name}.js`)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "warning",
    plugins: [scope()],
    ...options,
  });
  return outfile;
}

async function write(file, text) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function row(name, value, limit) {
  return { name, value, limit, met: limit === null || value <= limit };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
