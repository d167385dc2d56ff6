import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeApp, writeTree } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { readTree } from "../support/file-tree.ts";
import { node, pullInto, type Ran, ROOT, succeed } from "../support/run.ts";

const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");

const platform = await servePrompts({ "hi/1.md": "Hi {{who}}." });
afterAll(() => platform.close());

/** A suite that imports `scope:hi`, whose prompts are pulled. */
async function suite(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await makeApp({
    "src/hi.js": 'import hi from "scope:hi";\nexport const text = () => hi({ who: "you" });\n',
    "vitest.config.js": 'import scope from "unplugin-scope/vite";\nexport default { plugins: [scope()] };\n',
    ...files,
  });
  return pullInto(root, platform.env);
}

function vitest(root: string): Promise<Ran> {
  return node([VITEST, "run", "--root", root], { cwd: root, env: { ...platform.env, NO_COLOR: "1" } });
}

describe("a test environment that emulates a browser", () => {
  /** As the environments "jsdom" and "happy-dom" are to Vitest, without their packages. */
  const DOM = {
    "dom.js":
      'export default { name: "dom", viteEnvironment: "client", setup: () => ({ teardown() {} }) };\n',
    "vitest.config.js": [
      'import scope from "unplugin-scope/vite";',
      'export default { plugins: [scope()], test: { environment: "./dom.js" } };',
    ].join("\n"),
    "src/hi.test.js": [
      'import { expect, it } from "vitest";',
      'import { text } from "./hi.js";',
      'it("renders", () => expect(text()).toBe("Hi you."));',
    ].join("\n"),
  };

  it.each(["error", "warn"])("isn't a browser bundle to clientBundle: %s", async (clientBundle) => {
    const root = await suite({ ...DOM, "scope.config.json": JSON.stringify({ clientBundle }) });
    const ran = await succeed(vitest(root));
    expect(ran.stdout + ran.stderr).not.toContain("browser bundle");
  });

  it("can import a live prompt, which only a server can refresh", async () => {
    const root = await suite({
      ...DOM,
      "src/hi.js": 'import hi from "scope:hi?live";\nexport const text = () => hi({ who: "you" });\n',
    });
    await succeed(vitest(root));
  });
});

it("serves the snapshot: no request, no file, and a warning for an unknown variable", async () => {
  const root = await suite({
    "src/hi.test.ts": [
      'import { expect, it, vi } from "vitest";',
      'import hi from "scope:hi";',
      'it("renders", () => {',
      '  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});',
      '  expect(hi({ who: "you", extra: 1 } as never)).toBe("Hi you.");',
      "  expect(warn).toHaveBeenCalledOnce();",
      "});",
    ].join("\n"),
  });
  const files = async () =>
    [...(await readTree(root)).keys()].filter((path) => !path.startsWith("node_modules"));
  const requests = platform.requests.length;
  const before = await files();
  const ran = await succeed(vitest(root));
  expect(ran.stdout).toContain("1 passed");
  expect(platform.requests.length).toBe(requests);
  expect(await files()).toEqual(before);
});

it("two files that import the same missing prompt are each named in their own error", async () => {
  const missing = (line: string) =>
    `${line}import gone from "scope:gone";\nimport { it } from "vitest";\nit("renders", () => gone());\n`;
  const root = await suite({});
  await writeTree(root, { "src/one.test.js": missing(""), "src/two.test.js": missing("\n\n") });
  const ran = await vitest(root);
  expect(ran.code).toBe(1);
  const places = [
    ...(ran.stdout + ran.stderr).matchAll(/FAIL +src\/(\w+)[\s\S]*?imported in src\/(\w+)\.test\.js:(\d+)/g),
  ];
  expect(new Set(places.map(([, failed, file, line]) => `${failed}: ${file}:${line}`))).toEqual(
    new Set(["one: one:1", "two: two:3"]),
  );
});
