import { describe, expect, it } from "vitest";
import { resolveConnection } from "../../../src/client/connection/connection.ts";
import type { CacheStore } from "../../../src/client/index.ts";
import { rateLimiterOf } from "../../../src/run/dev/poller.ts";
import { resolveSettings } from "../../../src/runtime/live/poll-version.ts";
import { liveBuild } from "../../runtime/live/emitted-live-module.ts";
import { closing, makeClient } from "../client-setup.ts";
import { startFaultyPlatform } from "../faulty-platform.ts";

const credentials = { orgId: "o", apiKey: "k", apiSecret: "s" };

/** What each reader of an address makes of it. */
const readers: Readonly<Record<string, (baseUrl: string, apiVersion: string) => string | undefined>> = {
  baseUrl: (baseUrl, apiVersion) => resolveConnection({ baseUrl, apiVersion }, {}).baseUrl,
  SCOPE_API_URL: (address, apiVersion) =>
    resolveConnection({ apiVersion }, { SCOPE_API_URL: address }).baseUrl,
  "a live prompt's SCOPE_API_URL": (address, apiVersion) =>
    resolveSettings({ ...liveBuild, apiVersion }, { credentials }, { SCOPE_API_URL: address }).baseUrl,
  configureLive: (baseUrl, apiVersion) =>
    resolveSettings({ ...liveBuild, apiVersion }, { credentials, baseUrl }, {}).baseUrl,
};

describe.each(Object.entries(readers))("an address of %s", (_, read) => {
  it.each([
    ["https://scope.example", "v1", "https://scope.example"],
    ["https://scope.example/", "v1", "https://scope.example"],
    ["https://scope.example/api/v1", "v1", "https://scope.example"],
    ["https://scope.example/api/v1/", "v1", "https://scope.example"],
    ["https://scope.example/api/v2", "v2", "https://scope.example"],
    ["https://scope.example/api/next", "next", "https://scope.example"],
    ["https://gw.example/scope/api/v1", "v1", "https://gw.example/scope"],
    ["https://gw.example/scope/", "v1", "https://gw.example/scope"],
    ["https://gw.example/api/v1/scope", "v1", "https://gw.example/api/v1/scope"],
    ["https://gw.example/api", "v1", "https://gw.example/api"],
    ["https://gw.example/myapi/v1", "v1", "https://gw.example/myapi/v1"],
  ])("%s with %s is %s", (address, apiVersion, expected) => {
    expect(read(address, apiVersion)).toBe(expected);
  });

  it.each([
    ["https://scope.example/api/v2", "v1"],
    ["https://scope.example/api/v1/", "v2"],
    ["https://gw.example/scope/api/v1beta", "v1"],
  ])("%s contradicts %s", (address, apiVersion) => {
    expect(() => read(address, apiVersion)).toThrow(apiVersion);
  });
});

it("a contradiction names what was set, both versions and the ways out", () => {
  expect(() => resolveConnection({}, { SCOPE_API_URL: "https://x.example/api/v2" })).toThrow(
    expect.objectContaining({
      code: "config_invalid",
      message: 'SCOPE_API_URL ends in /api/v2, but apiVersion is "v1".',
      hint: 'Set apiVersion: "v2", or leave /api/v2 out of the address.',
    }),
  );
});

it("both forms are the same to a shared store, and to what limits a process's requests", async () => {
  const platform = closing(await startFaultyPlatform());
  const cacheStore = new Map() as unknown as CacheStore;
  for (const end of ["", "/", "/api/v1", "/api/v1/", "//api/v1"]) {
    await makeClient(platform, { cacheStore, baseUrl: platform.url + end }).getPromptVersion("a");
  }
  expect(platform.fetches().map(({ path }) => path)).toEqual(["/api/v1/prompts/a/production"]);
  const [one, other] = ["https://x.example", "https://x.example/api/v1/"].map((baseUrl) =>
    rateLimiterOf(resolveConnection({ baseUrl, credentials }, {})),
  );
  expect(one).toBe(other);
});
