import { type Transport, TransportError, type TransportResponse } from "./transport.ts";

/**
 * Sends requests with `fetch`, which can ignore its signal, for live prompts: nobody gives up a request of theirs. The
 * time to open a connection counts towards the attempt's time-out, since `fetch` doesn't show the difference. Its timers
 * don't keep the process alive.
 */
export function createFetchTransport(run: typeof fetch): Transport {
  return {
    async request({ method, origin, path, headers, body, timeoutMs, maxBodyBytes }) {
      const controller = new AbortController();
      let fail!: (reason: unknown) => void;
      const failed = new Promise<never>((_, reject) => {
        fail = reject;
      });
      const timer = setTimeout(() => fail(new TransportError("timeout")), timeoutMs);
      // Some runtimes return a number, which doesn't keep anything alive.
      (timer as { unref?: () => void }).unref?.();
      const responding = run(origin + path, {
        method,
        headers,
        body: body ?? null,
        // We want a redirect's own status, not an error or its target.
        redirect: "manual",
        signal: controller.signal,
      });
      const opening = responding.then((response) => response.body?.getReader());
      try {
        return await Promise.race([read(responding, opening, maxBodyBytes), failed]);
      } catch (error) {
        controller.abort();
        // Nobody waits until a late or too large body is released, or cares if that fails.
        opening.then((reader) => reader?.cancel()).catch(() => {});
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {},
  };
}

async function read(
  responding: Promise<Response>,
  opening: Promise<ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined>,
  maxBodyBytes: number,
): Promise<TransportResponse> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = await opening;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    chunks.push(part.value);
    length += part.value.length;
    if (length > maxBodyBytes) throw new TransportError("too-large");
  }
  const response = await responding;
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: new Uint8Array(await new Blob(chunks).arrayBuffer()),
  };
}
