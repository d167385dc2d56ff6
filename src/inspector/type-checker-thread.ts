import { parentPort, workerData } from "node:worker_threads";
import { findBrokenCalls } from "../project/calls/find-broken-calls.ts";

/** Not an entry for users: `startTypeChecker` runs it. Anything it throws is an error of the thread. */
findBrokenCalls(workerData).then((found) => parentPort?.postMessage(found));
