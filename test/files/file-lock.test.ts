import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { withFileLock } from "../../src/files/critical-section.ts";
import { temporaryFolder } from "../support/app.ts";

let file: string;
let lock: string;
beforeEach(async () => {
  const dir = await temporaryFolder();
  file = join(dir, "samples", "a.json");
  await withFileLock(file, () => writeFile(file, "0"));
  lock = join(dir, "samples", ".a.json.lock");
});

/** Reads the number in the file, and writes the next one a moment later. */
async function count(): Promise<void> {
  const number = Number(await readFile(file, "utf8"));
  await new Promise((done) => setTimeout(done, 2));
  await writeFile(file, String(number + 1));
}

describe("exclusive work on a file", () => {
  it("runs one after the other, and leaves nothing behind", async () => {
    await Promise.all(Array.from({ length: 20 }, () => withFileLock(file, count)));
    expect(await readFile(file, "utf8")).toBe("20");
    expect(await readdir(join(file, ".."))).toEqual(["a.json"]);
  });

  it("releases the file if it fails", async () => {
    await expect(withFileLock(file, () => Promise.reject(new Error("No.")))).rejects.toThrow("No.");
    await withFileLock(file, count);
    expect(await readFile(file, "utf8")).toBe("1");
  });

  it("is refused after a while if something keeps the file", async () => {
    await writeFile(lock, "");
    await expect(withFileLock(file, count, 200)).rejects.toMatchObject({
      code: "snapshot_unwritable",
      hint: expect.stringContaining(lock),
    });
    expect(await readFile(file, "utf8")).toBe("0");
  });
});
