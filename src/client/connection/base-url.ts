/**
 * An address without the optional `/api/{version}` at its end: with or without it, the meaning is the same.
 *
 * @param address without a slash at its end
 * @returns undefined if it ends in another version's path, which contradicts `apiVersion`
 * @example withoutApiPath("https://api.scope.io/api/v1", "v1") // "https://api.scope.io"
 */
export function withoutApiPath(address: string, apiVersion: string): string | undefined {
  const end = `/api/${apiVersion}`;
  if (address.endsWith(end)) return address.slice(0, -end.length);
  return /\/api\/v\d[^/]*$/.test(address) ? undefined : address;
}
