import { mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { hasChangedSince, hasStamp, type Stamp, stampOf } from "../../src/files/stamp.ts";
import { temporaryFolder } from "../support/app.ts";

const MISSING: Stamp = [0, 0, 0, 0];

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await temporaryFolder();
  file = join(dir, "file");
  await writeFile(file, "one");
});

describe("a stamp", () => {
  it("stays while a file stays, and is another for another file", async () => {
    const stamp = stampOf(file);
    expect(stamp.slice(0, 2)).toEqual([expect.any(Number), 3]);
    expect(stampOf(file)).toEqual(stamp);
    await writeFile(join(dir, "other"), "one");
    expect(stampOf(join(dir, "other"))[0]).not.toBe(stamp[0]);
  });

  it("changes with the content, though the time of the last change is set back", async () => {
    const [inode, size, modified, changed] = stampOf(file);
    await expect
      .poll(async () => {
        await writeFile(file, "two");
        await utimes(file, modified / 1000, modified / 1000);
        return stampOf(file)[3];
      })
      .toBeGreaterThan(changed);
    expect(stampOf(file).slice(0, 2)).toEqual([inode, size]);
  });

  it("changes where another file takes the place", async () => {
    const stamp = stampOf(file);
    await writeFile(join(dir, "other"), "one");
    await rename(join(dir, "other"), file);
    expect(stampOf(file)[0]).not.toBe(stamp[0]);
  });

  it("of a folder says only that it is there", async () => {
    await mkdir(join(dir, "folder"));
    const stamp = stampOf(join(dir, "folder"));
    expect(stamp).toEqual([-1, 0, 0, 0]);
    await writeFile(join(dir, "folder", "x"), "x");
    expect(stampOf(join(dir, "folder"))).toEqual(stamp);
  });

  it("is zeros where nothing is, below a file, and for a link to itself", async () => {
    expect(stampOf(join(dir, "gone"))).toEqual(MISSING);
    expect(stampOf(join(file, "below"))).toEqual(MISSING);
    await symlink("loop", join(dir, "loop"));
    expect(stampOf(join(dir, "loop"))).toEqual(MISSING);
  });

  it("throws what says nothing of whether it is there", () => {
    expect(() => stampOf("a\0b")).toThrow();
  });
});

describe("a list of stamps", () => {
  it("knows each by where it begins", async () => {
    const stamps = [...MISSING, ...stampOf(file)];
    expect(hasStamp(file, stamps, 4)).toBe(true);
    expect(hasStamp(file, stamps)).toBe(false);
    expect(hasStamp(join(dir, "gone"), stamps)).toBe(true);
    await rm(file);
    expect(hasStamp(file, stamps, 4)).toBe(false);
  });

  it("is of another file by any of its numbers", () => {
    const stamp = stampOf(file);
    for (const at of stamp.keys())
      expect(hasStamp(file, stamp.with(at, (stamp[at] as number) + 1))).toBe(false);
  });
});

it("a change counts from a little before a time, by as much as the clock of a file system lags", () => {
  const changedAt = (changed: number): Stamp => [1, 1, 1, changed];
  expect([979, 980, 981, 1000, 1001].map((changed) => hasChangedSince(changedAt(changed), 1000))).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});
