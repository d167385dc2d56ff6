// Each config of docs/recipes/bundlers.md as it is written, in the project that the page describes, with what npm installs.
import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { packTarball } from "../frameworks/application.ts";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { cleanEnv, type Ran, ROOT, run, succeed } from "../support/run.ts";
import { waitFor } from "../support/wait-for.ts";

/** What the page's configs and commands need. */
const PACKAGES = [
  "@farmfe/cli@1",
  "@farmfe/core@1",
  "@rspack/cli@2",
  "@rspack/core@2",
  "bun@1",
  "esbuild@0.28",
  "esbuild-loader@4",
  "rolldown@1",
  "rollup@4",
  "rollup-plugin-esbuild@6",
  "vite@8",
  "webpack@5",
  "webpack-cli@7",
];

/** A file is a block whose first line names it. */
const FILE = /^```[jt]s\n\/\/ (\S+)\n(.*?)^```$/ms;

interface Recipe {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  /** The command below the block, which builds and runs. */
  readonly command: string;
}

const page = await readFile(join(ROOT, "docs", "recipes", "bundlers.md"), "utf8");
const [beginning = "", ...sections] = page.replaceAll("\r\n", "\n").split(/^## /m);
const recipes = sections.flatMap((section): Recipe[] => {
  const [, file, text = ""] = FILE.exec(section) ?? [];
  const [, command = ""] = /^`((?:npx|node) [^`]+)`/m.exec(section) ?? [];
  return file === undefined ? [] : [{ title: section.split("\n", 1)[0] ?? "", file, text, command }];
});

let root: string;
let platform: DevPlatform;

/** As the reader of the page does it, in a shell. */
async function type(command: string): Promise<Ran> {
  const env = { ...platform.env, npm_config_audit: "false", npm_config_fund: "false" };
  const ran = await succeed(run("sh", ["-c", command], { cwd: root, env }));
  return ran;
}

beforeAll(async () => {
  platform = await DevPlatform.start();
  await platform.save("greeting-template", "Hello {{name}}, welcome to {{product}}.");
  root = await temporaryFolder();
  const [, file = "", text = ""] = FILE.exec(beginning) ?? [];
  await writeTree(root, { [file]: text });
  await type("npm init --yes");
  const tarball = await packTarball();
  const [, commands = ""] = /^```sh\n(.*?)^```$/ms.exec(beginning) ?? [];
  for (const command of commands.trim().split("\n")) {
    const isInstall = command.startsWith("npm install ");
    await type(isInstall ? `npm install --save-dev ${tarball} ${PACKAGES.join(" ")}` : command);
  }
}, 600_000);
afterAll(async () => {
  await platform?.close();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

it("the page has a config for every bundler", () => {
  expect(recipes.map(({ title }) => title)).toEqual([
    "Vite",
    "webpack",
    "Rollup",
    "Rolldown",
    "esbuild",
    "Rspack",
    "Farm",
    "Bun",
  ]);
});

it.each(recipes)("$title: $command", { timeout: 180_000 }, async ({ file, text, command }) => {
  await rm(join(root, "dist"), { recursive: true, force: true });
  await writeTree(root, { [file]: text });
  expect((await type(command)).stdout.trim()).toMatch(/Hello Ada, welcome to Looms\.$/);
});

it("esbuild's development server starts again after an edit on the platform", async () => {
  const [, text = ""] = /^```js\n\/\/ dev\.js\n(.*?)^```$/ms.exec(page) ?? [];
  await writeTree(root, { "dev.js": text });
  // A group of its own, which ends as Ctrl-C ends it.
  const started = spawn(process.execPath, ["dev.js"], {
    cwd: root,
    env: cleanEnv(platform.env),
    detached: true,
  });
  onTestFinished(() => void process.kill(-(started.pid as number), "SIGINT"));
  let printed = "";
  for (const stream of [started.stdout, started.stderr])
    stream.on("data", (chunk) => {
      printed += chunk;
    });
  const said = (greeting: string) =>
    waitFor(greeting, () => printed.includes(greeting), { describe: () => printed });
  await said("Hello Ada, welcome to Looms.");
  await platform.save("greeting-template", "Hi {{name}}, {{product}} is open.");
  await said("Hi Ada, Looms is open.");
});
