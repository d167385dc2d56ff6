import { tracingChannel } from "node:diagnostics_channel";
import type { TracedRequest, Tracer } from "./observer.ts";

const channel = tracingChannel<TracedRequest, TracedRequest>("unplugin-scope:request");
const parts = [channel.start, channel.end, channel.asyncStart, channel.asyncEnd, channel.error];

/**
 * Publishes each attempt on the tracing channel `unplugin-scope:request`, as `{ requestId, method, url }`, with
 * `statusCode` or `error` at its end.
 */
export const requestTracer: Tracer = {
  get isActive() {
    return parts.some((part) => part.hasSubscribers);
  },
  trace: (context, run) => channel.tracePromise(run, context),
};
