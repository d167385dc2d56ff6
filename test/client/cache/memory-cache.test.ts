import { expect, it } from "vitest";
import { MemoryCache } from "../../../src/client/cache/memory-cache.ts";

function filled(maxEntries: number, keys: string): MemoryCache<string> {
  const cache = new MemoryCache<string>(maxEntries);
  for (const key of keys) cache.set(key, `value of ${key}`);
  return cache;
}

const kept = (cache: MemoryCache<string>, keys: string) =>
  [...keys].filter((key) => cache.get(key) !== undefined).join("");

it("returns what was stored", () => {
  const cache = filled(2, "ab");
  expect([cache.size, cache.get("a"), cache.get("b")]).toEqual([2, "value of a", "value of b"]);
  expect(cache.get("c")).toBeUndefined();
});

it("drops the oldest when it's full", () => {
  expect(kept(filled(3, "abcd"), "abcd")).toBe("bcd");
});

it("an entry that is stored again becomes the newest, and evicts no other", () => {
  const cache = filled(2, "ab");
  cache.set("a", "new");
  expect(cache.size).toBe(2);
  cache.set("c", "");
  expect(cache.get("a")).toBe("new");
  expect(kept(cache, "abc")).toBe("ac");
});

it("forgets one entry, or all", () => {
  const cache = filled(3, "abc");
  cache.delete("a");
  expect(kept(cache, "abc")).toBe("bc");
  cache.clear();
  expect(cache.size).toBe(0);
});
