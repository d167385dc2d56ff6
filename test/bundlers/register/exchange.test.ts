import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { waitFor } from "../../../src/bundlers/register/exchange.ts";

/** A build whose thread is interrupted between marking a question as seen and waking who asks. */
const INTERRUPTED = `
const { workerData: reply } = require("node:worker_threads");
const words = new Int32Array(reply, 0, 2);
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
Atomics.store(words, 0, 1);
pause();
Atomics.notify(words, 0);
pause();
const bytes = new TextEncoder().encode('{ "file": "module.js", "notes": [] }');
reply.grow(8 + bytes.length);
new Uint8Array(reply, 8).set(bytes);
Atomics.store(words, 1, bytes.length);
Atomics.store(words, 0, 2);
Atomics.notify(words, 0);`;

it("a build that is slow to say it has seen a question isn't taken for one that has ended", () => {
  const response = waitFor((reply) => {
    new Worker(INTERRUPTED, { eval: true, workerData: reply });
    const words = new Int32Array(reply, 0, 2);
    while (Atomics.load(words, 0) === 0);
  });
  expect(response.file).toBe("module.js");
});
