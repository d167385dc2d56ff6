import { beforeEach, describe, expect, it, vi } from "vitest";
import { PlatformResponse } from "../../../src/client/http/send.ts";
import { debugRequests } from "../../../src/client/tracing/debug-requests.ts";
import { ConnectionError } from "../../../src/errors/classes.ts";
import { failure } from "../client-setup.ts";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
});

const attempt = { requestId: "id-1", method: "GET", url: "https://platform.test/a", headers: {} };
const make = (status: number) =>
  new PlatformResponse({ status, header: () => undefined, body: new Uint8Array() }, "id", []);

/** Runs one attempt that takes 30.4 ms. */
function run(outcome: () => Promise<PlatformResponse>, inner?: Parameters<typeof debugRequests>[0]) {
  let now = 100;
  const watch = debugRequests(
    inner,
    () => now,
    (line) => lines.push(line()),
    true,
  );
  const running = () => {
    now += 30.4;
    return outcome();
  };
  return watch?.(attempt, running) ?? Promise.reject();
}

describe("where the lines are asked for", () => {
  it("each attempt is one, with its status", async () => {
    const response = make(418);
    expect(await run(async () => response)).toBe(response);
    expect(lines).toEqual(["GET https://platform.test/a: 418 after 30 ms, request id-1"]);
  });

  it.each([
    [new ConnectionError("broken", { code: "connection_failed" }), "connection_failed"],
    [new Error("hush"), "given up"],
    ["enough", "given up"],
  ])("one that fails is one too: %s", async (thrown, outcome) => {
    expect(await failure(run(() => Promise.reject(thrown)))).toBe(thrown);
    expect(lines).toEqual([`GET https://platform.test/a: ${outcome} after 30 ms, request id-1`]);
  });

  it("whoever else watches still does", async () => {
    const other = make(201);
    const inner = vi.fn(async (_: unknown, running: () => Promise<PlatformResponse>) => {
      await running();
      return other;
    });
    const outcome = vi.fn(async () => make(200));
    expect(await run(outcome, inner)).toBe(other);
    expect(inner.mock.calls[0]?.[0]).toBe(attempt);
    expect(outcome).toHaveBeenCalledOnce();
    expect(lines).toEqual(["GET https://platform.test/a: 201 after 30 ms, request id-1"]);
  });
});

it("where they are not, whoever else watches is alone", () => {
  const inner = async () => make(200);
  expect(debugRequests(inner, () => 0)).toBe(inner);
  expect(debugRequests(undefined, () => 0)).toBeUndefined();
});
