// How what is generated imports the file of an answer's schema.
import { expect, it, vi } from "vitest";

const answer = (file: string) => ({ written: "", file, name: "Triage" });

it("as a URL where Node reads it, as a path elsewhere", async () => {
  const { answerPath } = await import("../../src/project/compile-request.ts");
  const paths = (file: string) => [false, true].map((asIs) => answerPath("/app/out", answer(file), asIs));
  expect(paths("/app/out/a.js")).toEqual(["./a.js", "./a.js"]);
  expect(paths("/app/50%#?/a.js")).toEqual(["../50%#?/a.js", "../50%25%23%3F/a.js"]);
});

it("has forward slashes on Windows, on another drive too", async () => {
  vi.resetModules();
  vi.doMock("node:path", () => import("node:path/win32"));
  const { answerPath } = await import("../../src/project/compile-request.ts");
  expect(answerPath("C:\\app\\out", answer("C:\\app\\src\\a.ts"))).toBe("../src/a.ts");
  expect(answerPath("C:\\temp", answer("D:\\app\\a.ts"))).toBe("D:/app/a.ts");
  expect(answerPath("C:\\temp", answer("D:\\app\\a.ts"), true)).toMatch(/^file:\/\/.*D:\/app\/a\.ts$/);
});
