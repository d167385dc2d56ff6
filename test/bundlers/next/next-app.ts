import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../support/listen.ts";
import { cleanEnv, node, type Ran, ROOT } from "../../support/run.ts";

const NEXT = join(ROOT, "node_modules", "next", "dist", "bin", "next");

export type Env = Readonly<Record<string, string | undefined>>;

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
  readonly url: string;
  /** Everything printed so far. */
  output(): string;
  text(path: string): Promise<string>;
  close(): Promise<void>;
}

/** `next start`, or `next dev` with a bundler. */
export async function runNext(root: string, args: readonly string[], env: Env): Promise<RunningNext> {
  const port = await freePort();
  const child = spawn(process.execPath, [NEXT, ...args, "--port", String(port), "--hostname", "127.0.0.1"], {
    cwd: root,
    env: cleanEnv({ ...QUIET, ...env }),
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const url = `http://127.0.0.1:${port}`;
  const running: RunningNext = {
    url,
    output: () => output,
    text: async (path) => (await fetch(url + path, { signal: AbortSignal.timeout(60_000) })).text(),
    close: () => stop(child),
    [Symbol.asyncDispose]: () => stop(child),
  };
  await ready(child, () => output.includes("Ready in"), running);
  return running;
}

async function ready(child: ChildProcess, isReady: () => boolean, { output, close }: RunningNext) {
  const until = performance.now() + 60_000;
  while (!isReady()) {
    if (child.exitCode !== null || performance.now() > until) {
      await close();
      throw new Error(`Next did not start:\n${output()}`);
    }
    await new Promise((wait) => setTimeout(wait, 50));
  }
}

/** Next runs its server in a child of its own: the group is ended, not the first of it alone. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const closed = new Promise((done) => child.once("close", done));
  process.kill(-child.pid, "SIGTERM");
  await closed;
}
