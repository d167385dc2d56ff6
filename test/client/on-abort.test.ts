import { expect, it } from "vitest";
import { onAbort } from "../../src/client/on-abort.ts";
import { failure, setup } from "./client-setup.ts";
import { token } from "./faulty-platform.ts";

it("calls each one that waits, once, and none that was taken away", () => {
  const controller = new AbortController();
  const called: string[] = [];
  const same = () => called.push("same");
  onAbort(controller.signal, same);
  const off = onAbort(controller.signal, same);
  onAbort(controller.signal, () => called.push("other"));
  off();
  off();
  controller.abort();
  controller.abort();
  onAbort(controller.signal, same);
  onAbort(undefined, same)();
  expect(called).toEqual(["same", "other"]);
});

it("a hundred calls with one signal are no leak to Node, and all of them give up", async () => {
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
