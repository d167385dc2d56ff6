import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  committedRefs,
  listSnapshot,
  loadSnapshot,
  removeSnapshot,
  SnapshotStaging,
  writeSnapshot,
} from "../../../src/project/snapshot/store.ts";
import { temporaryFolder } from "../../support/app.ts";
import { snapshotEntry } from "./entry.ts";

let dir: string;
beforeEach(async () => {
  dir = await temporaryFolder();
});

const entry = (id: string, versionNumber: number, name = "support/chat") =>
  snapshotEntry({ name, pin: { kind: "version", versionId: id } }, { id, versionNumber, content: id });

describe("a version's snapshot file", () => {
  it("is named by the version's number, with the ID inside", async () => {
    await writeSnapshot(dir, entry("version_T4", 3));
    expect(await readdir(dir)).toEqual(["support~2Fchat@version-3.json"]);
    expect(await readFile(join(dir, "support~2Fchat@version-3.json"), "utf8")).toContain(
      '"version": "version_T4"',
    );
    expect(await loadSnapshot(dir, entry("version_T4", 0).ref)).toEqual(entry("version_T4", 3));
    expect(await loadSnapshot(dir, entry("version_T5", 0).ref)).toBeUndefined();
    expect(await committedRefs(dir)).toEqual([entry("version_T4", 3).ref]);
  });

  it("never replaces another version with the same number: both stay", async () => {
    const [one, other] = [entry("version_a", 3, "x"), entry("version_b", 3, "x")];
    await writeSnapshot(dir, one);
    await writeSnapshot(dir, other);
    expect((await readdir(dir)).sort()).toEqual(["x@version-3.json", "x@version_b.json"]);
    expect([await loadSnapshot(dir, one.ref), await loadSnapshot(dir, other.ref)]).toEqual([one, other]);
    expect((await listSnapshot(dir)).entries).toHaveLength(2);
    await removeSnapshot(dir, one.ref);
    expect(await writeSnapshot(dir, other)).toBe(false);
    expect(await readdir(dir)).toEqual(["x@version_b.json"]);
    expect(await loadSnapshot(dir, other.ref)).toEqual(other);
  });

  it("of two versions with the same number in one pull is one of two files", async () => {
    const entries = [entry("version_a", 3, "x"), entry("version_b", 3, "x")];
    const staging = new SnapshotStaging(dir);
    await Promise.all(entries.map((one) => staging.add(one)));
    await staging.commit();
    expect(await Promise.all(entries.map(({ ref }) => loadSnapshot(dir, ref)))).toEqual(entries);
  });

  it("with an ID that looks like a number's file name is distinguished from it", async () => {
    const [odd, plain] = [entry("version-3", 5, "x"), entry("version_a", 3, "x")];
    await writeSnapshot(dir, plain);
    await writeSnapshot(dir, odd);
    expect((await readdir(dir)).sort()).toEqual(["x@version-3.json", "x@version-5.json"]);
    expect([await loadSnapshot(dir, odd.ref), await loadSnapshot(dir, plain.ref)]).toEqual([odd, plain]);
  });

  it("with damage is an error of only its own version", async () => {
    await writeSnapshot(dir, entry("version_a", 3, "x"));
    await writeSnapshot(dir, entry("version_b", 4, "x"));
    const file = join(dir, "x@version-3.json");
    await writeFile(file, `<<<<<<< HEAD\n${await readFile(file, "utf8")}`);
    await expect(loadSnapshot(dir, entry("version_a", 0, "x").ref)).rejects.toMatchObject({
      code: "snapshot_damaged",
      where: { file },
      hint: expect.stringContaining("git checkout"),
    });
    expect(await loadSnapshot(dir, entry("version_b", 0, "x").ref)).toBeDefined();
    await writeSnapshot(dir, entry("version_a", 3, "x"));
    expect((await listSnapshot(dir)).damaged).toEqual([]);
  });
});
