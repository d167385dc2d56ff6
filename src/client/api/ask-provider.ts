import type { CredentialsFunction } from "../../config/connection/credentials-source.ts";
import type { CredentialValues } from "../../config/types.ts";
import { ConfigurationError, TokenRefreshError } from "../../errors/classes.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { completeCredentials } from "./complete-credentials.ts";

/**
 * What code of the application gives.
 *
 * @throws TokenRefreshError `login_failed` with what it threw as `cause`; an error of our classes comes through as it is
 */
export async function askProvider<T>(name: string, provide: () => T | Promise<T>): Promise<T> {
  try {
    return await provide();
  } catch (cause) {
    if (isScopeError(cause)) throw cause;
    throw new TokenRefreshError(`${name} failed.`, { code: "login_failed", httpStatus: 0, cause });
  }
}

/**
 * Organisation, key and secret of a function.
 *
 * @param orgId the organisation, where it is known
 * @throws MissingApiKeyError naming what is missing; ConfigurationError for another organisation than `orgId`
 */
export async function valuesOf(
  credentials: CredentialsFunction,
  orgId: string | undefined,
): Promise<CredentialValues> {
  const given = await askProvider("credentials()", credentials);
  const hint = "Return { orgId, apiKey, apiSecret }. For a token, pass an object with getToken().";
  const values = completeCredentials(given, orgId, "What credentials() returned", hint);
  // What is cached is one organisation's.
  if (orgId === undefined || values.orgId === orgId) return values;
  throw new ConfigurationError(
    `credentials() returned the organisation ${values.orgId}, and this client works for ${orgId}.`,
    { code: "config_invalid", hint: "Make a client for each organisation." },
  );
}
