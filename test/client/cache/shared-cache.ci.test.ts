import { fork } from "node:child_process";
import { join } from "node:path";
import KeyvRedis, { createClient } from "@keyv/redis";
import Keyv from "keyv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMissing } from "../../support/optional-tool.ts";
import { closing, makeClient, setup } from "../client-setup.ts";
import { json, startFaultyPlatform, version } from "../faulty-platform.ts";
import { REDIS, type RedisServer, startRedis } from "./redis-server.ts";

describe.skipIf(isMissing(REDIS))("a fleet on one real Redis server", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  it("processes that come later use what the first one stored, and leave no secret behind", async () => {
    const platform = closing(await startFaultyPlatform());
    platform.prompt = (response, { path }) => {
      const name = path.split("/")[4];
      setTimeout(() => json(response, 200, version({ id: `version_of_${name}` })), 25);
    };
    const script = join(import.meta.dirname, "fleet-member.js");
    const start = () => fork(script, [platform.url, redis.url, "100"], { execArgv: ["--import", "tsx"] });
    const members = Array.from({ length: 5 }, start);
    const next = (member: (typeof members)[number]) =>
      new Promise<unknown>((resolve, reject) => {
        member.once("message", resolve);
        member.once("exit", (code) => reject(new Error(`A process ended with ${code}.`)));
      });
    await Promise.all(members.map(next));
    const [first, ...others] = members as [(typeof members)[number], ...typeof members];
    const ask = (member: typeof first) => {
      const result = next(member);
      member.send("go");
      return result;
    };
    expect(await ask(first)).toEqual({ right: 100 });
    expect(await Promise.all(others.map(ask))).toEqual(Array(4).fill({ right: 100 }));
    expect(platform.fetches()).toHaveLength(100);
    expect(platform.logins()).toHaveLength(1);
    const keys = redis.keys();
    expect(keys.length).toBeGreaterThanOrEqual(100);
    const everything = keys.map((key) => key + redis.get(key)).join("\n");
    expect(everything).not.toMatch(/hush|token-\d/);
  }, 180_000);

  it("keys contain format, base URL, API version, organisation, environment, name and pin, each encoded", async () => {
    const platform = closing(await startFaultyPlatform());
    const store = new Keyv({ store: new KeyvRedis(redis.url) });
    closing({ close: () => store.disconnect() });
    const client = makeClient(platform, { cacheStore: store, environment: "stage.1" });
    await client.getPromptVersion("a:b/c");
    await client.getPromptVersion("a:b/c", { version: "v:1" });
    const base = encodeURIComponent(platform.url);
    const keys = redis.keys().filter((key) => key.includes(base));
    expect(keys.map((key) => key.slice(key.indexOf("unplugin-scope"))).sort()).toEqual([
      `unplugin-scope:1:${base}:v1:org_1:stage.1:a%3Ab%2Fc:label:production`,
      `unplugin-scope:1:${base}:v1:org_1:stage.1:a%3Ab%2Fc:version:v%3A1`,
    ]);
    await client.clearCache();
    expect(redis.keys().filter((key) => key.includes(base))).toEqual([]);
  });

  it("a server that goes down is like no store, with one warning, and ends no process", async () => {
    const own = await startRedis();
    closing({ close: () => own.stop() });
    const store = new Keyv({ store: new KeyvRedis(own.url) });
    const { platform, client, warnings } = await setup({ cacheStore: store });
    await client.getPromptVersion("a");
    await own.stop();
    await client.getPromptVersion("b");
    await client.getPromptVersion("c");
    expect((await client.getPromptVersion("a")).id).toBe("version_1");
    expect(platform.fetches()).toHaveLength(3);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^The cacheStore doesn't work, so it isn't used: /);
    await store.disconnect().catch(() => {});
  });

  it("a server that was never up is like no store, with one warning", async () => {
    const redisClient = createClient({ url: "redis://127.0.0.1:1" });
    const store = new Keyv({ store: new KeyvRedis(redisClient) });
    const { platform, client, warnings } = await setup({ cacheStore: store });
    await Promise.all([client.getPromptVersion("a"), client.getPromptVersion("b")]);
    await client.getPromptVersion("c");
    expect(platform.fetches()).toHaveLength(3);
    expect(warnings).toHaveLength(1);
    redisClient.destroy();
  });
});
