import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { Telemetry, telemetryHooks } from "../../../src/client/tracing/telemetry.ts";

let printed: MockInstance<typeof console.error>;
beforeEach(() => {
  printed = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  Telemetry.clear();
  printed.mockRestore();
});

const sent = { requestId: "id", method: "GET", url: "https://platform.test/a" };
const requested = { ...sent, headers: {} };
const responded = { ...sent, statusCode: 200, elapsedMs: 1 };
const failed = { ...sent, error: new Error("broken"), elapsedMs: 1 };
const turn = () => new Promise((resolve) => setImmediate(resolve));

const kinds = [
  ["onRequest", Telemetry.onRequest, () => telemetryHooks.request(requested), requested],
  ["onResponse", Telemetry.onResponse, () => telemetryHooks.response(responded, () => "text"), responded],
  ["onError", Telemetry.onError, () => telemetryHooks.error(failed), failed],
] as const;

describe.each(kinds)("%s", (name, register, happen, info) => {
  it("is called with what happens, until it's removed", () => {
    const hook = vi.fn();
    const other = vi.fn();
    const off = register(hook);
    register(other);
    expect(hook).not.toHaveBeenCalled();
    happen();
    expect(hook.mock.calls).toEqual([[info]]);
    expect(hook.mock.calls[0]?.[0]).toBe(info);
    off();
    off();
    happen();
    expect(hook).toHaveBeenCalledOnce();
    expect(other).toHaveBeenCalledTimes(2);
    expect(printed).not.toHaveBeenCalled();
  });

  it("is called for nothing else", () => {
    const hook = vi.fn();
    register(hook);
    for (const [other, , happenOther] of kinds) if (other !== name) happenOther();
    expect(hook).not.toHaveBeenCalled();
  });

  it("alone makes the observer active", () => {
    expect(telemetryHooks.isActive).toBe(false);
    const off = register(() => {});
    expect(telemetryHooks.isActive).toBe(true);
    off();
    expect(telemetryHooks.isActive).toBe(false);
  });

  it("is removed with all others", () => {
    const hook = vi.fn();
    register(hook);
    Telemetry.clear();
    happen();
    expect(hook).not.toHaveBeenCalled();
    expect(telemetryHooks.isActive).toBe(false);
  });

  it("that throws is reported once, and doesn't hold up the others", () => {
    const thrown = new Error("mine");
    const other = vi.fn();
    register(() => {
      throw thrown;
    });
    register(other);
    happen();
    happen();
    expect(printed.mock.calls).toEqual([
      [`A Telemetry.${name} hook threw an error; the request goes on.`, thrown],
    ]);
    expect(other).toHaveBeenCalledTimes(2);
  });

  it("that rejects is reported once", async () => {
    const thrown = new Error("mine");
    register(() => Promise.reject(thrown) as never);
    happen();
    happen();
    await turn();
    expect(printed.mock.calls).toEqual([
      [`A Telemetry.${name} hook threw an error; the request goes on.`, thrown],
    ]);
  });
});

it("a hook that resolves isn't reported", async () => {
  Telemetry.onRequest(() => Promise.resolve() as never);
  telemetryHooks.request(requested);
  await turn();
  expect(printed).not.toHaveBeenCalled();
});

describe("the response's text", () => {
  it("goes to the hooks that ask for it", () => {
    const hook = vi.fn();
    Telemetry.onResponse(hook, { content: true });
    telemetryHooks.response(responded, () => "text");
    expect(hook.mock.calls).toEqual([[{ ...responded, content: "text" }]]);
  });

  it("isn't created for a hook that doesn't", () => {
    const content = vi.fn(() => "text");
    const hook = vi.fn();
    Telemetry.onResponse(hook);
    Telemetry.onResponse(hook, {});
    Telemetry.onResponse(hook, { content: false });
    Telemetry.onResponse(hook, { content: 1 as never });
    telemetryHooks.response(responded, content);
    expect(hook.mock.calls.map(([info]) => info === responded)).toEqual([true, true, true, true]);
    expect(content).not.toHaveBeenCalled();
  });

  it("is undefined if there is none", () => {
    const hook = vi.fn();
    Telemetry.onResponse(hook, { content: true });
    telemetryHooks.response(responded, undefined);
    expect(hook.mock.calls[0]?.[0]).toBe(responded);
  });

  it("can be empty", () => {
    const hook = vi.fn();
    Telemetry.onResponse(hook, { content: true });
    telemetryHooks.response(responded, () => "");
    expect(hook.mock.calls).toEqual([[{ ...responded, content: "" }]]);
  });
});
