import type { Env } from "../../environment.ts";
import { MissingApiKeyError } from "../../errors/classes.ts";
import type { CredentialValues } from "../connection/types.ts";

/**
 * Organisation, key and secret, with key and secret under either name; what isn't given comes from the environment.
 *
 * @param given anything
 * @param who what the credentials are, for the error
 * @throws MissingApiKeyError naming what is set and what isn't, never a value
 */
export function completeCredentials(given: unknown, env: Env, who: string, hint: string): CredentialValues {
  const { orgId: own, apiKey, clientId, apiSecret, clientSecret } = Object(given);
  const values = {
    orgId: own || env.SCOPE_ORG_ID,
    apiKey: apiKey || clientId || env.SCOPE_CLIENT_ID || env.SCOPE_API_KEY,
    apiSecret: apiSecret || clientSecret || env.SCOPE_CLIENT_SECRET || env.SCOPE_API_SECRET,
  };
  const names = Object.keys(values) as (keyof CredentialValues)[];
  const isSet = (name: keyof CredentialValues) => values[name] && typeof values[name] === "string";
  const missing = names.filter((name) => !isSet(name)).join(", ");
  if (missing === "") return values;
  throw new MissingApiKeyError(
    `${who}: ${missing} missing, ${names.filter(isSet).join(", ") || "none"} set.`,
    { code: "credentials_missing", hint },
  );
}
