import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { startFromPath } from "../../src/files/start-from-path.ts";

const NAME = "NoDefaultCurrentDirectoryInExePath";

it("a program starts with the variable that stops Windows from searching its folder, and nothing else does", async () => {
  const args = ["-p", `process.env.${NAME}`];
  const { stdout } = await startFromPath(() => promisify(execFile)(process.execPath, args));
  expect(stdout).toBe("1\n");
  expect(process.env[NAME]).toBeUndefined();
});
