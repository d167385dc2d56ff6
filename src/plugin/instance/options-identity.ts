import { createHash } from "node:crypto";
import type { Options } from "../../config/options.ts";
import { nextTick } from "./runs.ts";

const stores = new WeakMap<object, number>();

/** What distinguishes options: all of them, credentials by their digest and a store by being the same object. */
export function identityOf({ cacheStore, credentials, ...rest }: Options): string {
  if (cacheStore !== undefined && !stores.has(cacheStore)) stores.set(cacheStore, nextTick());
  const { orgId, apiKey, clientId, apiSecret, clientSecret } = credentials ?? {};
  const secret = JSON.stringify([orgId, apiKey ?? clientId, apiSecret ?? clientSecret]);
  const digest = credentials && createHash("sha256").update(secret).digest("hex");
  return JSON.stringify([rest, digest, cacheStore && stores.get(cacheStore)]);
}
