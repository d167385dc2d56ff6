import { appendFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { FileReader } from "../../../src/platform/prompts/file-reader.ts";
import { makeFolder } from "../platform-helpers.ts";

it("a file that never rests and was never seen whole is refused, and a client may ask again", async () => {
  const file = join(await makeFolder({ "1.md": "" }), "1.md");
  // Every change is of this very moment, however slow the machine is.
  const now = new Date();
  vi.useFakeTimers({ toFake: ["Date"], now });
  onTestFinished(() => void vi.useRealTimers());
  utimesSync(file, now, now);
  let reads = 0;
  const read = new FileReader().read(file, () => {
    reads += 1;
    appendFileSync(file, "x");
    utimesSync(file, now, now);
    return true;
  });
  await expect(read).rejects.toMatchObject({
    status: 503,
    code: "prompt_being_written",
    headers: { "retry-after": "1" },
  });
  expect(reads).toBeGreaterThan(0);
});
