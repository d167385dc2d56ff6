/** Preloaded with --expose-gc into a server that soaks: answers "state" with what it holds after a collection. */
import { EventEmitter } from "node:events";
import v8 from "node:v8";

process.on("message", (message) => {
  if (message !== "state") return;
  globalThis.gc();
  const resources = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  process.send({
    state: {
      heapUsed: process.memoryUsage().heapUsed,
      resources,
      emitters: v8.queryObjects(EventEmitter, { format: "count" }),
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    },
  });
});
