/**
 * `npm run demo`: an edit on the platform breaks a call, and the build stops it. Everything happens in a copy of `demo/app` and
 * `fixtures/prompts`, with a local platform, so the clone stays as it is.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { buildPackage, isBuilt } from "./build.js";

const ROOT = join(import.meta.dirname, "..");
const PROMPT = "greeting-template";
const PROGRAMS = {
  "npx scope-gen": join(ROOT, "bin", "scope-gen.js"),
  "npx vite": join(ROOT, "node_modules", "vite", "bin", "vite.js"),
};
/** What the story leaves out of a command. */
const QUIET = ["--logLevel", "warn"];
/** As tools agree: no colour where the variable is set, and none into a pipe. */
const hasColors = process.stdout.isTTY === true && !process.env.NO_COLOR;

say("What happens to your code when somebody edits a prompt?");
if (!(await isBuilt())) {
  say("First, this clone is built. That can take half a minute, the first time only.");
  await buildPackage();
}

const folder = await realpath(await mkdtemp(join(tmpdir(), "scope-demo-")));
const app = join(folder, "demo", "app");
const prompts = join(folder, "prompts");
let child;
process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    child?.kill(signal);
    process.exit(128 + constants.signals[signal]);
  });
}

await makeCopy();
const { startPlatform } = await import("unplugin-scope/platform");
const platform = await startPlatform({ dir: prompts });
await tellStory();
await platform.close();

/** The files have the paths they have in the clone, so what the commands print is true there too. */
async function makeCopy() {
  // The search for a config ends where there's a lock file.
  await writeFile(join(folder, "package-lock.json"), "{}");
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await cp(join(ROOT, "scope.config.ts"), join(folder, "scope.config.ts"));
  await cp(join(ROOT, "demo", "app"), app, { recursive: true });
  await cp(join(ROOT, "fixtures", "prompts"), prompts, { recursive: true });
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  await symlink(ROOT, join(modules, "unplugin-scope"), "junction");
  await symlink(join(ROOT, "node_modules", "vite"), join(modules, "vite"), "junction");
}

async function tellStory() {
  const scope = (...words) => run("npx scope-gen", words);
  const build = () => run("npx vite", ["build", "demo/app", "--logLevel", "warn"]);

  heading("1. Your code imports a prompt, and your build compiles it in");
  quote(await readFile(join(app, "src", "main.ts"), "utf8"));
  expectExit(await build(), 0);
  const { size } = await stat(join(app, "dist", "main.js"));
  say(`demo/app/dist/main.js has ${size} bytes: the prompt as a template literal, and no client.`);

  heading("2. Somebody promotes a new version on the platform");
  await platform.promote(PROMPT, 3);
  await showEdit(2, 3);
  say("It needs a tone, and your call doesn't give one. Here's how you find out:\n");
  expectExit(await scope("check"), 3);
  say("\nNor does it ship by accident:\n");
  const { code, stderr } = await build();
  expectExit({ code }, 1);
  say(/build_contract_changed.*/.exec(stderr)[0]);

  heading("3. They leave the tone out, and keep the better wording");
  const text = await readFile(join(prompts, PROMPT, "3.md"), "utf8");
  await writeFile(join(prompts, PROMPT, "4.md"), text.replace(", in a {{tone}} tone", ""));
  await showEdit(3, 4);
  say("It's a draft: a dev server shows it (live.label), no build does. Its promotion breaks no call:\n");
  expectExit(await scope("check", "--label", "latest"), 2);
  await platform.promote(PROMPT, 4);

  heading("4. The new text ships. Your code didn't change");
  expectExit(await build(), 0);
  const asked = platform.requests.length;
  expectExit(await run("node", ["demo/app/dist/main.js"]), 0);
  say(`Requests to the platform while it ran: ${platform.requests.length - asked}.`);

  heading("Try it next, in this clone");
  say("npx scope-gen list    the demo's prompts, and where its code uses them");
  say("npx scope-gen ui      read them in your browser, and try them with your own values");
  say("\nTo start in a project of your own, read docs/guide/first-prompt.md.");
}

/**
 * Runs a command in the copy, with its output on this terminal. What a command prints on standard error is a part of the story only
 * where the story quotes it.
 */
async function run(program, words) {
  say(style("cyan", `$ ${[program, ...words.filter((word) => !QUIET.includes(word))].join(" ")}`));
  const script = PROGRAMS[program];
  child = spawn(process.execPath, [...(script ? [script] : []), ...words], {
    cwd: folder,
    env: { ...ownEnv(), ...platform.env },
    stdio: ["ignore", "inherit", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [code, signal] = await once(child, "close");
  // Ctrl-C goes to both, and it may be the first to end.
  if (code === 130 || signal === "SIGINT") process.exit(130);
  return { code, stderr };
}

/** The environment without what would lead the commands to an account, or to another mode. */
function ownEnv() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:SCOPE_|NODE_ENV$)/.test(name)),
  );
}

/** The story is made of what the commands do, so it ends where one of them does something else. */
function expectExit({ code, stderr }, expected) {
  if (code === expected) return;
  throw new Error(`The command ended with exit code ${code} instead of ${expected}.\n${stderr}`);
}

/** The first line of two versions, as a change. */
async function showEdit(from, to) {
  const [before, after] = await Promise.all([from, to].map(firstLine));
  say(style("red", `- ${before}`));
  say(`${style("green", `+ ${after}`)}\n`);
}

async function firstLine(version) {
  const [line] = (await readFile(join(prompts, PROMPT, `${version}.md`), "utf8")).split("\n");
  return line;
}

function heading(text) {
  say(`\n${style("bold", text)}\n`);
}

function quote(text) {
  say(`${text.trimEnd().replace(/^(?=.)/gm, "    ")}\n`);
}

function style(format, text) {
  return hasColors ? styleText(format, text) : text;
}

function say(text) {
  console.log(text);
}
