// Every command of the pages that a new user follows, in order, in a project as `npm create vite` makes it.
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { makeApp } from "../support/app.ts";
import { linkPackage, run } from "../support/run.ts";
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

it.each([
  ["README.md", "## Use it"],
  ["docs/guide/first-prompt.md", undefined],
])(
  "%s: each command prints what the page says",
  async (page, heading) => {
    const steps = await stepsOf(page, heading);
    expect(steps.filter(({ kind }) => kind === "run").length).toBeGreaterThanOrEqual(5);
    const walk = new Walk(await project());
    onTestFinished(() => walk.end());
    for (const step of steps) expect(await walk.take(step), step.text).toEqual([]);
  },
  240_000,
);
