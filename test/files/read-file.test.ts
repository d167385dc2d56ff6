import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  readOrEmpty,
  readRegularBytesSync,
  readRegularFileSync,
  readTextIfThere,
} from "../../src/files/read-file.ts";
import { temporaryFolder } from "../support/app.ts";

let dir: string;
beforeEach(async () => {
  dir = await temporaryFolder();
  await writeFile(join(dir, "file"), "text ä");
});
const file = (name: string) => join(dir, name);

const READERS = {
  readRegularBytesSync: async (path: string, max?: number) => readRegularBytesSync(path, String, max),
  readRegularFileSync: async (path: string, max?: number) => readRegularFileSync(path, max),
};

describe.each(Object.entries(READERS))("%s", (_, read) => {
  it("returns the text of a file, also through a link", async () => {
    expect(await read(file("file"))).toBe("text ä");
    await symlink(file("file"), file("link"));
    expect(await read(file("link"))).toBe("text ä");
  });

  it("passes on the file system's error for a missing file, and for a folder", async () => {
    await expect(read(file("none"))).rejects.toMatchObject({ code: "ENOENT" });
    await mkdir(file("folder"));
    await expect(read(file("folder"))).rejects.toMatchObject({ code: "EISDIR" });
  });

  it("refuses a file that is larger than the limit, without reading it", async () => {
    await writeFile(file("file"), "x".repeat(1001));
    expect(await read(file("file"), 1001)).toHaveLength(1001);
    await expect(read(file("file"), 1000)).rejects.toMatchObject({ code: "EFBIG", path: file("file") });
  });

  it.skipIf(process.platform === "win32")("refuses a pipe that nobody writes to, and a device", async () => {
    execFileSync("mkfifo", [file("pipe")]);
    await symlink("/dev/zero", file("zero"));
    for (const name of ["pipe", "zero"])
      await expect(read(file(name))).rejects.toMatchObject({ code: "ENOTREG", syscall: "read" });
  });
});

it.skipIf(process.platform === "win32")("what may be missing does not wait for a pipe either", async () => {
  execFileSync("mkfifo", [file("pipe")]);
  expect(readOrEmpty(file("pipe"))).toBe("");
  expect(() => readTextIfThere(file("pipe"))).toThrow(expect.objectContaining({ code: "ENOTREG" }));
});
