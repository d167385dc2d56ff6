import { describe, expect, it } from "vitest";
import { nearestName } from "../../src/errors/nearest-name.ts";

describe("nearestName", () => {
  it.each([
    ["timout", ["timeout", "openTimeout"], "timeout"],
    ["base_url", ["baseUrl", "authApiUrl"], "baseUrl"],
    ["zzz", ["timeout"], undefined],
    ["greeting", ["welcome", "greeting-template"], "greeting-template"],
    ["cache", ["cacheTtl", "cacheStore"], undefined],
    ["ca", ["cacheTtl"], undefined],
    ["", ["timeout"], undefined],
  ])("%s", (name, candidates, want) => {
    expect(nearestName(name as string, candidates as string[])).toBe(want);
  });
});
