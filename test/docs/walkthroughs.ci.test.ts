// Every command of the pages that a new user follows, in order, in a project as `npm create vite` makes it.
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { makeApp } from "../support/app.ts";
import { linkPackage, ROOT, run } from "../support/run.ts";
import { readPage } from "./blocks.ts";
import { stepsOf, Walk } from "./walkthrough.ts";

const PROJECT = {
  "package.json": JSON.stringify({
    name: "shop",
    private: true,
    type: "module",
    scripts: { build: "tsc && vite build" },
    devDependencies: { "unplugin-scope": "*", vite: "*" },
  }),
  ".gitignore": "node_modules\ndist\n*.local\n",
  "index.html": '<!doctype html><div id="app"></div><script type="module" src="/src/main.ts"></script>\n',
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2023",
      module: "esnext",
      lib: ["ES2023", "DOM"],
      types: [],
      strict: true,
      skipLibCheck: true,
      moduleResolution: "bundler",
      noEmit: true,
    },
    include: ["src"],
  }),
  "src/main.ts": "",
};

const BINARIES = {
  "scope-gen": "unplugin-scope/bin/scope-gen.js",
  vite: "vite/bin/vite.js",
  tsc: "typescript/bin/tsc",
};

async function project(): Promise<string> {
  const root = await makeApp(PROJECT);
  await linkPackage(root);
  const bin = join(root, "node_modules", ".bin");
  await mkdir(bin);
  for (const [name, file] of Object.entries(BINARIES)) await symlink(join("..", file), join(bin, name));
  await run("git", ["init", "--quiet"], { cwd: root });
  return root;
}

async function follow(walk: Walk, page: string, heading?: string): Promise<void> {
  const steps = await stepsOf(page, heading);
  expect(steps.filter(({ kind }) => kind === "run").length).toBeGreaterThanOrEqual(5);
  for (const step of steps) {
    expect(await walk.take(step), step.text).toEqual([]);
    if (step.text === "npx vite\n") await walk.open("src/main.ts");
  }
}

async function start(): Promise<Walk> {
  const walk = new Walk(await project());
  onTestFinished(() => walk.end());
  return walk;
}

it("README.md: each command prints what the page says", async () => {
  await follow(await start(), "README.md", "## Use it");
}, 240_000);

it("Getting started, then Development: each command prints what the page says", async () => {
  const walk = await start();
  await follow(walk, "docs/guide/first-prompt.md");
  // What Development asks for in words: the call that is updated, and no pin.
  const page = "docs/guide/development.md";
  const { blocks } = readPage(page, await readFile(join(ROOT, page), "utf8"));
  await walk.take({ kind: "write", text: blocks[0]!.text, file: "src/main.ts" });
  await walk.take({
    kind: "run",
    text: "npx scope-gen unpin greeting-template --yes && npx scope-gen pull --prune",
  });
  await follow(walk, page);
}, 240_000);
