import { USER_AGENT } from "../../client/user-agent.ts";
import { liveError } from "./live-error.ts";
import type { Settings } from "./settings.ts";

/** A whole answer, of whatever status. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Blob;
}

/** How requests leave. */
export interface Sending {
  readonly fetch: typeof fetch;
  /** Resolves when one more request keeps within the rate. */
  readonly slot: () => Promise<void>;
}

/**
 * One attempt. The timer of its time-out is of a kind that keeps no process alive.
 *
 * @throws TimeoutError, ConnectionError; ValidationError `response_too_large`
 */
export async function send(
  { fetch, slot }: Sending,
  { timeout, maxBodyBytes }: Settings,
  url: string,
  { headers, ...request }: RequestInit,
): Promise<Reply> {
  await slot();
  const { host } = new URL(url);
  const chunks: BlobPart[] = [];
  let length = 0;
  let response: Response;
  try {
    response = await fetch(url, {
      ...request,
      headers: {
        accept: "application/json",
        "user-agent": USER_AGENT,
        "x-request-id": crypto.randomUUID(),
        ...headers,
      },
      // A redirect's own status is wanted, not an error and not its target.
      redirect: "manual",
      signal: AbortSignal.timeout(timeout * 1000),
    });
    const reader = response.body?.getReader();
    for (
      let part = await reader?.read();
      part?.value && length <= maxBodyBytes;
      part = await reader?.read()
    ) {
      chunks.push(part.value);
      length += part.value.length;
    }
    if (length > maxBodyBytes) await reader?.cancel();
  } catch (cause) {
    throw (cause as Error).name === "TimeoutError"
      ? liveError("request_timeout", `No whole answer from ${host} within ${timeout} s.`, { cause })
      : liveError("connection_failed", `No whole answer came from ${host}.`, { cause });
  }
  if (length > maxBodyBytes) {
    throw liveError("response_too_large", `The answer of ${host} passes ${maxBodyBytes} bytes.`);
  }
  return { status: response.status, headers: response.headers, body: new Blob(chunks) };
}

/** @throws ValidationError `response_invalid` for bytes that are no UTF-8 or no JSON */
export async function readJson({ body }: Reply): Promise<unknown> {
  const bytes = await body.arrayBuffer();
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw liveError("response_invalid", "The answer is not JSON.", { cause });
  }
}
