import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

it("every top folder of src has a README of at most ten lines", async () => {
  const folders = (await readdir(SRC, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const lines = await Promise.all(
    folders.map(async ({ name }) => {
      const file = join(SRC, name, "README.md");
      const count = existsSync(file) ? (await readFile(file, "utf8")).trim().split("\n").length : 0;
      return { name, isRight: count > 0 && count <= 10 };
    }),
  );
  expect(lines.filter(({ isRight }) => !isRight)).toEqual([]);
});

it("the walk in src/README.md names files and functions that exist", async () => {
  const walk = await readFile(join(SRC, "README.md"), "utf8");
  const hops = [...walk.matchAll(/`([\w/-]+(?:\.ts))`\s+`([\w.]+)`/g)];
  const wrong = await Promise.all(
    hops.map(async ([, file = "", name = ""]) => {
      const text = existsSync(join(SRC, file)) ? await readFile(join(SRC, file), "utf8") : "";
      const isThere = name.split(".").every((part) => new RegExp(`\\b${part}\\b`).test(text));
      return isThere ? [] : [`${file} ${name}`];
    }),
  );
  expect(wrong.flat()).toEqual([]);
  // Every file that the page names is a hop, and so was checked.
  expect(hops.length).toBe([...walk.matchAll(/`[\w/-]+\.ts`/g)].length);
});
