import { randomUUID } from "node:crypto";
import { getEnvironmentData, setEnvironmentData, Worker } from "node:worker_threads";
import { ENDED, endBuild, newReply, waitFor } from "./exchange.ts";
import { pnpArguments } from "./pnp-arguments.ts";
import { readOut } from "./read-out.ts";
import type { WorkerData } from "./worker.ts";

const KEY = "unplugin-scope/register";

/** A script without imports: a thread that cannot load its own code says so; its starter would wait, and hear nothing. */
const START = `
const { workerData } = require("node:worker_threads");
import(workerData.code).catch((error) => {
  require("node:fs").writeSync(2, (error.stack ?? error) + "\\n");
  const words = new Int32Array(workerData.ready, 0, 2);
  Atomics.store(words, 0, ${ENDED});
  Atomics.notify(words, 0);
});`;

/**
 * The channel on which this process's build is asked. The first thread starts it and waits for its prompts; threads
 * that the application starts later ask the same one, so that a process has one version per prompt.
 *
 * @throws an Error for a person, when the config cannot be used
 */
export function channelOfBuild(): string {
  const known = getEnvironmentData(KEY);
  if (typeof known === "string") return known;
  const channel = `${KEY}/${randomUUID()}`;
  const ready = newReply();
  const { NODE_OPTIONS: _, ...env } = process.env;
  const code = new URL("./register-worker.js", import.meta.url).href;
  const worker = new Worker(START, {
    eval: true,
    workerData: { channel, ready, code } satisfies WorkerData & { code: string },
    // Neither flags nor NODE_OPTIONS are handed on: they may hold this very import. What Yarn put there, the thread
    // cannot do without: its own files and packages lie in archives.
    execArgv: [...pnpArguments()],
    env,
  });
  worker.unref();
  const response = waitFor(ready);
  readOut(response);
  // What Node itself sends the process that watches, for each module it loads.
  if (response.madeOf?.length) process.send?.({ "watch:require": response.madeOf });
  setEnvironmentData(KEY, channel);
  // Threads end with their process without a word, and a temporary folder would stay behind.
  process.once("exit", () => endBuild(channel));
  return channel;
}
