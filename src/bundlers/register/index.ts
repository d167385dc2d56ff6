/**
 * `node --import unplugin-scope/register app.js`: `scope:` imports without a bundler. Importing this file is enough.
 *
 * @throws an Error for a person, if the config can't be used
 */
import { randomUUID } from "node:crypto";
import nodeModule, { type ResolveHookContext } from "node:module";
import { getEnvironmentData, setEnvironmentData, Worker } from "node:worker_threads";
import { processEnv } from "../../environment.ts";
import { requireNode } from "../../errors/node-version.ts";
import { ENDED, endBuild, promptFile, resolvePrompt, waitFor } from "./exchange.ts";
import type { WorkerData } from "./worker.ts";

/** The part of Node's synchronous hooks that is used here; available from 22.15 on. */
interface SynchronousHooks {
  registerHooks?(hooks: {
    resolve(
      specifier: string,
      context: ResolveHookContext,
      next: (specifier: string, context: ResolveHookContext) => object,
    ): unknown;
  }): void;
}

requireNode();

const KEY = "unplugin-scope/register";

/**
 * A script without imports: if a thread can't load its own code, this one reports it. Its starter would otherwise wait
 * and never hear.
 */
const START = `
const { workerData } = require("node:worker_threads");
import(workerData.code).catch((error) => {
  require("node:fs").writeSync(2, (error.stack ?? error) + "\\n");
  const words = new Int32Array(workerData.ready, 0, 2);
  Atomics.store(words, 0, ${ENDED});
  Atomics.notify(words, 0);
});`;

const channel = channelOfBuild();

/** Makes `scope:` imports work in this thread. */
export const isRegistered = true;

// Looked up at run time: importing a name that this Node doesn't have is a syntax error.
const node = nodeModule as SynchronousHooks;
if (node.registerHooks !== undefined) {
  node.registerHooks({ resolve: (...asked) => resolvePrompt(channel, ...asked) });
} else {
  nodeModule.register(new URL("./register-hooks.js", import.meta.url), { data: channel });
  hookRequire(channel);
}

/** The hooks of these versions don't see `require`. Only its own resolution does. */
function hookRequire(channel: string): void {
  const loader = nodeModule as unknown as {
    _resolveFilename(request: string, parent?: { filename?: string }, ...rest: unknown[]): string;
  };
  const original = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    return request.startsWith("scope:")
      ? promptFile(channel, request, parent?.filename)
      : original.call(this, request, parent, ...rest);
  };
}

/**
 * The channel on which this process asks its build. The first thread starts the build and waits for its prompts.
 * Threads that the application starts later ask the same build, so that a process has one version per prompt.
 *
 * @throws an Error for a person, if the config can't be used
 */
function channelOfBuild(): string {
  const known = getEnvironmentData(KEY);
  if (typeof known === "string") return known;
  const channel = `${KEY}/${randomUUID()}`;
  const { NODE_OPTIONS: _, ...env } = processEnv();
  const code = new URL("./register-worker.js", import.meta.url).href;
  const response = waitFor((ready) => {
    const worker = new Worker(START, {
      eval: true,
      workerData: { channel, ready, code } satisfies WorkerData & { code: string },
      // Flags and NODE_OPTIONS aren't passed on: they can contain this very import.
      execArgv: [],
      env,
    });
    worker.unref();
  });
  Object.assign(processEnv(), response.env);
  // The message that Node itself sends the watching process for each module it loads.
  if (response.filesToWatch?.length) process.send?.({ "watch:require": response.filesToWatch });
  setEnvironmentData(KEY, channel);
  // Threads end silently with their process, which would leave a temporary folder behind.
  process.once("exit", () => endBuild(channel));
  return channel;
}
