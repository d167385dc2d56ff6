import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CompilerRun, createInstance } from "../../src/bundlers/instance/instance.ts";
import type { Platform } from "../../src/platform/index.ts";
import type { Options } from "../../src/project/config/options.ts";
import { cli } from "../commands/cli-helpers.ts";
import { makeApp } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";

let root: string;
let platform: Platform;
beforeEach(async () => {
  // A build, and no test run.
  vi.stubEnv("VITEST", "");
  vi.stubEnv("NODE_ENV", "production");
  platform = await servePrompts({ "hi/1.md": "Hi {{who}}, how are you today?", "bye/1.md": "Bye {{who}}." });
  root = await makeApp({ "main.ts": 'import "scope:hi";\nimport "scope:bye";\n' });
  await configure({});
  expect(await cli(["pull"], { cwd: root, env: platform.env })).toMatchObject({ code: 0 });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await platform.close();
});

async function configure(options: Options): Promise<void> {
  await writeFile(join(root, "scope.config.json"), JSON.stringify({ dts: false, ...options }));
}

/** One build of both prompts, as a bundler does it: what it says. */
async function build({ development = false } = {}): Promise<readonly string[]> {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const run = new CompilerRun(createInstance(), {
    tool: "vite",
    name: "one",
    mode: development ? "development" : "production",
    development,
    browser: false,
    cwd: root,
    reporter: { info: say, warn: say },
  });
  try {
    await run.start();
    for (const specifier of ["scope:hi", "scope:bye"]) await run.module(specifier, join(root, "main.ts"));
    await run.recordOutput({ bundler: "rollup", path: join(root, "out") });
  } finally {
    await run.end();
  }
  return said;
}

const FROM_SNAPSHOT = ["SCOPE_FETCH", "never"] as const;

it("each build warns about a prompt over budget", async () => {
  vi.stubEnv(...FROM_SNAPSHOT);
  await configure({ budget: 8 });
  const warning = /^hi@production: version 1 has ≈\d+ tokens; its budget is 8 \(scope\.config\.json\)\.$/;
  expect(await build()).toEqual([expect.stringMatching(warning)]);
  expect(await build()).toEqual([expect.stringMatching(warning)]);
  await configure({ budget: 8, prompts: { hi: { budget: 100 } } });
  expect(await build()).toEqual([]);
});

it("a build without a budget doesn't mention it, and neither does development", async () => {
  vi.stubEnv(...FROM_SNAPSHOT);
  expect(await build()).toEqual([]);
  await configure({ budget: 1 });
  expect(await build({ development: true })).toEqual([]);
});
