import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/listen.ts";
import { type OptionalTool, runs } from "../../support/optional-tool.ts";

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
  await listening(port, server);
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

async function listening(port: number, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}.`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1")
        .on("connect", () => resolve(true))
        .on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("redis-server did not begin to listen.");
}
