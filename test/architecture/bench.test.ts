import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";

// Plain JavaScript, without types.
const BENCH = new URL("../../bench/", import.meta.url);
const benches = (await readdir(BENCH)).filter((file) => file.endsWith(".js") && file !== "run.js");

it.each(benches)("%s loads", async (file) => {
  expect(await import(new URL(file, BENCH).href)).toBeTypeOf("object");
});

it("the compiler that it measures is there", async () => {
  const { loadCompiler, promptSource } = await import(new URL("compile-source.js", BENCH).href);
  const { compilePrompt, emitModule, emitTypes } = await loadCompiler();
  const compiled = compilePrompt(promptSource("Hello {{name}}"));
  expect(emitModule(compiled, { development: false, helper: "./helper.js" })).toContain("Hello ");
  const entries = [{ specifier: "scope:prompt", compiled, snapshotFile: "prompt.json" }];
  expect(emitTypes(entries, { dtsFile: "scope.d.ts" }).code).toContain('declare module "scope:prompt"');
});
