import { tracingChannel } from "node:diagnostics_channel";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { PlatformResponse } from "../../../src/client/http/send.ts";
import { Telemetry } from "../../../src/client/tracing/telemetry.ts";
import { type TracedRequest, watchRequests } from "../../../src/client/tracing/watch-requests.ts";
import { failure } from "../client-setup.ts";

const attempt = {
  requestId: "id",
  method: "GET",
  url: "https://platform.test/a",
  headers: { accept: "text/plain", authorization: "Bearer hush" },
};
const sent = { requestId: "id", method: "GET", url: "https://platform.test/a" };
const response = new PlatformResponse(
  { status: 418, header: () => undefined, body: new TextEncoder().encode("é") },
  "id",
  [],
);

function watching({ isObserved = true, isTraced = false } = {}) {
  const heard: unknown[][] = [];
  const contexts: TracedRequest[] = [];
  if (isObserved) {
    Telemetry.onRequest((info) => heard.push(["request", info]));
    Telemetry.onResponse((info) => heard.push(["response", info]), { content: true });
    Telemetry.onError((info) => heard.push(["error", info]));
  }
  const channel = tracingChannel<TracedRequest, TracedRequest>("unplugin-scope:request");
  const start = (context: unknown) => void contexts.push(context as TracedRequest);
  if (isTraced) channel.start.subscribe(start);
  onTestFinished(() => {
    Telemetry.clear();
    channel.start.unsubscribe(start);
  });
  let now = 100;
  const watch = watchRequests({ isTraced: true, hasHooks: true }, () => now);
  return {
    heard,
    contexts,
    run: (outcome: () => Promise<PlatformResponse>, changed: Partial<typeof attempt> = {}) =>
      watch({ ...attempt, ...changed }, () => {
        now += 30;
        return outcome();
      }),
  };
}

describe("an attempt", () => {
  it("is observed with its response and its time, without the token", async () => {
    const { run, heard, contexts } = watching();
    expect(await run(async () => response)).toBe(response);
    expect(heard).toEqual([
      ["request", { ...sent, headers: { accept: "text/plain", authorization: "Bearer [REDACTED]" } }],
      ["response", { ...sent, statusCode: 418, elapsedMs: 30, content: "é" }],
    ]);
    expect(contexts).toEqual([]);
  });

  it("without a token shows none", async () => {
    const { run, heard } = watching();
    await run(async () => response, { headers: { accept: "text/plain" } as never });
    expect(heard[0]).toEqual(["request", { ...sent, headers: { accept: "text/plain" } }]);
  });

  it("that is a login has no text", async () => {
    const { run, heard } = watching();
    await run(async () => response, { method: "POST" });
    expect(heard[1]).toEqual(["response", { ...sent, method: "POST", statusCode: 418, elapsedMs: 30 }]);
  });

  it("that fails is observed with its error, and throws it", async () => {
    const { run, heard } = watching();
    const error = new Error("mine");
    expect(await failure(run(() => Promise.reject(error)))).toBe(error);
    expect(heard.slice(1)).toEqual([["error", { ...sent, error, elapsedMs: 30 }]]);
  });

  it("is traced, with its status once there is one", async () => {
    const { run, heard, contexts } = watching({ isObserved: false, isTraced: true });
    const outcome = vi.fn(async () => {
      expect(contexts).toMatchObject([sent]);
      return response;
    });
    expect(await run(outcome)).toBe(response);
    expect(contexts).toMatchObject([{ ...sent, statusCode: 418 }]);
    expect(heard).toEqual([]);
  });

  it("that fails is traced without a status", async () => {
    const { run, contexts } = watching({ isTraced: true });
    const error = new Error("mine");
    expect(await failure(run(() => Promise.reject(error)))).toBe(error);
    expect(contexts).toEqual([{ ...sent, error }]);
  });

  it("is observed and traced at once", async () => {
    const { run, heard, contexts } = watching({ isTraced: true });
    await run(async () => response);
    expect(heard.map(([name]) => name)).toEqual(["request", "response"]);
    expect(contexts).toHaveLength(1);
  });

  it("that nobody watches runs as it is", async () => {
    const { run, heard, contexts } = watching({ isObserved: false });
    const running = Promise.resolve(response);
    expect(run(() => running)).toBe(running);
    expect([heard, contexts]).toEqual([[], []]);
    await running;
  });
});
