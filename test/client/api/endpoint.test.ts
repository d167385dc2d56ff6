import { expect, it } from "vitest";
import { endpoint, versionEndpoint } from "../../../src/client/api/endpoint.ts";

it.each([
  ["https://api.example", "/v1"],
  ["https://api.example/", "/v1"],
  ["https://api.example/behind/gateway", "/behind/gateway/v1"],
  ["https://api.example/behind/gateway/", "/behind/gateway/v1"],
])("below %s", (base, path) => {
  expect(endpoint(base, "/v1")).toEqual({ origin: "https://api.example", path });
});

it("a label and a version have their own paths, with each name as one segment", () => {
  const name = "a/../b";
  expect(
    versionEndpoint("https://x.example", "v2", { name, pin: { kind: "label", label: "latest" } }),
  ).toEqual({
    origin: "https://x.example",
    path: "/api/v2/prompts/a%2F..%2Fb/latest",
  });
  const pin = { kind: "version", versionId: "v/1" } as const;
  expect(versionEndpoint("https://x.example", "v2", { name, pin }).path).toBe(
    "/api/v2/prompts/a%2F..%2Fb/versions/v%2F1",
  );
});
