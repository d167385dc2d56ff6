import { expect, it } from "vitest";
import { MemoryCache } from "../../../src/client/cache/memory-cache.ts";

function filled(maxEntries: number, keys: string): MemoryCache<string> {
  const cache = new MemoryCache<string>(maxEntries);
  for (const key of keys) cache.set(key, `value of ${key}`);
  return cache;
}

const kept = (cache: MemoryCache<string>, keys: string) =>
  [...keys].filter((key) => cache.get(key) !== undefined).join("");

it("gives what was put in", () => {
  const cache = filled(2, "ab");
  expect([cache.size, cache.get("a"), cache.get("b")]).toEqual([2, "value of a", "value of b"]);
  expect(cache.get("c")).toBeUndefined();
});

it("the oldest goes when it is full", () => {
  expect(kept(filled(3, "abcd"), "abcd")).toBe("bcd");
});

it("one that is put in again is young, and takes no other's place", () => {
  const cache = filled(2, "ab");
  cache.set("a", "new");
  expect(cache.size).toBe(2);
  cache.set("c", "");
  expect(cache.get("a")).toBe("new");
  expect(kept(cache, "abc")).toBe("ac");
});

it("forgets one, or all", () => {
  const cache = filled(3, "abc");
  cache.delete("a");
  expect(kept(cache, "abc")).toBe("bc");
  cache.clear();
  expect(cache.size).toBe(0);
});
