/**
 * An address without the `/api/{version}` that it may end in: with or without, it means the same.
 *
 * @param address without a slash at its end
 * @returns undefined where it ends in another version's path, and so contradicts `apiVersion`
 * @example withoutApiPath("https://api.scope.io/api/v1", "v1") // "https://api.scope.io"
 */
export function withoutApiPath(address: string, apiVersion: string): string | undefined {
  const end = `/api/${apiVersion}`;
  if (address.endsWith(end)) return address.slice(0, -end.length);
  return /\/api\/v\d[^/]*$/.test(address) ? undefined : address;
}
