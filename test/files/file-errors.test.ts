import { mkdir, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { criticalSection } from "../../src/files/critical-section.ts";
import { readTextIfThere } from "../../src/files/read-file.ts";
import { isLeftover, removeLeftovers, StagedFiles } from "../../src/files/staged-files.ts";
import {
  explainUnreadable,
  explainUnwritable,
  hasEnded,
  isTemporary,
  OWNER,
  removeAbandoned,
  temporaryBeside,
  writeFileIfChanged,
} from "../../src/files/write-file.ts";
import { temporaryFolder } from "../support/app.ts";

let dir: string;
beforeEach(async () => {
  dir = await temporaryFolder();
});

const failing = (properties: object) => () =>
  Promise.reject(Object.assign(new Error("from below"), properties));

describe.each([
  ["writing", explainUnwritable, "snapshot_unwritable", "The file can't be written"],
  ["reading", explainUnreadable, "snapshot_unreadable", "The snapshot can't be read here"],
] as const)("a file system error while %s", (_, naming, code, problem) => {
  const HINTS: readonly (readonly [reasons: string, hint: RegExp])[] = [
    ["EACCES EPERM EBUSY EIO", /permissions .* no other program/],
    ["EROFS", /read-only; scope-gen check compares/],
    ["EEXIST EISDIR ENOTDIR ERR_FS_EISDIR", /nothing else is where/],
    ["ENOSPC EDQUOT", /^Make room on the disk\.$/],
  ];
  const reasons = HINTS.flatMap(([all, hint]) => all.split(" ").map((reason) => [reason, hint] as const));
  it.each(reasons)("%s is an error with a hint", async (reason, hint) => {
    await expect(naming("/a/x", failing({ code: reason, syscall: "open" }))).rejects.toMatchObject({
      code,
      message: `${problem} (${reason}).`,
      where: { file: "/a/x" },
      hint: expect.stringMatching(hint),
      cause: { code: reason },
    });
  });

  it("is reported once, and other errors stay as they are", async () => {
    const one = await naming("/a", failing({ code: "EIO", syscall: "open" })).catch((error) => error);
    await expect(naming("/b", () => Promise.reject(one))).rejects.toBe(one);
    for (const properties of [{ code: "ERR_OURS" }, { syscall: "open" }])
      await expect(naming("/a", failing(properties))).rejects.toMatchObject({ message: "from below" });
    expect(await naming("/a", async () => 7)).toBe(7);
  });
});

describe("leftovers of a process", () => {
  const DEAD = `${OWNER.split("-")[0]}-4194399`;

  it("are recognised by name", () => {
    expect(isTemporary(temporaryBeside("/a/x").slice("/a/".length))).toBe(true);
    expect(temporaryBeside("/a/x")).not.toBe(temporaryBeside("/a/x"));
    const folders = [`.pull-${DEAD}-0123456789ab`, `.emit-${OWNER}-0123456789ab`];
    const files = [".scope-0123456789abcdef.tmp", `.scope-${DEAD}-0123456789abcdef.tmp`];
    for (const name of [...folders, ...files]) expect(isLeftover(name), name).toBe(true);
    const ofTheUser = [".pull-requests", ".emit-settings", ".pull-config.yml"];
    const similar = [...folders.map((name) => `a${name}`), ...folders.map((name) => `${name}.yml`)];
    const digits = ["0123456789abcde", "012-1-0123456789abcdef", "01234567-12345678901-0123456789abcdef"];
    const others = [...digits.map((one) => `.scope-${one}.tmp`), `${files[0]}x`, `x${files[0]}`];
    for (const name of [...ofTheUser, ...similar, ...others]) expect(isLeftover(name), name).toBe(false);
  });

  it("are from a running process, an ended one, or an unknown one", () => {
    expect(hasEnded(`.pull-${OWNER}-0123456789ab`)).toBe(false);
    expect(hasEnded(`.pull-${DEAD}-0123456789ab`)).toBe(true);
    expect(hasEnded(`.scope-${DEAD}-0123456789abcdef.tmp`)).toBe(true);
    // Somebody else's process, which may not be signalled, or our own machine's first.
    expect(hasEnded(`.pull-${OWNER.split("-")[0]}-1-0123456789ab`)).toBe(false);
    for (const name of [
      `.pull-00000000-4194399-0123456789ab`,
      ".pull-x",
      `.pull-${DEAD}`,
      `.pull-${DEAD}-0.tmpx`,
    ])
      expect(hasEnded(name), name).toBeUndefined();
  });

  it("are removed if their process ended or they're old, and nothing else is", async () => {
    const [ended, own, young, old] = [
      `.pull-${DEAD}-0123456789ab`,
      `.pull-${OWNER}-0123456789ab`,
      ".pull-00000000-1-0123456789ab",
      ".pull-00000000-2-0123456789ab",
    ] as const;
    for (const name of [ended, own, young, old, ".pull-requests", "mine"]) {
      await mkdir(join(dir, name));
      await writeFile(join(dir, name, "x"), "");
    }
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    await utimes(join(dir, young), minutesAgo(59), minutesAgo(59));
    await utimes(join(dir, old), minutesAgo(61), minutesAgo(61));
    await utimes(join(dir, own), minutesAgo(61), minutesAgo(61));
    await utimes(join(dir, ".pull-requests"), minutesAgo(9000), minutesAgo(9000));
    await removeLeftovers(dir, undefined);
    // A machine of the same name could still need it.
    expect(await readdir(dir)).toContain(ended);
    await utimes(join(dir, ended), minutesAgo(0.51), minutesAgo(0.51));
    await removeLeftovers(dir, undefined);
    expect((await readdir(dir)).sort()).toEqual([young, own, ".pull-requests", "mine"].sort());
    // In a container the next process has the same number: after a day it is not the one that made it.
    await utimes(join(dir, own), minutesAgo(25 * 60), minutesAgo(25 * 60));
    await removeLeftovers(dir, undefined);
    expect((await readdir(dir)).sort()).toEqual([young, ".pull-requests", "mine"].sort());
  });

  it("are looked for in the types' folder too, and skipped if there's no folder", async () => {
    const types = join(dir, "types");
    await mkdir(join(types, `.pull-${DEAD}-0123456789ab`), { recursive: true });
    for (const name of await readdir(types)) await utimes(join(types, name), new Date(0), new Date(0));
    await removeLeftovers(join(dir, "nowhere"), types);
    expect(await readdir(types)).toEqual([]);
  });

  it("harm nobody if a folder isn't readable, and errors that aren't the file system's are thrown", async () => {
    await symlink("loop", join(dir, "loop"));
    await removeLeftovers(join(dir, "loop"), undefined);
    await mkdir(join(dir, ".pull-a"));
    await expect(
      removeAbandoned(dir, () => {
        throw new Error("ours");
      }),
    ).rejects.toThrow("ours");
  });
});

describe("a critical section", () => {
  const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const listeners = () => SIGNALS.map((signal) => process.listenerCount(signal));

  it("holds signals while it runs, also several at once, and releases them at the end", async () => {
    const before = listeners();
    let end = () => {};
    const long = criticalSection(() => new Promise<void>((done) => (end = done)));
    expect(listeners()).toEqual(before.map((count) => count + 1));
    expect(await criticalSection(async () => 7)).toBe(7);
    expect(listeners()).toEqual(before.map((count) => count + 1));
    end();
    await long;
    expect(listeners()).toEqual(before);
    await expect(criticalSection(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(listeners()).toEqual(before);
  });

  it("leaves a signal to code that listens for it", async () => {
    const heard: string[] = [];
    const listen = (signal: string) => heard.push(signal);
    process.on("SIGHUP", listen);
    await criticalSection(async () => {
      process.emit("SIGHUP", "SIGHUP");
    });
    await new Promise((done) => setTimeout(done, 20));
    process.off("SIGHUP", listen);
    expect(heard).toEqual(["SIGHUP"]);
  });
});

describe("files that are moved into place together", () => {
  it("are counted, are in their places, and are gone once discarded", async () => {
    const files = new StagedFiles(join(dir, "a", "b"), ".emit-");
    await files.discard();
    expect(files.isEmpty).toBe(true);
    const place = join(dir, "a", "b", "x.js");
    await files.add(place, "x");
    expect(files.isEmpty).toBe(false);
    expect(await readFile(files.fileOf(place), "utf8")).toBe("x");
    expect((await readdir(join(dir, "a", "b")))[0]).toMatch(/^\.emit-[0-9a-f]{8}-[0-9]+-[0-9a-f]{12}$/);
    await files.discard();
    expect(await readdir(dir)).toEqual([]);
  });

  it("keep a folder that somebody else filled meanwhile", async () => {
    const files = new StagedFiles(join(dir, "a", "b"), ".emit-");
    await files.add(join(dir, "a", "b", "x.js"), "x");
    await writeFile(join(dir, "a", "other"), "");
    await files.discard();
    expect(await readdir(join(dir, "a"))).toEqual(["other"]);
  });

  it("that fail at the first are an error of only that file", async () => {
    const files = new StagedFiles(dir, ".emit-");
    const place = join(dir, "x.js");
    await files.add(place, "x");
    await mkdir(join(place, "in the way"), { recursive: true });
    await expect(files.commit((done, all) => `${done} of ${all}`)).rejects.toMatchObject({
      code: "snapshot_unwritable",
      message: expect.stringMatching(/^The file can't be written/),
    });
    await files.discard();
    expect(await readdir(dir)).toEqual(["x.js"]);
  });
});

it("a text is read if there is one, and written if it differs", async () => {
  const file = join(dir, "x");
  expect(readTextIfThere(file)).toBeUndefined();
  expect(await writeFileIfChanged(file, "a")).toBe(true);
  expect(await writeFileIfChanged(file, "a")).toBe(false);
  expect(readTextIfThere(join(file, "inside"))).toBeUndefined();
  expect(() => readTextIfThere(dir)).toThrow(expect.objectContaining({ code: "EISDIR" }));
});
