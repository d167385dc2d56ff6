import type { CredentialValues } from "../types.ts";

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
