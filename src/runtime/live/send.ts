import { joinChunks } from "../../client/transport.ts";
import { USER_AGENT } from "../../client/user-agent.ts";
import { liveError } from "./live-error.ts";
import type { Settings } from "./settings.ts";

/** A whole answer, of whatever status. */
export interface Reply {
  /** Counts up in the order of sending. */
  readonly number: number;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** How requests leave. */
export interface Sending {
  readonly fetch: typeof fetch;
  /** Resolves when one more request keeps within the rate. */
  readonly slot: () => Promise<void>;
}

let requests = 0;

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
  requests += 1;
  const number = requests;
  const { host } = new URL(url);
  const chunks: Uint8Array[] = [];
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
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      chunks.push(part.value);
      length += part.value.length;
      // After this nothing more is read.
      if (length > maxBodyBytes) await reader?.cancel();
    }
  } catch (cause) {
    throw (cause as Error).name === "TimeoutError"
      ? liveError("request_timeout", `No whole answer from ${host} within ${timeout} s.`, { cause })
      : liveError("connection_failed", `No whole answer from ${host}.`, { cause });
  }
  if (length > maxBodyBytes) {
    throw liveError("response_too_large", `The answer is larger than ${maxBodyBytes} bytes.`);
  }
  const { status, headers: received } = response;
  return { number, status, headers: received, body: joinChunks(chunks, length) };
}

/** @throws ValidationError `response_invalid` for bytes that are no UTF-8 or no JSON */
export function readJson({ body }: Reply): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw liveError("response_invalid", "The answer is not JSON.", { cause });
  }
}
