import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processEnv } from "../../environment.ts";
import type { Options } from "../../project/config/options.ts";
import { PromptBuild } from "./prompt-build.ts";

/** Tells the processes of one command that a server is already running, for which config, and where. */
const VARIABLE = "UNPLUGIN_SCOPE_NEXT";

/**
 * The address of the one server for all loaders of a command. Turbopack runs loaders in many processes. If each fetched
 * for itself, a build could contain two versions of a prompt. So the first process that reads the config serves them
 * all, on a socket in a folder that only this user can enter. No port is opened, and credentials stay where they are.
 */
export function promptServerPath(dir: string, distDir: string, options: Options): string {
  const { cacheStore: _, credentials: __, ...comparable } = options;
  const key = JSON.stringify([dir, distDir, processEnv().NODE_ENV, comparable]);
  const known = JSON.parse(processEnv()[VARIABLE] ?? "{}");
  if (known.key === key) return known.path;
  const path = newAddress();
  const build = new PromptBuild(dir, distDir, options);
  createServer({ allowHalfOpen: true }, (socket) => converse(socket, build))
    .listen(path)
    .unref();
  process.env[VARIABLE] = JSON.stringify({ key, path });
  return path;
}

function newAddress(): string {
  if (process.platform === "win32") {
    return `\\\\.\\pipe\\unplugin-scope-${randomBytes(16).toString("hex")}`;
  }
  const folder = mkdtempSync(join(tmpdir(), "scope-next-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "prompts.sock");
}

const MAX_QUESTION_LENGTH = 1_000_000;

/** One request and its response. The other side ends its half once it has asked. */
function converse(socket: Socket, build: PromptBuild): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk) => {
    text += chunk;
    if (text.length > MAX_QUESTION_LENGTH) socket.destroy();
  });
  socket.on("end", async () => {
    try {
      socket.end(JSON.stringify(await build.respond(JSON.parse(text))));
    } catch {
      // A loader can be stopped while it asks.
      socket.destroy();
    }
  });
  // A loader that was stopped doesn't need a response any more.
  socket.on("error", () => socket.destroy());
}
