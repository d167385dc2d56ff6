import type { Attempt, PlatformResponse, Sender } from "../http/send.ts";
import type { Observer, TracedRequest, Tracer } from "./observer.ts";

/** Each attempt as hooks and tracers see it. An attempt that nobody watches costs nothing. */
export function watchRequests(observer: Observer, tracer: Tracer, clock: () => number): Sender["watch"] {
  return (attempt, run) => {
    const observed = observer.isActive ? () => observe(observer, clock, attempt, run) : run;
    if (!tracer.isActive) return observed();
    const { requestId, method, url } = attempt;
    const context: TracedRequest = { requestId, method, url };
    return tracer.trace(context, async () => {
      const response = await observed();
      context.statusCode = response.status;
      return response;
    });
  };
}

async function observe(
  observer: Observer,
  clock: () => number,
  { requestId, method, url, headers }: Attempt,
  run: () => Promise<PlatformResponse>,
): Promise<PlatformResponse> {
  const shown = "authorization" in headers ? { authorization: "Bearer [REDACTED]" } : {};
  observer.request({ requestId, method, url, headers: { ...headers, ...shown } });
  const startedAt = clock();
  try {
    const response = await run();
    observer.response(
      { requestId, method, url, statusCode: response.status, elapsedMs: clock() - startedAt },
      method === "POST" ? undefined : () => new TextDecoder().decode(response.body),
    );
    return response;
  } catch (error) {
    observer.error({ requestId, method, url, error, elapsedMs: clock() - startedAt });
    throw error;
  }
}
