import { type Env, processEnv } from "../../environment.ts";
import { checkCredentials, noCredentials, resolveValues } from "./credentials.ts";
import type { CredentialsInput } from "./credentials-source.ts";
import type { CredentialValues } from "./types.ts";

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
    checkCredentials(input);
    const values = resolveValues(input, {});
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
    const values = resolveValues(undefined, env);
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
