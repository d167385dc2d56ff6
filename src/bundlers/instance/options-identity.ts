import { isFunction, isTokenProvider } from "../../client/connection/credentials-source.ts";
import { digestOf } from "../../files/digest.ts";
import type { Options } from "../../project/config/options.ts";
import { nextTick } from "./runs.ts";

const known = new WeakMap<object, number>();

/**
 * Distinguishes options: compares all of them. Code (a store, a function or an object with `getToken()`) has to be the
 * same object.
 */
export function identityOf({ cacheStore, credentials, ...rest }: Options): string {
  const isCode = credentials !== undefined && (isFunction(credentials) || isTokenProvider(credentials));
  const secret = isCode ? numberOf(credentials) : credentials;
  return digestOf(JSON.stringify([rest, secret, numberOf(cacheStore)]));
}

function numberOf(object: object | undefined): number | undefined {
  if (object !== undefined && !known.has(object)) known.set(object, nextTick());
  return object && known.get(object);
}
