import { afterEach, beforeEach, expect, it, vi } from "vitest";
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

/** A body in these parts, which then hangs, and what became of it. */
function hanging(...parts: readonly string[]) {
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const part of parts) controller.enqueue(bytes(part));
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

it.each([
  ["GET", undefined, null],
  ["POST", "sent", "sent"],
] as const)("a request is one fetch that follows no redirect: %s", async (method, given, body) => {
  const { transport, seen } = transportWith(() => new Response("{}"));
  await transport.request({ ...request, method, body: given });
  const { headers } = request;
  const init = { method, headers, body, redirect: "manual", signal: expect.any(AbortSignal) };
  expect(seen).toEqual([{ url: "https://platform.test/a", init }]);
});

it("a response has status, headers and body, and leaves no timer", async () => {
  const { transport, isAborted } = transportWith(
    () => new Response("{}", { status: 418, headers: { ETag: '"1"' } }),
  );
  const responding = transport.request(request);
  expect(vi.getTimerCount()).toBe(1);
  const { status, header, body } = await responding;
  expect([status, header("etag"), header("date"), body]).toEqual([418, '"1"', undefined, bytes("{}")]);
  expect([isAborted(), vi.getTimerCount()]).toEqual([false, 0]);
});

it.each([
  ["nothing", null, ""],
  ["parts, up to the limit", new Blob(["a", "bc", "de"]).stream(), "abcde"],
])("a body can be %s", async (_, given, expected) => {
  const { transport } = transportWith(() => new Response(given));
  expect((await transport.request(request)).body).toEqual(bytes(expected));
});

it("a body larger than the limit is released without reading it to the end", async () => {
  const { response, cancel } = hanging("abc", "def");
  const { transport, isAborted } = transportWith(() => response);
  const error = await failure(transport.request(request));
  expect(error).toBeInstanceOf(TransportError);
  expect(error.kind).toBe("too-large");
  expect(isAborted()).toBe(true);
  await Promise.resolve();
  expect(cancel).toHaveBeenCalledOnce();
});

it("a request that fails throws what fetch throws", async () => {
  const thrown = new TypeError("fetch failed");
  const { transport } = transportWith(() => Promise.reject(thrown));
  expect(await failure(transport.request(request))).toBe(thrown);
  expect(vi.getTimerCount()).toBe(0);
});

it.each([
  ["before its response", () => never()],
  ["within its body", async () => hanging("ab").response],
])("a request ends at its time-out, and no earlier: %s", async (_, respond) => {
  const { transport, isAborted } = transportWith(respond);
  const failed = failure(transport.request(request));
  await vi.advanceTimersByTimeAsync(99);
  expect(isAborted()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  const error = await failed;
  expect(error).toBeInstanceOf(TransportError);
  expect(error.kind).toBe("timeout");
  expect(isAborted()).toBe(true);
});

it("a body that comes too late is released", async () => {
  const { response, cancel } = hanging("ab");
  let respond!: (response: Response) => void;
  const late = new Promise<Response>((resolve) => {
    respond = resolve;
  });
  const { transport } = transportWith(() => late);
  const failed = failure(transport.request(request));
  await vi.advanceTimersByTimeAsync(100);
  await failed;
  respond(response);
  await new Promise((resolve) => setImmediate(resolve));
  expect(cancel).toHaveBeenCalledOnce();
});

it.each([
  ["a number", 7, undefined],
  ["an object that can be unreferenced", { unref: vi.fn() }, 1],
])("a timer hasn't kept a process alive: %s", async (_, timer, expected) => {
  vi.stubGlobal("setTimeout", () => timer);
  vi.stubGlobal("clearTimeout", () => {});
  const { transport } = transportWith(() => new Response("{}"));
  expect((await transport.request(request)).status).toBe(200);
  expect((timer as { unref?: { mock: { calls: [] } } }).unref?.mock.calls.length).toBe(expected);
});
