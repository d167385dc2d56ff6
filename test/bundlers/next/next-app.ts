import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type Env, RunningServer } from "../../frameworks/application.ts";
import { node, type Ran, ROOT } from "../../support/run.ts";

const NEXT = join(ROOT, "node_modules", "next", "dist", "bin", "next");

export const BUNDLER_FLAGS = { turbopack: "--turbopack", webpack: "--webpack" } as const;
export type NextBundler = keyof typeof BUNDLER_FLAGS;

/** What Next itself must not do in a test: call home, or fetch a package. */
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", NEXT_IGNORE_INCORRECT_LOCKFILE: "1" };

/**
 * A copy of the fixture app. It's in the repository: Turbopack sees no package outside of its root, and follows no
 * link that leads out of it.
 */
export async function copyNextApp(): Promise<string> {
  const root = await mkdtemp(join(ROOT, "fixtures", "apps", ".copy-"));
  await cp(join(ROOT, "fixtures", "apps", "next-basic"), root, { recursive: true });
  await mkdir(join(root, "node_modules"));
  await symlink(ROOT, join(root, "node_modules", "unplugin-scope"), "dir");
  return root;
}

export function removeNextApp(root: string): Promise<void> {
  return rm(root, { recursive: true, force: true, maxRetries: 5 });
}

export function nextBuild(root: string, bundler: NextBundler, env: Env): Promise<Ran> {
  return node([NEXT, "build", BUNDLER_FLAGS[bundler]], { cwd: root, env: { ...QUIET, ...env } });
}

export interface RunningNext extends AsyncDisposable {
  /** Everything printed so far. */
  output(): string;
  text(path: string): Promise<string>;
  close(): Promise<void>;
}

/** `next start`, or `next dev` with a bundler. */
export async function runNext(root: string, args: readonly string[], env: Env): Promise<RunningNext> {
  const line = [process.execPath, NEXT, ...args, "--port PORT --hostname 127.0.0.1"].join(" ");
  const server = await RunningServer.start(root, line, { ...QUIET, ...env });
  const close = () => server.stop();
  return {
    output: () => server.output,
    text: (path) => server.text(path),
    close,
    [Symbol.asyncDispose]: close,
  };
}
