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

it("the walk of a check names files in at most 22 folders, with those of the hops that it uses", async () => {
  const walk = await readFile(join(SRC, "README.md"), "utf8");
  const [, check = ""] = /^- A check\.([\s\S]*?)(?=^- )/m.exec(walk) ?? [];
  const numbers = [...check.matchAll(/hops\s+(\d+)\s+(to|and)\s+(\d+)/g)].flatMap(([, from, word, to]) => {
    const [first, last] = [Number(from), Number(to)];
    return word === "and" ? [first, last] : Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
  expect(numbers).toEqual([3, 4, 9, 10, 11, 13, 14, 15]);
  const hops = numbers.map((hop) => new RegExp(`^${hop}\\. [\\s\\S]*?(?=^\\S)`, "m").exec(walk)?.[0] ?? "");
  const named = [check, ...hops].flatMap((text) => [...text.matchAll(/`([\w/-]+)\/[\w-]+\.ts`/g)]);
  const folders = new Set(named.map(([, folder]) => folder));
  expect([...folders].sort().length, [...folders].sort().join(", ")).toBeLessThanOrEqual(22);
});
