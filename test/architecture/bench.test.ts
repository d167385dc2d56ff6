import { expect, it } from "vitest";

// Plain JavaScript, without types.
const source = new URL("../../bench/compile-source.js", import.meta.url).href;

it("the bench finds the parts of the compiler that it measures", async () => {
  const { loadCompiler } = await import(source);
  expect(await loadCompiler()).toMatchObject({
    compilePrompt: expect.any(Function),
    emitModule: expect.any(Function),
    emitTypes: expect.any(Function),
  });
});
