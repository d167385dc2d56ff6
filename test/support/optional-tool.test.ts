import { afterEach, expect, it, vi } from "vitest";
import { isMissing, type OptionalTool, runs } from "./optional-tool.ts";

const tool = (isThere: boolean): OptionalTool => ({
  name: "loom",
  install: "apt-get install loom",
  isThere: () => isThere,
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("a missing program is reported in one line, with the file and how to get it; with CI=true it's an error", () => {
  vi.stubEnv("CI", undefined);
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect([isMissing(tool(true)), isMissing(tool(false))]).toEqual([false, true]);
  const lack = "There is no loom here (apt-get install loom)";
  const line = `test/support/optional-tool.test.ts: ${lack}: the tests that need it are left out.\n`;
  expect(write.mock.calls).toEqual([[line]]);
  vi.stubEnv("CI", "true");
  expect(() => isMissing(tool(false))).toThrow(`${lack}, and under CI=true nothing is left out.`);
  expect(isMissing(tool(true))).toBe(false);
});

it("a program exists if it runs without an error", () => {
  expect(runs(process.execPath, ["--version"])).toBe(true);
  expect(runs(process.execPath, ["--no-such-flag"])).toBe(false);
  expect(runs("no-such-program", [])).toBe(false);
});
