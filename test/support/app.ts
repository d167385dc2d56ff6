import { randomUUID } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Manifest } from "../../src/run/manifest/outputs.ts";
import { node, type Ran, ROOT } from "./run.ts";

export const BUNDLERS = ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild", "farm"] as const;
export type Bundler = (typeof BUNDLERS)[number];

/** One of each kind of plugin, for suites that build many times; `npm run verify` takes every bundler. */
export const SOME_BUNDLERS: readonly Bundler[] =
  process.env.MODE === "verify" ? BUNDLERS : ["vite", "webpack", "esbuild"];

/** A new empty folder outside the repository. */
export async function temporaryFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), "scope-test-")));
}

/** Writes a tree of files given as a map from path to text. */
export async function writeTree(
  root: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** Writes a file that a running server watches in one step: what looks at half a file may not look again. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = join(tmpdir(), `scope-test-${randomUUID()}`);
  await writeFile(temporary, text);
  await mkdir(dirname(file), { recursive: true });
  await rename(temporary, file);
}

/** An app of its own folder: a lock file marks its top, so that no config above it is found. */
export async function makeApp(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryFolder();
  await writeTree(root, { "package-lock.json": "{}", ...files });
  return root;
}

/** A copy of one of the fixture apps. */
export async function copyApp(name: string): Promise<string> {
  const root = await makeApp({});
  await cp(join(ROOT, "fixtures", "apps", name), root, { recursive: true });
  return root;
}

/** Builds an app with one bundler, in a process of its own. */
export function buildApp(
  bundler: Bundler | "tsup" | "rsbuild" | "vite-dev",
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  entry = "src/main.ts",
): Promise<Ran> {
  return node([join(ROOT, "test", "bundlers", "build.js"), bundler, root, entry], { cwd: root, env });
}

/** What the manifests of an app's builds say of each output. */
export async function outputsOf(root: string): Promise<readonly Manifest[]> {
  const folder = join(root, ".scope/manifest");
  const names = await readdir(folder).catch(() => []);
  const texts = names.sort().map((name) => readFile(join(folder, name), "utf8"));
  return (await Promise.all(texts)).map((text) => JSON.parse(text));
}

/** Path of what {@link buildApp} writes. */
export function outputFile(bundler: Bundler, root: string): string {
  return join(root, "out", bundler, "main.mjs");
}
