import { isTooDeep } from "../../client/api/is-too-deep.ts";
import { USER_AGENT } from "../../client/http/user-agent.ts";
import { liveError } from "./live-error.ts";
import type { Settings } from "./settings.ts";

/** A whole answer, of whatever status. */
export interface Reply {
  /** Counts up in the order of sending. */
  readonly number: number;
  readonly status: number;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
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
 * @throws TimeoutError, ConnectionError; ValidationError `response_too_large`; ConfigurationError `config_invalid` for
 * what cannot be sent, such as a header that is no ASCII
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
  let init: RequestInit;
  let late: Promise<never>;
  try {
    const signal = AbortSignal.timeout(timeout * 1000);
    // A `fetch` that was handed over may drop the signal.
    late = new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
    init = {
      ...request,
      headers: new Headers({
        accept: "application/json",
        "user-agent": USER_AGENT,
        "x-request-id": crypto.randomUUID(),
        ...(headers as Record<string, string>),
      }),
      // A redirect's own status is wanted, not an error and not its target.
      redirect: "manual",
      signal,
    };
  } catch (cause) {
    throw liveError("config_invalid", `The request cannot be sent: ${(cause as Error).message}`, { cause });
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const responding = fetch(url, init);
  const opening = responding.then(({ body }) => body?.getReader());
  const read = async () => {
    const reader = await opening;
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      chunks.push(part.value);
      length += part.value.length;
      if (length > maxBodyBytes) break;
    }
    return responding;
  };
  let response: Response;
  try {
    response = await Promise.race([read(), late]);
  } catch (cause) {
    throw (cause as Error).name === "TimeoutError"
      ? liveError("request_timeout", `No whole answer from ${host} within ${timeout} s.`, { cause })
      : liveError("connection_failed", `No whole answer from ${host}.`, { cause });
  } finally {
    // Of an answer that is late or too large no more is wanted. Nobody waits for that, or has use for its failing.
    opening.then((reader) => reader?.cancel()).catch(() => {});
  }
  if (length > maxBodyBytes) {
    throw liveError("response_too_large", `The answer is larger than ${maxBodyBytes} bytes.`);
  }
  const body = await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer();
  const { status, headers: received } = response;
  return { number, status, headers: received, body };
}

/** @throws ValidationError `response_invalid` for bytes that are no UTF-8 or no JSON */
export function readJson({ body }: Reply): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    if (!isTooDeep(text)) return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold what the server was sent.
  }
  throw liveError("response_invalid", "The answer is not JSON, or nested too deep.");
}
