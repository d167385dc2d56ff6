import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { runCli } from "../../src/commands/run-cli.ts";
import { stableJson } from "../../src/files/stable-json.ts";
import { type Platform, type PlatformOptions, startPlatform } from "../../src/platform/index.ts";
import { makeApp, writeTree } from "../support/app.ts";

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSetup {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Both outputs are a terminal, 80 columns wide. */
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  /** Answers what `init` asks; without it there is nobody to ask. */
  readonly confirm?: (message: string) => Promise<boolean>;
  /** Answers which mode `init` sets up; without it the default is taken. */
  readonly choose?: (message: string) => Promise<string>;
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
}

/** Runs a command in this process. An `init --yes` that succeeds has to leave nothing for a second one to change. */
export async function cli(argv: readonly string[], setup: CliSetup): Promise<CliRun> {
  const ran = await runOnce(argv, setup);
  if (argv[0] !== "init" || ran.code !== 0 || !argv.includes("--yes")) return ran;
  const { stdout } = await runOnce(["init", "--yes", "--json"], { cwd: setup.cwd, env: setup.env ?? {} });
  expect(JSON.parse(stdout).changes).toEqual([]);
  return ran;
}

async function runOnce(argv: readonly string[], setup: CliSetup): Promise<CliRun> {
  const text = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    isTTY: setup.isTTY ?? false,
    columns: 80,
    write(chunk: string) {
      text[name] += chunk;
      (name === "stdout" ? setup.onStdout : setup.onStderr)?.(chunk);
    },
  });
  async function* stdin() {
    if (setup.stdin !== undefined) yield Buffer.from(setup.stdin);
  }
  const code = await runCli(argv, {
    cwd: setup.cwd,
    env: setup.env ?? {},
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: stdin(),
    confirm: setup.confirm,
    choose: setup.choose,
    signal: setup.signal ?? new AbortController().signal,
  });
  return { code, ...text };
}

export interface TestProject {
  readonly root: string;
  /** The folder that the platform serves. */
  readonly prompts: string;
  readonly platform: Platform;
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file among the platform's prompts. */
  prompt(path: string, text: string): Promise<void>;
  /** A command in the app, with the platform's environment. */
  run(...argv: string[]): Promise<CliRun>;
}

/** An app and a platform over its own prompts; both go after the test. */
export async function testProject(
  files: Readonly<Record<string, string>>,
  prompts: Readonly<Record<string, string>>,
  options: Omit<PlatformOptions, "dir"> = {},
): Promise<TestProject> {
  const root = await makeApp(files);
  const dir = await makeApp(prompts);
  const platform = await startPlatform({ dir, ...options });
  onTestFinished(async () => {
    await platform.close();
    await rm(root, { recursive: true, force: true });
    await rm(dir, { recursive: true, force: true });
  });
  return {
    root,
    prompts: dir,
    platform,
    env: platform.env,
    prompt: (path, text) => writeTree(dir, { [join(".", path)]: text }),
    run: (...argv) => cli(argv, { cwd: root, env: platform.env }),
  };
}

/** The same after a pull. */
export async function pulledProject(...given: Parameters<typeof testProject>): Promise<TestProject> {
  const project = await testProject(...given);
  const { code, stderr } = await project.run("pull");
  expect(code, stderr).toBe(0);
  return project;
}

/** A snapshot file with the digest that fits what the file says: who can commit can compute it. */
export function withDigest(text: string): string {
  const { integrity: _, ...data } = JSON.parse(text);
  const integrity = `sha256-${createHash("sha256").update(stableJson(data)).digest("base64")}`;
  return `${JSON.stringify({ ...data, integrity }, null, 2)}\n`;
}
