import { tracingChannel } from "node:diagnostics_channel";
import type { Trace, TracedRequest } from "./observer.ts";

const channel = tracingChannel<TracedRequest, TracedRequest>("unplugin-scope:request");
const parts = [channel.start, channel.end, channel.asyncStart, channel.asyncEnd, channel.error];

/**
 * Publishes each attempt on the tracing channel `unplugin-scope:request`, as `{ requestId, method, url }`, with
 * `statusCode` or `error` at its end. Costs five look-ups when nobody subscribes.
 */
export const traceRequests: Trace = (context, run) =>
  parts.some((part) => part.hasSubscribers) ? channel.tracePromise(run, context) : run();
