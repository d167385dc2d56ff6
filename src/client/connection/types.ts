import type { Roles } from "../../prompt.ts";
import type { ConnectionValues } from "./connection.ts";

/** Credentials as a user writes them: key and secret under either of the platform's two names. */
export interface CredentialsInput {
  readonly orgId?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Another name of `apiKey`. */
  readonly clientId?: string | undefined;
  readonly apiSecret?: string | undefined;
  /** Another name of `apiSecret`. */
  readonly clientSecret?: string | undefined;
}

/**
 * Returns organisation, key and secret when they are needed, for example from a vault. Called once for each login, and
 * so again after a 401. The result must contain key and secret; the environment isn't read for them.
 *
 * @example
 * const credentials: CredentialsFunction = async () => {
 *   const { key, secret } = await vault.read("scope");
 *   return { orgId: "org_1", apiKey: key, apiSecret: secret };
 * };
 */
export interface CredentialsFunction {
  (): CredentialsInput | Promise<CredentialsInput>;
  /** The organisation if the result doesn't name it. Default: `SCOPE_ORG_ID`. */
  readonly orgId?: string | undefined;
}

/** The result of `getToken()`: the token, or the token with its lifetime. */
export type ProvidedToken =
  | string
  | {
      readonly token: string;
      /** Seconds from the call. Default 300; 0 means until the platform refuses the token. */
      readonly expiresIn?: number | undefined;
    };

/**
 * Returns access tokens instead of a login: workload identity, or a token broker.
 *
 * @example
 * const credentials: TokenProvider = {
 *   orgId: "org_1",
 *   getToken: async () => ({ token: await broker.issue("scope"), expiresIn: 600 }),
 * };
 */
export interface TokenProvider {
  /**
   * Called when there's no token, before the token expires, and after a 401: one call at a time for any number of
   * requests.
   */
  getToken(): ProvidedToken | Promise<ProvidedToken>;
  /** The organisation of the tokens. Default: `SCOPE_ORG_ID`. */
  readonly orgId?: string | undefined;
}

/** Where the credentials come from: values, a function that returns values, or an object that returns tokens. */
export type CredentialsSource = CredentialsInput | CredentialsFunction | TokenProvider;

/** Organisation, key and secret, as plain data. */
export interface CredentialValues {
  readonly orgId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What to log in with: all three values, or something that returns them, or tokens, at run time. */
export type ResolvedCredentials = CredentialValues | CredentialsFunction | TokenProvider;

/** Connection options after defaults and environment; times in seconds. */
export interface ResolvedConnection extends ConnectionValues {
  /** The role of a rendered message, by the stored role in lower case; `false`: roles stay as stored. */
  readonly roles: Roles;
  readonly cacheStore: CacheStore | undefined;
  /** Undefined: nothing is set anywhere. */
  readonly credentials: ResolvedCredentials | undefined;
}

/** The part of a Keyv store that the client's shared cache uses. */
export interface CacheStore {
  get(key: string): Promise<unknown>;
  /** @param ttl milliseconds */
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

export function isFunction(source: unknown): source is CredentialsFunction {
  return typeof source === "function";
}

/** An object with `getToken()`, whatever other fields it has. */
export function isTokenProvider(source: unknown): source is TokenProvider {
  return isFunction((source as Partial<TokenProvider> | null | undefined)?.getToken);
}

/** What each credentials' values were set as, for the error if they're refused: `SCOPE_ORG_ID, …, credentials.apiSecret`. */
export const NAMES_OF_VALUES = new WeakMap<object, string>();
