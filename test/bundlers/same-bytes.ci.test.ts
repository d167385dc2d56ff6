import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { buildApp, makeApp, SOME_BUNDLERS, temporaryFolder, writeTree } from "../support/app.ts";
import { readTree } from "../support/file-tree.ts";
import { scopeGen } from "../support/run.ts";

const NEVER = { SCOPE_FETCH: "never", SCOPE_LIVE: "off" };
let committed: string;
beforeAll(async () => {
  const dir = await temporaryFolder();
  await writeTree(dir, {
    "hi/1.md": "Hi {{who}}.",
    "mail/1.md": "Dear {{who}}",
    "later/1.md": "Later {{who}}",
  });
  const platform = await startPlatform({ dir });
  committed = await makeApp({
    "scope.config.json": JSON.stringify({ prompts: { letter: { prompt: "mail", syntax: "mustache" } } }),
    "src/main.ts": `import hi from "scope:hi";
import letter from "scope:letter";
import live from "scope:hi?live";
export const late = () => import("scope:later");
console.log(hi({ who: "you" }), letter({ who: "all" }), live);
`,
  });
  const pulled = await scopeGen(["pull"], { cwd: committed, env: platform.env });
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  await platform.close();
});

/** All that a build of a clone writes. */
async function built(bundler: (typeof SOME_BUNDLERS)[number], depth: string, env: Record<string, string>) {
  const root = join(await temporaryFolder(), depth);
  await mkdir(root, { recursive: true });
  await cp(committed, root, { recursive: true });
  const ran = await buildApp(bundler, root, { ...NEVER, ...env });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return readTree(join(root, "out"));
}

it.each(
  SOME_BUNDLERS.flatMap(
    (bundler) =>
      [
        [bundler, "plain", {}],
        [bundler, "minified, with source maps", { TEST_SOURCE_MAP: "true", TEST_MINIFY: "true" }],
      ] as const,
  ),
)("two clones of a commit give the same bundle: %s, %s", async (bundler, _, env) => {
  const one = await built(bundler, "app", env);
  const other = await built(bundler, "much/deeper/elsewhere", env);
  expect([...one.keys()].filter((path) => path.endsWith("js"))).not.toEqual([]);
  expect(one).toEqual(other);
});
