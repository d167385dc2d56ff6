import { copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { startPlatform } from "../../../src/platform/index.ts";
import { BUNDLERS, type Bundler, buildApp, outputFile, temporaryFolder } from "../../support/app.ts";
import { node, type Ran, succeed } from "../../support/run.ts";
import { label, makeLiveApp, makePrompts, SECRET } from "./live-app.ts";

const prompts = await makePrompts();
const platform = await startPlatform({ dir: prompts, credentials: { apiSecret: SECRET } });
const root = await makeLiveApp();
afterAll(() => platform.close());

async function build(bundler: Bundler, app = root): Promise<void> {
  await label(prompts, 1);
  await succeed(buildApp(bundler, app, platform.env));
}

/** Runs a bundle in an empty folder, with only the given environment variables. */
async function runAlone(file: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const empty = await temporaryFolder();
  await copyFile(file, join(empty, "main.mjs"));
  return node(["main.mjs"], { cwd: empty, env });
}

const compiled = {
  text: "Hello Ada of Looms.",
  content: "Hello {{name}} of {{team}}.",
  versionNumber: 1,
  model: "small",
  same: "small",
  triage: [{ role: "user", content: "Sort: {{ticket}}" }],
  notice: "No variables.",
};
const adopted = {
  text: "Hi Ada of Looms!",
  content: "Hi {{name}} of {{team}}!",
  versionNumber: 2,
  model: "large",
  same: "large",
  triage: [{ role: "user", content: "Please sort: {{ticket}}" }],
  notice: "None at all.",
};

/** Credentials alone: where to poll is in the bundle. */
function credentials(): Record<string, string> {
  const { SCOPE_API_URL: _, SCOPE_AUTH_API_URL: __, ...rest } = platform.env;
  return rest;
}

describe.each(BUNDLERS)("%s", (bundler) => {
  const file = () => outputFile(bundler, root);

  it("serves the compiled version at once and refreshes it in the background, with nothing installed", async () => {
    await build(bundler);
    await label(prompts, 2);
    const ran = await runAlone(file(), credentials());
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual({
      before: compiled,
      after: adopted,
      held: "Hello Ada of Looms.",
      plain: "Hello Ada of Looms.",
    });
  });

  it("contains no credentials", async () => {
    expect(await readFile(file(), "utf8")).not.toContain(SECRET);
  });
});

it("a bundle is at most 14,336 bytes larger with live prompts, minified and gzipped, and contains none of it without", async () => {
  const bundleOne = async (specifier: string) => {
    const app = await makeLiveApp({
      "src/main.ts": `import greeting from "${specifier}";\nconsole.log(greeting({ name: "Ada", team: "Looms" }));`,
    });
    await build("esbuild", app);
    const code = await readFile(outputFile("esbuild", app), "utf8");
    const minified = await transform(code, { minify: true, format: "esm" });
    return { app, code, size: gzipSync(minified.code, { level: 9 }).length };
  };
  const plain = await bundleOne("scope:greeting");
  const live = await bundleOne("scope:greeting?live");
  const marks = ["unplugin-scope.live", "x-scope-environment", "access_token"];
  expect(marks.filter((mark) => live.code.includes(mark))).toEqual(marks);
  expect(marks.filter((mark) => plain.code.includes(mark))).toEqual([]);
  expect(
    (await readdir(join(plain.app, ".scope"), { recursive: true })).filter((name) => /live/.test(name)),
  ).toEqual([]);
  expect(live.size - plain.size).toBeLessThanOrEqual(14_336);
  // Both are what they are taken for.
  expect(live.size - plain.size).toBeGreaterThan(5000);
});
