import { inspect } from "node:util";
import { afterEach } from "vitest";
import { type ClientParts, ScopeClient, type ScopeClientOptions } from "../../src/client/index.ts";
import { type FaultyPlatform, startFaultyPlatform } from "./faulty-platform.ts";

const toClose: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of toClose.splice(0).reverse()) await each.close();
});

export const CREDENTIALS = { orgId: "org_1", apiKey: "key-hush", apiSecret: "secret-hush" };

/** A platform and a client of it, both closed after the test. Retries come at once unless the test says otherwise. */
export async function setup(
  options: ScopeClientOptions = {},
  parts: ClientParts = {},
): Promise<{ platform: FaultyPlatform; client: ScopeClient; warnings: string[] }> {
  const platform = closing(await startFaultyPlatform());
  const warnings: string[] = [];
  const client = makeClient(platform, options, { warn: (text) => warnings.push(text), ...parts });
  return { platform, client, warnings };
}

export function makeClient(
  platform: FaultyPlatform,
  options: ScopeClientOptions = {},
  parts: ClientParts = {},
): ScopeClient {
  return closing(
    new ScopeClient(
      {
        credentials: CREDENTIALS,
        baseUrl: platform.url,
        authApiUrl: platform.url,
        retryBaseDelay: 0,
        ...options,
      },
      parts,
    ),
  );
}

export function closing<T extends { close(): Promise<void> }>(each: T): T {
  toClose.push(each);
  return each;
}

/** Every form in which a value may end up in a log. */
export function stringForms(value: unknown): string {
  const forms = [
    String(value),
    JSON.stringify(value),
    JSON.stringify({ value }),
    JSON.stringify({ ...Object(value) }),
    inspect(value, { depth: 20, showHidden: true }),
    inspect({ value }, { depth: 9, getters: true }),
  ];
  return forms.join("\n");
}

/** What `action` throws. */
export function thrownBy(action: () => unknown): Error & Record<string, unknown> {
  try {
    action();
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("It did not fail.");
}

/** What the promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("It did not fail.");
}
