/** The server no longer has it, so the page asks again for what it was made from. */
export class Gone extends Error {}

/** Requests data from the server. @throws Error with the server's own words */
export async function get<T>(route: string, fields: Readonly<Record<string, string>> = {}): Promise<T> {
  return read(await fetch(`api/${route}?${new URLSearchParams(fields)}`));
}

/** Tells the server to do something. @throws Error with the server's own words; {@link Gone} */
export async function post<T>(
  route: string,
  fields: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<T> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(fields);
  return read(await fetch(`api/${route}`, { method: "POST", headers, body, signal: signal ?? null }));
}

async function read<T>(response: Response): Promise<T> {
  const body = await response.json();
  if (response.status === 404) throw new Gone(body.error);
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** An error in words. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
