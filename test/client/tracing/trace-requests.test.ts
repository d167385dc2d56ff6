import { channel, tracingChannel } from "node:diagnostics_channel";
import { expect, it } from "vitest";
import { requestTracer } from "../../../src/client/tracing/trace-requests.ts";
import { failure } from "../client-setup.ts";

const NAME = "unplugin-scope:request";
const context = () => ({ requestId: "id", method: "GET", url: "https://platform.test/a" });

it.each(["start", "end", "asyncStart", "asyncEnd", "error"])(
  "one subscriber to %s alone makes it active",
  (part) => {
    const one = channel(`tracing:${NAME}:${part}`);
    const hear = () => {};
    expect(requestTracer.isActive).toBe(false);
    one.subscribe(hear);
    expect(requestTracer.isActive).toBe(true);
    one.unsubscribe(hear);
    expect(requestTracer.isActive).toBe(false);
  },
);

it("publishes an attempt under its context, and brings what it brings", async () => {
  const heard: unknown[] = [];
  const hear = (name: string) => (message: unknown) => void heard.push([name, message]);
  const handlers = {
    start: hear("start"),
    end: hear("end"),
    asyncStart: hear("asyncStart"),
    asyncEnd: hear("asyncEnd"),
    error: hear("error"),
  };
  const traced = tracingChannel(NAME);
  traced.subscribe(handlers);
  const good = context();
  const bad = context();
  const thrown = new Error("mine");
  try {
    expect(await requestTracer.trace(good, async () => 7)).toBe(7);
    expect(await failure(requestTracer.trace(bad, () => Promise.reject(thrown)))).toBe(thrown);
  } finally {
    traced.unsubscribe(handlers);
  }
  const names = ["start", "end", "asyncStart", "asyncEnd"];
  expect(heard).toEqual([
    ...names.map((name) => [name, { ...context(), result: 7 }]),
    ...["start", "end", "error", "asyncStart", "asyncEnd"].map((name) => [
      name,
      { ...context(), error: thrown },
    ]),
  ]);
  expect((heard as [string, object][])[0]?.[1]).toBe(good);
});
