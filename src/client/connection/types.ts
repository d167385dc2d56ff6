import type { Roles } from "../../prompt.ts";
import type { InMilliseconds } from "./connection-schema.ts";
import type { CredentialsFunction, TokenProvider } from "./credentials-source.ts";

/** Organisation, key and secret, as plain data. */
export interface CredentialValues {
  readonly orgId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/**
 * What to log in with, after the environment was read: all three values, or something that returns them, or tokens, at
 * run time.
 */
export type ResolvedCredentials = CredentialValues | CredentialsFunction | TokenProvider;

/** Connection options after defaults and environment; `timeout` in seconds has become `timeoutMs`. */
export type ResolvedConnection = InMilliseconds & {
  readonly roles: Roles;
  readonly cacheStore: CacheStore | undefined;
  /** Undefined: nothing is set anywhere. */
  readonly credentials: ResolvedCredentials | undefined;
};

/** Where options and variables come from, for error messages. */
export interface ConnectionOrigins {
  /** The file that contains the options. */
  readonly file?: string | undefined;
  /** The files that environment variables come from, by variable name. Default: none comes from a file. */
  readonly origins?: ReadonlyMap<string, string> | undefined;
}

/** The part of a Keyv store that the client's shared cache uses. */
export interface CacheStore {
  get(key: string): Promise<unknown>;
  /** @param ttl milliseconds */
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}
