import { tracingChannel } from "node:diagnostics_channel";
import { debug, isDebugging } from "../../debug.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { Attempt, PlatformResponse, Sender } from "../http/send.ts";
import { telemetryHooks } from "./telemetry.ts";

/** What subscribers of the tracing channel see of one attempt. `statusCode` is set once the response arrives. */
export interface TracedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  statusCode?: number;
}

const channel = tracingChannel<TracedRequest, TracedRequest>("unplugin-scope:request");
const parts = [channel.start, channel.end, channel.asyncStart, channel.asyncEnd, channel.error];

type Watch = NonNullable<Sender["watch"]>;

/**
 * Each attempt as hooks, tracers and the debug log see it. An attempt that nobody watches costs nothing.
 *
 * @param isTraced publish it on the tracing channel, with `statusCode` or `error` at its end
 * @param hasHooks call the application's `Telemetry` hooks
 */
export function watchRequests(
  { isTraced, hasHooks }: { readonly isTraced: boolean; readonly hasHooks: boolean },
  clock: () => number,
): Watch {
  return (attempt, run) => {
    const hooks = hasHooks && telemetryHooks.isActive ? telemetryHooks : undefined;
    const observed = hooks || isDebugging() ? () => observe(hooks, clock, attempt, run) : run;
    if (!isTraced || !parts.some((part) => part.hasSubscribers)) return observed();
    const { requestId, method, url } = attempt;
    const context: TracedRequest = { requestId, method, url };
    return channel.tracePromise(async () => {
      const response = await observed();
      context.statusCode = response.status;
      return response;
    }, context);
  };
}

async function observe(
  hooks: typeof telemetryHooks | undefined,
  clock: () => number,
  { requestId, method, url, headers }: Attempt,
  run: () => Promise<PlatformResponse>,
): Promise<PlatformResponse> {
  const shown = "authorization" in headers ? { authorization: "Bearer [REDACTED]" } : {};
  hooks?.request({ requestId, method, url, headers: { ...headers, ...shown } });
  const startedAt = clock();
  // Never called within `hooks?.…(…)`: without hooks, its line of the debug log would be left out.
  const finished = (outcome: string) => {
    const elapsedMs = clock() - startedAt;
    debug(() => `${method} ${url}: ${outcome} after ${Math.round(elapsedMs)} ms, request ${requestId}`);
    return { requestId, method, url, elapsedMs };
  };
  try {
    const response = await run();
    const { status, body } = response;
    const content = method === "POST" ? undefined : () => new TextDecoder().decode(body);
    const info = finished(String(status));
    hooks?.response({ ...info, statusCode: status }, content);
    return response;
  } catch (error) {
    const info = finished(isScopeError(error) ? error.code : "given up");
    hooks?.error({ ...info, error });
    throw error;
  }
}
