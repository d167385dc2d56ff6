import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { StagedFile } from "../../src/files/staged-file.ts";
import { temporaryFolder } from "../support/app.ts";

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await temporaryFolder();
  file = join(dir, "sub", "types.d.ts");
});

/** More than is held in memory, in pieces. */
const LARGE = Array.from({ length: 300 }, (_, index) => `${index} é ${"x".repeat(10_000)}\n`);

async function grow(pieces: readonly string[]): Promise<boolean> {
  const growing = new StagedFile(file);
  for (const piece of pieces) await growing.write(piece);
  return growing.commit();
}

describe.each([
  ["small", ["a", "b\n", "é"]],
  ["large", LARGE],
])("a %s file", (_, pieces) => {
  it("is what was written, piece by piece; its folder is made", async () => {
    expect(await grow(pieces)).toBe(true);
    expect(await readFile(file, "utf8")).toBe(pieces.join(""));
    expect(await readdir(join(dir, "sub"))).toEqual(["types.d.ts"]);
  });

  it("is left untouched when it is the same, and keeps its mode when it is not", async () => {
    await grow(pieces);
    await chmod(file, 0o640);
    const before = await stat(file);
    expect(await grow(pieces)).toBe(false);
    expect((await stat(file)).ino).toBe(before.ino);
    expect(await grow([...pieces.slice(0, -1), "y\n"])).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(join(dir, "sub"))).toEqual(["types.d.ts"]);
  });

  it("is not touched before the end, nor when it is discarded", async () => {
    await mkdir(join(dir, "sub"));
    await writeFile(file, "old");
    const growing = new StagedFile(file);
    for (const piece of pieces) await growing.write(piece);
    expect(await readFile(file, "utf8")).toBe("old");
    await growing.discard();
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(join(dir, "sub"))).toEqual(["types.d.ts"]);
  });

  it("that cannot take its place leaves nothing behind", async () => {
    await mkdir(join(file, "in the way"), { recursive: true });
    await expect(grow(pieces)).rejects.toThrow();
    expect(await readdir(join(dir, "sub"))).toEqual(["types.d.ts"]);
  });
});

it("a large file of the same length that differs is replaced", async () => {
  await grow(LARGE);
  const changed = LARGE.with(-1, (LARGE.at(-1) ?? "").replace("xx\n", "xy\n"));
  expect(await grow(changed)).toBe(true);
  expect(await readFile(file, "utf8")).toBe(changed.join(""));
});

it.each([
  ["small", ["a"]],
  ["large", LARGE],
])("a %s file that was staged takes its place by a step that needs no room", async (_, pieces) => {
  await mkdir(join(dir, "sub"));
  await writeFile(file, "old");
  const growing = new StagedFile(file);
  for (const piece of pieces) await growing.write(piece);
  await growing.stage();
  const [aside = ""] = (await readdir(join(dir, "sub"))).filter((name) => name !== "types.d.ts");
  expect(await readFile(join(dir, "sub", aside), "utf8")).toBe(pieces.join(""));
  expect(await readFile(file, "utf8")).toBe("old");
  expect(await growing.commit()).toBe(true);
  expect(await readFile(file, "utf8")).toBe(pieces.join(""));
  const again = new StagedFile(file);
  for (const piece of pieces) await again.write(`${piece}!`);
  await again.stage();
  await again.discard();
  expect(await readdir(join(dir, "sub"))).toEqual(["types.d.ts"]);
});
