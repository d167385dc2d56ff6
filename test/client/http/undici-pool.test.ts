import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createUndiciTransport } from "../../../src/client/http/undici-transport.ts";

const POOL = "undici/lib/dispatcher/pool.js";
const server = createServer((_, response) => response.end("{}"));
beforeEach(async () => {
  vi.resetModules();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(async () => {
  vi.doUnmock(POOL);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** The status of one request. */
async function request(): Promise<number> {
  const transport = createUndiciTransport({ openTimeoutMs: 1000, useProxy: false });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const sent = {
      origin,
      path: "/",
      method: "GET" as const,
      headers: {},
      timeoutMs: 1000,
      maxBodyBytes: 100,
    };
    return (await transport.request(sent)).status;
  } finally {
    await transport.close();
  }
}

it("loads no more of undici than its pool where there is no proxy", async () => {
  const require = createRequire(import.meta.url);
  expect(await request()).toBe(200);
  expect(require.cache[require.resolve(POOL)]).toBeDefined();
  expect(require.cache[require.resolve("undici")]).toBeUndefined();
});

it.each([
  ["is not there", () => Promise.reject(new Error("ERR_MODULE_NOT_FOUND"))],
  ["is something else", () => ({ default: {} })],
])("takes the pool of undici's root where the file %s", async (_, pool) => {
  vi.doMock(POOL, pool);
  expect(await request()).toBe(200);
});
