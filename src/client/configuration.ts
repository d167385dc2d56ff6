import { type Env, processEnv } from "../environment.ts";
import { checked } from "./connection/check-value.ts";
import { type ConnectionOptions, resolveConnection, withoutUndefined } from "./connection/connection.ts";
import { checkCredentials, noCredentials, resolveValues } from "./connection/credentials.ts";
import {
  type CredentialsFunction,
  type CredentialsInput,
  type CredentialValues,
  isFunction,
  isTokenProvider,
  type ResolvedConnection,
  type TokenProvider,
} from "./connection/types.ts";

/** The options of a {@link Configuration}: those of a connection. */
export type ConfigurationOptions = ConnectionOptions;

/**
 * Organisation, key and secret of an application. Immutable. Its string forms (`JSON.stringify`, `String`,
 * `console.log`) never contain the secret.
 *
 * @example new ApiKeyCredentials({ orgId: "org_1", apiKey: "key_1", apiSecret: secret })
 */
export class ApiKeyCredentials implements CredentialValues {
  readonly #values: CredentialValues;

  /**
   * @param input all three parts, key and secret under either name; the environment isn't read
   * @throws MissingApiKeyError `credentials_missing`, naming what is missing
   * @throws ConfigurationError for a value that isn't a text, or an unknown key
   */
  constructor(input: CredentialsInput) {
    const values = checked((problems) => {
      if (input !== undefined) checkCredentials(input, "credentials", problems);
      return problems.errors.length === 0 ? resolveValues(input, {}, problems) : undefined;
    });
    if (values === undefined) throw noCredentials();
    this.#values = values;
    Object.freeze(this);
  }

  /**
   * Credentials from `SCOPE_ORG_ID`, `SCOPE_API_KEY` or `SCOPE_CLIENT_ID`, and `SCOPE_API_SECRET` or
   * `SCOPE_CLIENT_SECRET`. If both names are set, `SCOPE_CLIENT_…` wins.
   *
   * @param env default: the process's environment
   * @throws MissingApiKeyError if one is missing; it names what is set and what isn't, never a value
   */
  static fromEnv(env: Env = processEnv()): ApiKeyCredentials {
    const values = checked((problems) => resolveValues(undefined, env, problems));
    if (values === undefined) throw noCredentials();
    return new ApiKeyCredentials(values);
  }

  get orgId(): string {
    return this.#values.orgId;
  }
  get apiKey(): string {
    return this.#values.apiKey;
  }
  /** Another name of `apiKey`. */
  get clientId(): string {
    return this.#values.apiKey;
  }
  get apiSecret(): string {
    return this.#values.apiSecret;
  }
  /** Another name of `apiSecret`. */
  get clientSecret(): string {
    return this.#values.apiSecret;
  }

  toJSON(): { orgId: string; apiKey: string; apiSecret: string } {
    return { orgId: this.orgId, apiKey: "[REDACTED]", apiSecret: "[REDACTED]" };
  }
  toString(): string {
    return `ApiKeyCredentials ${JSON.stringify(this)}`;
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

// biome-ignore lint/correctness/noUnusedVariables: the class below has these fields too
interface Configuration extends ResolvedConnection {}

/**
 * Every connection option with its value: explicit, otherwise from the environment, otherwise the default. Frozen;
 * times in seconds. Its string forms never contain the key or secret.
 *
 * @throws ConfigurationError naming the option and the closest valid one; MissingApiKeyError for incomplete credentials;
 * ScopeErrors for several problems
 * @example new Configuration({ timeout: 5 }).merge({ maxRetries: 0 })
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets all of them
class Configuration {
  /** A function or an object with `getToken()` is as it was given, but wrapped. */
  declare readonly credentials: ApiKeyCredentials | CredentialsFunction | TokenProvider | undefined;
  /** If it isn't set, `baseUrl`. */
  declare readonly authApiUrl: string | undefined;
  readonly #explicit: ConfigurationOptions;
  readonly #env: Env;
  readonly #resolved: ResolvedConnection;

  /** @param env default: the process's environment, read once */
  constructor(options: ConfigurationOptions = {}, env: Env = processEnv()) {
    this.#explicit = withoutUndefined(options);
    this.#env = env;
    this.#resolved = resolveConnection(this.#explicit, env);
    const { credentials: given, baseUrl, authApiUrl = baseUrl } = this.#resolved;
    const isValues = given !== undefined && !isFunction(given) && !isTokenProvider(given);
    const credentials = isValues ? new ApiKeyCredentials(given) : given;
    Object.freeze(Object.assign(this, { ...this.#resolved, authApiUrl, credentials }));
  }

  /** The same values, without a login address that nobody wrote. */
  static resolved(configuration: Configuration): ResolvedConnection {
    return configuration.#resolved;
  }

  /** A new configuration with these options over this one's. `undefined` leaves an option as it is. */
  merge(overrides: ConfigurationOptions): Configuration {
    return new Configuration({ ...this.#explicit, ...withoutUndefined(overrides) }, this.#env);
  }

  /** Every value, with key and secret redacted, and a store only named. */
  toJSON(): Record<string, unknown> {
    const { credentials, cacheStore, ...values } = { ...this };
    return {
      credentials:
        credentials === undefined || credentials instanceof ApiKeyCredentials
          ? credentials?.toJSON()
          : { orgId: credentials.orgId, [isFunction(credentials) ? "function" : "getToken"]: "[function]" },
      ...values,
      ...(cacheStore && { cacheStore: "[store]" }),
    };
  }

  toString(): string {
    return `Configuration ${JSON.stringify(this)}`;
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export { Configuration };

let configured: Configuration | undefined;
/** What was read from the environment while nothing was set. Kept so that it stays one object. */
let fromEnvironment: Configuration | undefined;

/**
 * Sets options for every client that the process creates from now on, over those set before.
 *
 * @returns the configuration that now applies
 * @throws ConfigurationError as {@link Configuration} does; the previous configuration then still applies
 * @example configure({ credentials: { orgId, apiKey, apiSecret }, cacheTtl: 60 })
 */
export function configure(options: ConfigurationOptions): Configuration {
  configured = configurationWith(options);
  return configured;
}

/** The configuration of the process: what `configure()` set, otherwise environment and defaults. */
export function configuration(): Configuration {
  if (configured !== undefined) return configured;
  fromEnvironment ??= new Configuration();
  return fromEnvironment;
}

/** Goes back to environment and defaults; the environment is read again. */
export function resetConfiguration(): void {
  configured = undefined;
  fromEnvironment = undefined;
}

/** Options over what `configure()` set, otherwise over the environment as it is now. */
export function configurationWith(options: ConfigurationOptions): Configuration {
  // Created in one step: the options can permit a value in the environment that would be refused on its own.
  return configured === undefined ? new Configuration(options) : configured.merge(options);
}
