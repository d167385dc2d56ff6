import { type CredentialsFunction, isFunction, type TokenProvider } from "./credentials-source.ts";
import type { CredentialValues } from "./types.ts";

/** Credentials as they may be shown: the organisation alone. */
export function redactCredentials(values: CredentialValues): CredentialValues {
  return { orgId: values.orgId, apiKey: "[REDACTED]", apiSecret: "[REDACTED]" };
}

/**
 * Frozen credentials whose key and secret can be read by name only: they are not enumerable, so no log, snapshot
 * or `JSON.stringify` of whatever holds them shows them.
 */
export function hideSecrets(values: CredentialValues): CredentialValues {
  const shown = { orgId: values.orgId };
  for (const name of ["apiKey", "apiSecret"] as const) {
    Object.defineProperty(shown, name, { value: values[name], enumerable: false });
  }
  return Object.freeze(shown) as CredentialValues;
}

/**
 * A source of credentials behind a function of its own, with the organisation: whatever the source holds, a token it has
 * kept say, nothing that prints this shows it.
 */
export function hideSource(
  source: CredentialsFunction | TokenProvider,
  orgId: string | undefined,
): CredentialsFunction | TokenProvider {
  const hidden = isFunction(source)
    ? () => source()
    : Object.defineProperty({} as TokenProvider, "getToken", { value: () => source.getToken() });
  Object.defineProperty(hidden, "orgId", { value: orgId, enumerable: true });
  return Object.freeze(hidden) as CredentialsFunction | TokenProvider;
}

/** Such a source as it may be shown. */
export function redactSource(
  source: CredentialsFunction | TokenProvider,
): Record<string, string | undefined> {
  return { orgId: source.orgId, [isFunction(source) ? "function" : "getToken"]: "[function]" };
}
