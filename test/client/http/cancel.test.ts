import { expect, it } from "vitest";
import { Cancel, cancelOf } from "../../../src/client/http/cancel.ts";
import { failure, setup } from "../client-setup.ts";
import { token } from "../faulty-platform.ts";

it("calls each waiting callback once, and none that was removed", () => {
  const cancel = new Cancel();
  const called: string[] = [];
  cancel.onAbort(() => called.push("one"));
  const off = cancel.onAbort(() => called.push("gone"));
  cancel.onAbort(() => called.push("other"));
  off();
  off();
  cancel.abort("why");
  cancel.abort("again");
  cancel.onAbort(() => called.push("late"))();
  expect(called).toEqual(["one", "other"]);
  expect([cancel.aborted, cancel.reason]).toEqual([true, "why"]);
  expect(() => cancel.throwIfAborted()).toThrow("why");
});

it("isn't aborted until it is, and can have no callbacks", () => {
  const cancel = new Cancel();
  cancel.throwIfAborted();
  expect([cancel.aborted, cancel.reason]).toEqual([false, undefined]);
  cancel.abort("why");
  expect([cancel.aborted, cancel.reason]).toEqual([true, "why"]);
});

it("calls none that another one removes, or that is added meanwhile", () => {
  const cancel = new Cancel();
  const called: string[] = [];
  cancel.onAbort(() => {
    called.push("one");
    off();
    cancel.onAbort(() => called.push("late"));
  });
  const off = cancel.onAbort(() => called.push("gone"));
  cancel.abort("why");
  expect(called).toEqual(["one"]);
});

it("calls one once, however often it's added", () => {
  const cancel = new Cancel();
  const called: string[] = [];
  const callback = () => called.push("one");
  cancel.onAbort(callback);
  cancel.onAbort(callback);
  cancel.abort("why");
  expect(called).toEqual(["one"]);
});

it("follows a signal, also one that is already aborted", () => {
  const controller = new AbortController();
  const cancel = cancelOf(controller.signal);
  expect(cancelOf(controller.signal)).toBe(cancel);
  expect(cancel?.aborted).toBe(false);
  controller.abort("why");
  expect(cancel?.reason).toBe("why");
  expect(cancelOf(AbortSignal.abort("early"))?.reason).toBe("early");
  expect(cancelOf(undefined)).toBeUndefined();
});

it("a hundred calls with one signal are no leak to Node, and all of them abort", async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown) => warnings.push(warning);
  process.on("warning", note);
  const { platform, client } = await setup();
  platform.login = (response, seen) => setTimeout(() => token()(response, seen), 20);
  platform.prompt = () => {};
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 100 }, (_, i) => failure(client.getPromptVersion(`p${i}`, { signal })));
  await new Promise((resolve) => setTimeout(resolve, 100));
  controller.abort("enough");
  expect(new Set(await Promise.all(calls))).toEqual(new Set(["enough"]));
  process.off("warning", note);
  expect(warnings).toEqual([]);
});
