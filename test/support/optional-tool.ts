import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { expect } from "vitest";
import { ROOT } from "./run.ts";

/** A program that some suites need and npm does not bring. */
export interface OptionalTool {
  readonly name: string;
  /** The command that installs it on Debian. */
  readonly install: string;
  isThere(): boolean;
}

/** Whether a program can be run, by a harmless run of it. */
export function runs(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): boolean {
  return spawnSync(command, args, env === undefined ? {} : { env }).status === 0;
}

/**
 * Whether this test file has to do without a program: `describe.skipIf(isMissing(REDIS))`. Says so in one line.
 *
 * @param consequence what becomes of the file's tests. Default: those that need the program are left out
 * @throws under `CI=true`, where nothing may be left out in silence
 */
export function isMissing(tool: OptionalTool, consequence = "the tests that need it are left out"): boolean {
  if (tool.isThere()) return false;
  const line = `There is no ${tool.name} here (${tool.install})`;
  if (process.env.CI === "true") throw new Error(`${line}, and under CI=true nothing is left out.`);
  const file = relative(ROOT, expect.getState().testPath ?? "");
  // Not by the console: vitest sets a heading of its own above each of its lines.
  process.stderr.write(`${file}: ${line}: ${consequence}.\n`);
  return true;
}
