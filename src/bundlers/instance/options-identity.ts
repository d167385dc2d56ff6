import { createHash } from "node:crypto";
import {
  type CredentialsSource,
  isFunction,
  isTokenProvider,
} from "../../client/connection/credentials-source.ts";
import type { Options } from "../../project/config/options.ts";
import { nextTick } from "./runs.ts";

const known = new WeakMap<object, number>();

/**
 * Distinguishes options: compares all of them. Credentials count by their digest. Code (a store, a function or an
 * object with `getToken()`) has to be the same object.
 */
export function identityOf({ cacheStore, credentials, ...rest }: Options): string {
  return JSON.stringify([rest, credentials && identityOfCredentials(credentials), numberOf(cacheStore)]);
}

function identityOfCredentials(credentials: CredentialsSource): unknown {
  if (isFunction(credentials) || isTokenProvider(credentials)) return numberOf(credentials);
  const { orgId, apiKey, clientId, apiSecret, clientSecret } = credentials;
  const secret = JSON.stringify([orgId, apiKey ?? clientId, apiSecret ?? clientSecret]);
  return createHash("sha256").update(secret).digest("hex");
}

function numberOf(object: object | undefined): number | undefined {
  if (object !== undefined && !known.has(object)) known.set(object, nextTick());
  return object && known.get(object);
}
