import { expect, it } from "vitest";
import { cacheKey } from "../../../src/client/cache/cache-key.ts";
import type { Pin } from "../../../src/prompt.ts";

const label = (name: "production" | "latest"): Pin => ({ kind: "label", label: name });

it.each<[name: string, pin: Pin, key: string]>([
  ["greeting", label("production"), "greeting"],
  ["greeting", label("latest"), "\0latest greeting"],
  ["\0latest greeting", label("production"), "\0production \0latest greeting"],
  ["ends with \0", label("production"), "ends with \0"],
  ["greeting", { kind: "version", versionId: 'v "1"' }, '\0version "v \\"1\\"" greeting'],
])("%j", (name, pin, key) => {
  expect(cacheKey({ name, pin })).toBe(key);
});
