// The local platform as a process of its own, so that it takes no turn from what is measured.
import { fork } from "node:child_process";
import { once } from "node:events";

/**
 * @param dir a folder of prompts
 * @param latency milliseconds that each response takes
 * @returns {Promise<{ env: Record<string, string>, close(): void }>} the environment that reaches it
 */
export async function servePrompts(dir, latency = 0) {
  const child = fork(import.meta.filename, [dir, String(latency)]);
  const [env] = await once(child, "message");
  return { env, close: () => child.disconnect() };
}

if (process.argv[1] === import.meta.filename) {
  const { startPlatform } = await import("../../dist/platform.js");
  const { env } = await startPlatform({ dir: process.argv[2], latency: Number(process.argv[3]) });
  process.send(env);
  process.on("disconnect", () => process.exit());
}
