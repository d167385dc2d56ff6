import { spawnSync } from "node:child_process";
import { readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { withFileLock } from "../../src/files/critical-section.ts";
import { OWNER } from "../../src/files/write-file.ts";
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

  it.each(["", "somebody's"])(
    "takes a lock that nobody releases, once for all that wait (%j)",
    async (left) => {
      await writeFile(lock, left);
      await Promise.all(Array.from({ length: 20 }, () => withFileLock(file, count, 1000)));
      expect(await readFile(file, "utf8")).toBe("20");
      expect(await readdir(join(file, ".."))).toEqual(["a.json"]);
    },
  );

  it("takes a lock that wasn't touched for 30 s, whether or not its process has ended", async () => {
    const { pid } = spawnSync(process.execPath, ["--eval", ""]);
    for (const owner of [OWNER, OWNER.replace(/\d+$/, String(pid))]) {
      await writeFile(lock, `lock-${owner}-0123456789abcdef`);
      const past = new Date(Date.now() - 31_000);
      await utimes(lock, past, past);
      await withFileLock(file, count);
    }
    expect(await readFile(file, "utf8")).toBe("2");
  });

  it("keeps a lock that is held for longer than an untouched one counts, since its owner touches it", async () => {
    const mostMs = 600;
    let isOver = false;
    const long = withFileLock(
      file,
      async () => {
        await sleep(4 * mostMs);
        isOver = true;
      },
      mostMs,
    );
    await sleep(50);
    await withFileLock(file, async () => expect(isOver).toBe(true), mostMs);
    await long;
  });

  it("waits for an owner that isn't here but could be on a machine of the same name, and says so once", async () => {
    const said = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { pid } = spawnSync(process.execPath, ["--eval", ""]);
    await writeFile(lock, `lock-${OWNER.replace(/\d+$/, String(pid))}-0123456789abcdef`);
    const counting = withFileLock(file, count);
    await sleep(3000);
    expect(await readFile(file, "utf8")).toBe("0");
    expect(said.mock.calls).toEqual([[expect.stringContaining(lock)]]);
    await rm(lock);
    await counting;
    said.mockRestore();
  });

  it("takes the place of a link to a missing file", async () => {
    await symlink(join(file, "gone"), lock);
    await withFileLock(file, count, 100);
    expect(await readFile(file, "utf8")).toBe("1");
  });

  it("waits for owners that change for as long as they do", async () => {
    const ends = performance.now() + 1500;
    for (let owner = 0; performance.now() < ends; owner++) {
      await writeFile(lock, String(owner));
      if (owner === 0) void withFileLock(file, count, 500);
      await sleep(20);
    }
    expect(await readFile(file, "utf8")).toBe("0");
    await rm(lock);
    await vi.waitFor(async () => expect(await readFile(file, "utf8")).toBe("1"));
  });
});
