import { ConfigurationError } from "../../errors/classes.ts";

/**
 * An address without the optional `/api/{version}` at its end: with or without it, the meaning is the same.
 *
 * @param address without a slash at its end
 * @returns undefined if it ends in another version's path, which contradicts `apiVersion`
 * @example withoutApiPath("https://your-scope-url/api/v1", "v1") // "https://your-scope-url"
 */
export function withoutApiPath(address: string, apiVersion: string): string | undefined {
  const end = `/api/${apiVersion}`;
  if (address.endsWith(end)) return address.slice(0, -end.length);
  return /\/api\/v\d[^/]*$/.test(address) ? undefined : address;
}

/** The error for a request when nobody has written the platform's address: a secret isn't sent to a default one. */
export function noAddress(): ConfigurationError {
  return new ConfigurationError("The address of the platform isn't set.", {
    code: "base_url_missing",
    hint: "Set SCOPE_API_URL or baseUrl: there's no default.",
  });
}
