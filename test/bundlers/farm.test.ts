import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { buildApp, makeApp, outputFile } from "../support/app.ts";
import { linkPackage, node, ROOT } from "../support/run.ts";

it("builds with Farm's source maps, which are its default", async () => {
  await using platform = await startPlatform({ dir: join(ROOT, "fixtures", "prompts") });
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "src/main.ts": 'import { name } from "scope:greeting-template";\nconsole.log(name);\n',
  });
  await linkPackage(root);
  const env = { ...platform.env, TEST_SOURCE_MAP: "true", TEST_PLUGIN_OPTIONS: '{ "manifest": true }' };
  const built = await buildApp("farm", root, env);
  expect(built, built.stderr).toMatchObject({ code: 0 });
  const output = outputFile("farm", root);
  expect(await node([output], { cwd: root })).toMatchObject({ code: 0, stdout: "greeting-template\n" });
  expect((await readdir(dirname(output))).sort()).toEqual([
    "main.mjs",
    "main.mjs.map",
    "scope-manifest.json",
  ]);
});
