import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFetchTransport } from "../../../src/client/http/fetch-transport.ts";
import { TransportError, type TransportRequest } from "../../../src/client/http/transport.ts";
import { failure } from "../client-setup.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  // In this order: what is put back last is what stays, and a stub replaced a fake timer.
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const request: TransportRequest = {
  method: "GET",
  origin: "https://platform.test",
  path: "/a",
  headers: { accept: "application/json" },
  timeoutMs: 100,
  maxBodyBytes: 5,
};
const bytes = (text: string) => new TextEncoder().encode(text);

/** A body in these parts, which then ends or hangs, and what became of it. */
function streamed(parts: readonly string[], hangs = false) {
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const part of parts) controller.enqueue(bytes(part));
      if (!hangs) controller.close();
    },
    cancel,
  });
  return { response: new Response(body), cancel };
}

/** A transport whose `fetch` responds so, and what it was called with. */
function transportWith(respond: () => Response | Promise<Response>) {
  const seen: { url: unknown; init: RequestInit }[] = [];
  const transport = createFetchTransport(async (url, init) => {
    seen.push({ url, init: init ?? {} });
    return respond();
  });
  return { transport, seen, isAborted: () => seen[0]?.init.signal?.aborted };
}

const never = () => new Promise<never>(() => {});

describe("a request", () => {
  it("is one fetch that follows no redirect", async () => {
    const { transport, seen } = transportWith(() => new Response("{}"));
    await transport.request(request);
    expect(seen).toEqual([
      {
        url: "https://platform.test/a",
        init: {
          method: "GET",
          headers: { accept: "application/json" },
          body: null,
          redirect: "manual",
          signal: expect.any(AbortSignal),
        },
      },
    ]);
  });

  it("has its own method and body", async () => {
    const { transport, seen } = transportWith(() => new Response("{}"));
    await transport.request({ ...request, method: "POST", body: "sent" });
    expect(seen[0]?.init).toMatchObject({ method: "POST", body: "sent" });
  });
});

describe("a response", () => {
  it("has status, headers and body", async () => {
    const { transport, isAborted } = transportWith(
      () => new Response("{}", { status: 418, headers: { ETag: '"1"' } }),
    );
    const response = await transport.request(request);
    expect([response.status, response.header("etag"), response.header("date")]).toEqual([
      418,
      '"1"',
      undefined,
    ]);
    expect(response.body).toEqual(bytes("{}"));
    expect(isAborted()).toBe(false);
  });

  it("can have no body", async () => {
    const { transport } = transportWith(() => new Response(null, { status: 304 }));
    expect((await transport.request(request)).body).toEqual(bytes(""));
  });

  it("in parts is one body, up to the limit", async () => {
    const { response, cancel } = streamed(["a", "bc", "de"]);
    const { transport } = transportWith(() => response);
    expect((await transport.request(request)).body).toEqual(bytes("abcde"));
    expect(cancel).not.toHaveBeenCalled();
  });

  it("larger than the limit is released without reading it to the end", async () => {
    const { response, cancel } = streamed(["abc", "def"], true);
    const { transport, isAborted } = transportWith(() => response);
    const error = await failure(transport.request(request));
    expect(error).toBeInstanceOf(TransportError);
    expect(error.kind).toBe("too-large");
    expect(isAborted()).toBe(true);
    await Promise.resolve();
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe("a request that fails", () => {
  it("throws what fetch throws", async () => {
    const thrown = new TypeError("fetch failed");
    const { transport } = transportWith(() => Promise.reject(thrown));
    expect(await failure(transport.request(request))).toBe(thrown);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends at its time-out, and no earlier", async () => {
    const { transport, isAborted } = transportWith(never);
    const failed = failure(transport.request(request));
    await vi.advanceTimersByTimeAsync(99);
    expect(isAborted()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const error = await failed;
    expect(error).toBeInstanceOf(TransportError);
    expect(error.kind).toBe("timeout");
    expect(isAborted()).toBe(true);
  });

  it("within its body releases the body", async () => {
    const { response, cancel } = streamed(["ab"], true);
    const { transport } = transportWith(() => response);
    const failed = failure(transport.request(request));
    await vi.advanceTimersByTimeAsync(100);
    expect((await failed).kind).toBe("timeout");
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("releases a body that comes too late", async () => {
    const { response, cancel } = streamed(["ab"], true);
    let respond!: (response: Response) => void;
    const { transport } = transportWith(
      () =>
        new Promise((resolve) => {
          respond = resolve;
        }),
    );
    const failed = failure(transport.request(request));
    await vi.advanceTimersByTimeAsync(100);
    await failed;
    respond(response);
    await new Promise((resolve) => setImmediate(resolve));
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe("when it's over", () => {
  it("no timer is left", async () => {
    const { transport } = transportWith(() => new Response("{}"));
    const responding = transport.request(request);
    expect(vi.getTimerCount()).toBe(1);
    await responding;
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["a number", 7, undefined],
    ["an object that can be unreferenced", { unref: vi.fn() }, 1],
  ])("its timer hasn't kept a process alive: %s", async (_, timer, expected) => {
    vi.stubGlobal("setTimeout", () => timer);
    vi.stubGlobal("clearTimeout", () => {});
    const { transport } = transportWith(() => new Response("{}"));
    expect((await transport.request(request)).status).toBe(200);
    expect((timer as { unref?: { mock: { calls: [] } } }).unref?.mock.calls.length).toBe(expected);
  });

  it("there is nothing to close", async () => {
    const { transport } = transportWith(() => new Response("{}"));
    expect(await transport.close()).toBeUndefined();
    expect((await transport.request(request)).status).toBe(200);
  });
});
