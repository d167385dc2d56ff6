import { joinChunks, type Transport, TransportFault, type TransportResponse } from "./transport.ts";

/**
 * Carries requests with `fetch`, for runtimes other than Node. The time to open a connection is part of the
 * attempt's time-out, since `fetch` does not tell the two apart.
 *
 * @param run default: the runtime's own `fetch`, looked up at each request
 */
export function createFetchTransport(run?: typeof fetch): Transport {
  return {
    async request({ method, origin, path, headers, body, timeoutMs, maxBodyBytes, cancel }) {
      cancel?.throwIfAborted();
      const controller = new AbortController();
      let failure: { reason: unknown } | undefined;
      const fail = (reason: unknown) => {
        failure ??= { reason };
        controller.abort();
      };
      const timer = setTimeout(() => fail(new TransportFault("timeout")), timeoutMs);
      const off = cancel?.onAbort(() => fail(cancel?.reason));
      try {
        const response = await (run ?? fetch)(origin + path, {
          method,
          headers,
          body: body ?? null,
          // A redirect's own status is wanted, not an error and not its target.
          redirect: "manual",
          signal: controller.signal,
        });
        return await read(response, maxBodyBytes);
      } catch (error) {
        if (failure !== undefined) throw failure.reason;
        throw error;
      } finally {
        clearTimeout(timer);
        off?.();
      }
    },
    async close() {},
  };
}

async function read(response: Response, maxBodyBytes: number): Promise<TransportResponse> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  const announced = Number(response.headers.get("content-length"));
  if (reader !== undefined) {
    for (;;) {
      if (length > maxBodyBytes || announced > maxBodyBytes) {
        await reader.cancel();
        throw new TransportFault("too-large");
      }
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      chunks.push(value);
    }
  }
  return {
    // A browser hides a redirect it was told not to follow.
    status: response.type === "opaqueredirect" ? 302 : response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: joinChunks(chunks, length),
    isDelimited: true,
  };
}
