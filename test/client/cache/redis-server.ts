import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/listen.ts";
import { type OptionalTool, runs } from "../../support/optional-tool.ts";
import { waitFor } from "../../support/wait-for.ts";

export const REDIS: OptionalTool = {
  name: "redis-server",
  install: "apt-get install redis-server",
  isThere: () => runs("redis-server", ["--version"]) && runs("redis-cli", ["--version"]),
};

export interface RedisServer {
  readonly url: string;
  /** Every key, as Redis has it. */
  keys(): string[];
  get(key: string): string;
  stop(): Promise<void>;
}

/** A real Redis server on loopback, on a free port, that keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "scope-redis-"));
  const port = await freePort();
  const options = { bind: "127.0.0.1", port: String(port), save: "", appendonly: "no", dir: folder };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn("redis-server", args, { stdio: "ignore" });
  await waitFor(
    "redis-server",
    () => {
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}.`);
      return isOpen(port);
    },
    { timeoutMs: 30_000 },
  );
  const cli = (...command: string[]) =>
    execFileSync("redis-cli", ["-h", "127.0.0.1", "-p", String(port), "--raw", ...command], {
      encoding: "utf8",
    });
  return {
    url: `redis://127.0.0.1:${port}`,
    keys: () => cli("keys", "*").split("\n").filter(Boolean),
    get: (key) => cli("get", key),
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const closed = new Promise((resolve) => server.once("close", resolve));
        server.kill("SIGKILL");
        await closed;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether somebody listens on a port. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1")
      .on("connect", () => done(true))
      .on("error", () => done(false));
    socket.on("connect", () => socket.destroy());
  });
}
