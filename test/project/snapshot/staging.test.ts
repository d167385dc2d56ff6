import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { removeLeftovers } from "../../../src/files/staged-files.ts";
import { temporaryBeside } from "../../../src/files/write-file.ts";
import { openProject } from "../../../src/project/project.ts";
import { SnapshotStaging, snapshotFile, writeSnapshot } from "../../../src/project/snapshot/store.ts";
import { temporaryFolder } from "../../support/app.ts";
import { snapshotEntry } from "./entry.ts";

const entry = (name: string, content: string) =>
  snapshotEntry({ name, pin: { kind: "label", label: "production" } }, { content, id: `version_${name}` });

let root: string;
let dir: string;
beforeEach(async () => {
  root = await temporaryFolder();
  dir = join(root, "deep", "scope");
});

describe("entries that are written together", () => {
  it("leave equivalent files untouched, and create no folder for them", async () => {
    await writeSnapshot(dir, entry("a", "A"));
    const file = await snapshotFile(dir, entry("a", "").ref);
    await writeFile(file, (await readFile(file, "utf8")).replaceAll("\n", "\r\n"));
    const before = await stat(file);
    const staging = new SnapshotStaging(dir);
    await staging.add(entry("a", "A"));
    expect(await readdir(dir)).toEqual(["a@production.json"]);
    await staging.commit();
    expect((await stat(file)).ino).toBe(before.ino);
  });

  it("leave nothing behind if they're discarded, including the folders that were created for them", async () => {
    const staging = new SnapshotStaging(dir);
    await staging.add(entry("a", "A"));
    await staging.discard();
    expect(await readdir(root)).toEqual([]);
    await writeSnapshot(dir, entry("b", "B"));
    const second = new SnapshotStaging(dir);
    await second.add(entry("a", "A"));
    await second.discard();
    expect(await readdir(dir)).toEqual(["b@production.json"]);
  });

  it("leftovers of a killed pull are ignored by git, and removed by a later pull", async () => {
    const killed = new SnapshotStaging(dir);
    await killed.add(entry("a", "A"));
    const [left = ""] = await readdir(dir);
    expect(await readFile(join(dir, left, ".gitignore"), "utf8")).toBe("*\n");
    const young = new SnapshotStaging(dir);
    await young.add(entry("b", "B"));
    await young.commit();
    // Its process, this one, lives.
    expect(await readdir(dir)).toContain(left);
    const elsewhere = ".pull-00000000-1-0123456789ab";
    await mkdir(join(dir, elsewhere));
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    const temporary = ".scope-0123456789abcdef.tmp";
    for (const name of [temporary, ".0123456789abcdef.tmp"]) {
      await writeFile(join(dir, name), "");
      await utimes(join(dir, name), old, old);
    }
    const later = new SnapshotStaging(dir);
    await later.add(entry("c", "C"));
    await later.commit();
    const kept = await readdir(dir);
    expect(kept).toContain(left);
    // Of another machine, and young.
    expect(kept).toContain(elsewhere);
    await utimes(join(dir, elsewhere), old, old);
    await removeLeftovers(dir, undefined);
    expect(await readdir(dir)).not.toContain(elsewhere);
    expect(kept).not.toContain(temporary);
    // Somebody else's.
    expect(kept).toContain(".0123456789abcdef.tmp");
  });

  it("leftovers of a killed process are removed after 30 s, by whatever runs next", async () => {
    await mkdir(dir, { recursive: true });
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    const [, machine] = /-([0-9a-f]{8})-/.exec(basename(temporaryBeside(join(dir, "x")))) ?? [];
    const left = [
      `.pull-${machine}-${ended}-0123456789ab`,
      `.scope-${machine}-${ended}-0123456789abcdef.tmp`,
    ];
    await mkdir(join(dir, left[0] as string));
    await writeFile(join(dir, left[1] as string), "");
    await writeFile(
      join(root, "scope.config.json"),
      JSON.stringify({ snapshotDir: "deep/scope", dts: "deep/scope" }),
    );
    await writeFile(join(root, "package-lock.json"), "{}");
    // Young, and of a process that could be on a machine of the same name.
    await (await openProject({ cwd: root, env: {}, isTestRun: false })).close();
    expect((await readdir(dir)).sort()).toEqual(left);
    const past = new Date(Date.now() - 31_000);
    for (const name of left) await utimes(join(dir, name), past, past);
    await (await openProject({ cwd: root, env: {}, isTestRun: true })).close();
    expect((await readdir(dir)).sort()).toEqual(left);
    await (await openProject({ cwd: root, env: {}, isTestRun: false })).close();
    expect(await readdir(dir)).toEqual([]);
  });

  it("a place that isn't writable is an error that names the file", async () => {
    const file = await snapshotFile(dir, entry("a", "").ref);
    await mkdir(join(file, "in the way"), { recursive: true });
    const staging = new SnapshotStaging(dir);
    await expect(staging.add(entry("a", "A"))).rejects.toMatchObject({
      code: "snapshot_unwritable",
      where: { file },
    });
    await staging.discard();
    expect(await readdir(dir)).toEqual(["a@production.json"]);
    await rm(dir, { recursive: true });
  });

  it("a read-only folder is one error for all of them", async () => {
    await mkdir(join(root, "deep"));
    await writeFile(dir, "a file in its place");
    const staging = new SnapshotStaging(dir);
    const results = await Promise.allSettled(["a", "b", "c"].map((name) => staging.add(entry(name, name))));
    const errors = results.map((result) => (result.status === "rejected" ? result.reason : undefined));
    expect(errors[0]).toMatchObject({ code: "snapshot_unwritable", where: { file: dir } });
    expect(new Set(errors).size).toBe(1);
    await staging.discard();
  });

  it("a commit that fails halfway says how far it got", async () => {
    const staging = new SnapshotStaging(dir);
    for (const name of ["a", "b", "c"]) await staging.add(entry(name, name));
    const file = await snapshotFile(dir, entry("b", "").ref);
    await mkdir(join(file, "in the way"), { recursive: true });
    await expect(staging.commit()).rejects.toMatchObject({
      code: "snapshot_unwritable",
      where: { file },
      message: "1 of 3 changed snapshot files were written before one failed, and the types weren't written.",
      cause: { code: "snapshot_unwritable", message: expect.stringMatching(/^The file can't be written/) },
    });
    await staging.discard();
  });
});
