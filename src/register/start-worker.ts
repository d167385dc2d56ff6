import { randomUUID } from "node:crypto";
import { getEnvironmentData, setEnvironmentData, Worker } from "node:worker_threads";
import { endBuild, newReply, waitFor } from "./exchange.ts";
import { readOut } from "./read-out.ts";
import type { WorkerData } from "./worker.ts";

const KEY = "unplugin-scope/register";

/**
 * The channel on which this process's build is asked. The first thread starts it and waits for its prompts; threads
 * that the application starts later ask the same one, so that a process has one answer per prompt.
 *
 * @throws an Error for a person, when the config cannot be used
 */
export function channelOfBuild(): string {
  const known = getEnvironmentData(KEY);
  if (typeof known === "string") return known;
  const channel = `${KEY}/${randomUUID()}`;
  const ready = newReply();
  const { NODE_OPTIONS: _, ...env } = process.env;
  const worker = new Worker(new URL("./register-worker.js", import.meta.url), {
    workerData: { channel, ready } satisfies WorkerData,
    // Neither flags nor NODE_OPTIONS are handed on: they may hold this very import.
    execArgv: [],
    env,
  });
  worker.unref();
  const answer = waitFor(ready);
  readOut(answer);
  // What Node itself sends the process that watches, for each module it loads.
  if (answer.madeOf?.length) process.send?.({ "watch:require": answer.madeOf });
  setEnvironmentData(KEY, channel);
  // Threads end with their process without a word, and a temporary folder would stay behind.
  process.once("exit", () => endBuild(channel));
  return channel;
}
