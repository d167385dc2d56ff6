import { spawn } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables that a child of a test must not inherit: the test runner's own, and a developer's credentials. */
const FOREIGN = /^(?:SCOPE_|VITEST|NODE_ENV$|NODE_OPTIONS$|npm_|TEST$|FORCE_COLOR$|CI$)/;

/** The environment of a user's shell: this process's, without what the test run put into it. */
export function cleanEnv(added: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const env: Record<string, string | undefined> = { ...Object.fromEntries(own), NO_COLOR: "1", ...added };
  // Next's types ask every environment for NODE_ENV; a user's shell has none.
  return env as NodeJS.ProcessEnv;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const child = spawn(command, args, { cwd: options.cwd, env: cleanEnv(options.env) });
  let stdout = "";
  let stderr = "";
  // A character can come in two parts.
  child.stdout.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (stderr += chunk));
  // A program may end without having read its input.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code: code ?? 1, stdout, stderr }));
  });
}

/** The outcome of a program that has to end well. */
export async function succeed(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.code !== 0) throw new Error(`A program ended with ${ran.code}.\n${ran.stdout}\n${ran.stderr}`);
  return ran;
}

export function node(args: readonly string[], options: RunOptions): Promise<Ran> {
  return run(process.execPath, args, options);
}

/** The packaged command line, as `npx scope-gen` runs it. */
export function scopeGen(args: readonly string[], options: RunOptions): Promise<Ran> {
  return node([join(ROOT, "bin", "scope-gen.js"), ...args], options);
}

/** Installs this package in an app outside of the repository, and pulls what its code imports. */
export async function pullInto(root: string, env: Readonly<Record<string, string>>): Promise<string> {
  await linkPackage(root);
  await succeed(scopeGen(["pull"], { cwd: root, env }));
  return root;
}

/** The TypeScript compiler of this repository. */
export function tsc(args: readonly string[], options: RunOptions): Promise<Ran> {
  return node([join(ROOT, "node_modules", "typescript", "bin", "tsc"), ...args], options);
}

/** Makes this package, and those of the repository, importable from an app outside of it, as an install would. */
export async function linkPackage(root: string): Promise<void> {
  await mkdir(join(root, "node_modules"), { recursive: true });
  await symlink(ROOT, join(root, "node_modules", "unplugin-scope"), "dir");
  for (const name of ["webpack", "vite", "vitest", "esbuild", "rollup", "typescript"]) {
    await symlink(join(ROOT, "node_modules", name), join(root, "node_modules", name), "dir");
  }
}
