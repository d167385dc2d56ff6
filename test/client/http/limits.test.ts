import { expect, it, vi } from "vitest";
import { Cancel } from "../../../src/client/http/cancel.ts";
import { within } from "../../../src/client/http/limits.ts";
import { failure } from "../client-setup.ts";

it("a promise whose only caller has given up may fail unheard", async () => {
  const unheard = vi.fn();
  process.on("unhandledRejection", unheard);
  const cancel = new Cancel();
  cancel.abort("enough");
  expect(await failure(within(Promise.reject(new Error("down")), cancel))).toBe("enough");
  await new Promise(setImmediate);
  process.off("unhandledRejection", unheard);
  expect(unheard).not.toHaveBeenCalled();
});
