import { type CredentialsFunction, isFunction, type TokenProvider } from "./credentials-source.ts";
import type { CredentialValues } from "./types.ts";

/**
 * Frozen credentials whose key and secret can only be read by name. They aren't enumerable, so a log, snapshot or
 * `JSON.stringify` of an object that contains them doesn't show them.
 */
export function hideSecrets(values: CredentialValues): CredentialValues {
  const shown = { orgId: values.orgId };
  for (const name of ["apiKey", "apiSecret"] as const) {
    Object.defineProperty(shown, name, { value: values[name], enumerable: false });
  }
  return Object.freeze(shown) as CredentialValues;
}

/**
 * A source of credentials wrapped in a new function, with the organisation. Whatever the source contains, such as a
 * token that it has kept, printing this doesn't show it.
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

/** Such a source in the form that can be shown. */
export function redactSource(
  source: CredentialsFunction | TokenProvider,
): Record<string, string | undefined> {
  return { orgId: source.orgId, [isFunction(source) ? "function" : "getToken"]: "[function]" };
}
