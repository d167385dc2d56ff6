// The local platform as a process of its own, so that it takes no turn from what is measured.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";

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
  const [, , dir, latency] = process.argv;
  const { env, port } = await startPlatform({ dir });
  // Before the platform, so that each request waits.
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    const pass = () => {
      const passed = request({ port, method, path, headers }, (reply) => {
        answer.writeHead(reply.statusCode, reply.headers);
        reply.pipe(answer);
      });
      asked.pipe(passed);
    };
    setTimeout(pass, Number(latency));
  });
  server.listen(0, "127.0.0.1", () => {
    const url = `http://127.0.0.1:${server.address().port}`;
    process.send(latency === "0" ? env : { ...env, SCOPE_API_URL: url, SCOPE_AUTH_API_URL: url });
  });
  process.on("disconnect", () => process.exit());
}
