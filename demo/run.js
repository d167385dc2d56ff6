/**
 * `npm run demo`: the whole path of a prompt, from the platform to a typed function in a bundle, with nothing
 * but Node. Without SCOPE_* variables a local platform serves `fixtures/prompts`; with them, the real one is used.
 */
import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "tsdown";
import { build as buildPage } from "vite";

const ROOT = join(import.meta.dirname, "..");
const APP = join(import.meta.dirname, "app");
const PROMPTS = join(ROOT, "fixtures", "prompts");
const WRONG = join(APP, "src", "wrong.ts");

// A fresh clone has only the sources of the package that the app uses.
await build({ cwd: ROOT, logLevel: "error" });
// The build above empties dist, the inspector's page in it too.
await buildPage({ configFile: join(ROOT, "vite.inspector.config.ts"), logLevel: "error" });
const { startPlatform } = await import("unplugin-scope/platform");
const platform = process.env.SCOPE_API_KEY ? undefined : await startPlatform({ dir: PROMPTS });
const env = { ...process.env, ...platform?.env };
let reported = 0;
/** As tools agree: no colour where the variable is set, and none into a pipe. */
const hasColors = process.stdout.isTTY === true && !process.env.NO_COLOR;

try {
  if (platform)
    say(`The local platform serves the prompts under ${relative(ROOT, PROMPTS)}, at ${platform.url}.`);
  // What is committed would leave the first step nothing to write. It writes the same again.
  for (const generated of ["scope", "src/scope-types"]) {
    await rm(join(APP, generated), { recursive: true, force: true });
  }
  await step("1. scope-gen: fetch the prompts that the app imports; write snapshot and types", "scope-gen", [
    "pull",
  ]);
  reportRequests();
  await step("2. vite build: the plugin fetches what production points at now, and compiles it in", "vite", [
    "build",
    "--logLevel",
    "warn",
  ]);
  reportRequests();
  await reportBuilt();
  await step("3. node dist/main.js: run the bundle; it fetches nothing", process.execPath, ["dist/main.js"]);
  reportRequests();
  await showRefusal();
  say(`Change a word in ${relative(ROOT, PROMPTS)}/greeting-template/2.md and run the demo again.`);
} finally {
  await rm(WRONG, { force: true });
  await platform?.close();
}

/** Runs a command in the app, as a user would, with its output on this terminal. */
async function step(title, command, args) {
  heading(title);
  const startedAt = performance.now();
  const code = await run(command, args);
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}.`);
  say(`(${Math.round(performance.now() - startedAt)} ms)`);
}

function run(command, args) {
  const bin = command.startsWith("/") ? command : join(ROOT, "node_modules", ".bin", command);
  const program =
    command === "scope-gen" ? [process.execPath, [join(ROOT, "bin", "scope-gen.js"), ...args]] : [bin, args];
  const child = spawn(...program, { cwd: APP, env, stdio: "inherit" });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code) => done(code ?? 1));
  });
}

/** What the platform was asked since the last report. */
function reportRequests() {
  if (!platform) return;
  const requests = platform.requests.slice(reported);
  reported = platform.requests.length;
  if (requests.length === 0) return say("Requests to the platform: none.");
  say(`Requests to the platform: ${requests.length}`);
  for (const { method, path, status } of requests) say(`  ${method} ${decodeURIComponent(path)} → ${status}`);
}

async function reportBuilt() {
  const { outputs } = JSON.parse(await readFile(join(ROOT, ".scope", "manifest.json"), "utf8"));
  say("In the bundle, by .scope/manifest.json:");
  for (const { name, label, versionNumber, source } of outputs.flatMap(({ prompts }) => prompts)) {
    say(`  ${name}@${label}: version ${versionNumber}, from the ${source}`);
  }
}

/** The real compiler on a call with a misspelt variable: the refusal is the point, so its absence is a failure. */
async function showRefusal() {
  heading("4. tsc: a call with a misspelt variable does not compile");
  const wrong = await readFile(`${WRONG}.txt`, "utf8");
  say(wrong.trim());
  await writeFile(WRONG, wrong);
  const code = await run("tsc", ["--pretty", String(hasColors), "-p", "tsconfig.json"]);
  if (code === 0) throw new Error("tsc accepted a call with a wrong variable.");
}

function heading(text) {
  console.log(hasColors ? `\n\x1b[1m${text}\x1b[0m` : `\n${text}`);
}

function say(text) {
  console.log(text);
}
