import { MissingApiKeyError } from "../../errors/classes.ts";
import type { CredentialValues } from "../connection/types.ts";

/**
 * Organisation, key and secret, with key and secret under either name.
 *
 * @param given anything
 * @param orgId the organisation if `given` doesn't name it
 * @param who what the credentials are, for the error
 * @throws MissingApiKeyError naming what is set and what isn't, never a value
 */
export function completeCredentials(
  given: unknown,
  orgId: string | undefined,
  who: string,
  hint: string,
): CredentialValues {
  const { orgId: own, apiKey, clientId, apiSecret, clientSecret } = Object(given);
  const values = { orgId: own || orgId, apiKey: apiKey || clientId, apiSecret: apiSecret || clientSecret };
  const names = Object.keys(values) as (keyof CredentialValues)[];
  const isSet = (name: keyof CredentialValues) => values[name] && typeof values[name] === "string";
  const missing = names.filter((name) => !isSet(name)).join(", ");
  if (missing === "") return values;
  throw new MissingApiKeyError(
    `${who}: ${missing} missing, ${names.filter(isSet).join(", ") || "none"} set.`,
    {
      code: "credentials_missing",
      hint,
    },
  );
}
