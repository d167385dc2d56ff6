import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp } from "./app.ts";
import { linkPackage, node, ROOT } from "./run.ts";

/** The closing line of a run of one test file. */
async function closingLine(text: string): Promise<string | undefined> {
  const root = await makeApp({
    "a.test.js": `import { afterAll, beforeAll, describe, it } from "vitest";\n${text}`,
    "vitest.config.js": `export default { test: { reporters: ["${join(ROOT, "test", "count-reporter.ts")}"] } };`,
  });
  await linkPackage(root);
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const { stdout } = await node([vitest, "run"], { cwd: root });
  return stdout.trim().split("\n").at(-1);
}

// biome-ignore format: one row a line
it.each([
  ["what passed, failed and was skipped", 'it("a", () => {}); it("b", fail); it.skip("c", () => {});', "1 passed, 1 failed, 1 skipped"],
  ["a suite's beforeAll that failed", 'describe("s", () => { beforeAll(fail); it("a", () => {}); });', "0 passed, 1 failed, 1 skipped"],
  ["a file's beforeAll that failed", 'beforeAll(fail); it("a", () => {});', "0 passed, 1 failed, 1 skipped"],
  ["an afterAll that failed, in a nested suite", 'describe("s", () => describe("t", () => { afterAll(fail); it("a", () => {}); }));', "1 passed, 1 failed, 0 skipped"],
  ["a file that doesn't load", "fail();", "0 passed, 1 failed, 0 skipped"],
  ["an error outside all tests", 'it("a", () => { setTimeout(fail); return new Promise((done) => setTimeout(done, 50)); });', "1 passed, 1 failed, 0 skipped"],
])("the closing line counts %s", async (_, text, expected) => {
  expect(await closingLine(`const fail = () => { throw new Error("failed"); };\n${text}`)).toBe(expected);
});
