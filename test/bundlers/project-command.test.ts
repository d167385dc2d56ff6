import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { buildApp, makeApp } from "../support/app.ts";
import { scopeGen } from "../support/run.ts";

const MAIN = { "src/main.ts": 'import hi from "scope:hi";\nconsole.log(hi());\n' };

it("the error and the warning of a Vite build name commands as you run them", async () => {
  const root = await makeApp(MAIN);
  const env = { SCOPE_FETCH: "never" };
  const failed = await buildApp("vite", root, env);
  expect(failed.code).not.toBe(0);
  expect(failed.stderr).toContain(`Run: npx scope-gen pull\n`);

  const dir = await makeApp({ "hi/1.md": "Hi." });
  const platform = await startPlatform({ dir });
  const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
  await platform.close();
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  await rm(join(root, "src", "scope-types"), { recursive: true });
  const built = await buildApp("vite", root, env);
  expect(built, built.stderr).toMatchObject({ code: 0 });
  expect(built.stderr).toContain(`types of scope: imports are missing or out of date (`);
  expect(built.stderr).toContain(`Run: npx scope-gen types\n`);
});
