import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it, vi } from "vitest";
import { startFromPath } from "../../src/files/start-from-path.ts";

const NAME = "NoDefaultCurrentDirectoryInExePath";

it("a program starts with the variable that stops Windows from searching its folder, and nothing else does", async () => {
  const args = ["-p", `process.env.${NAME}`];
  const { stdout } = await startFromPath(() => promisify(execFile)(process.execPath, args));
  expect(stdout).toBe("1\n");
  expect(process.env[NAME]).toBeUndefined();
});

it("git, started by a hook, isn't led to another repository or index", async () => {
  vi.stubEnv("GIT_INDEX_FILE", "/of/a/hook");
  const args = ["-p", "process.env.GIT_INDEX_FILE"];
  const { stdout } = await startFromPath(() => promisify(execFile)(process.execPath, args));
  expect([stdout, process.env.GIT_INDEX_FILE]).toEqual(["undefined\n", "/of/a/hook"]);
  vi.unstubAllEnvs();
});
