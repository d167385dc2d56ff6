// One process of the fleet in shared-cache.ci.test.ts: connects, waits for the word, asks for all prompts, says what it got.
import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { ScopeClient } from "../../../src/client/index.ts";

const [platformUrl, redisUrl, count] = process.argv.slice(2);
const store = new Keyv({ store: new KeyvRedis(redisUrl) });
// The connection is made now, so that all begin at the same time with everything at hand.
await store.get("warm-up");
const client = new ScopeClient({
  credentials: { orgId: "org_1", apiKey: "key-hush", apiSecret: "secret-hush" },
  baseUrl: platformUrl,
  authApiUrl: platformUrl,
  cacheStore: store,
});
process.send("ready");
await new Promise((resolve) => process.once("message", resolve));
const names = Array.from({ length: Number(count) }, (_, i) => `prompt-${i}`);
const results = await Promise.allSettled(names.map((name) => client.getPromptVersion(name)));
const right = results.filter(
  (result, i) => result.status === "fulfilled" && result.value.id === `version_of_prompt-${i}`,
);
process.send({ right: right.length });
await client.close();
await store.disconnect();
process.disconnect();
