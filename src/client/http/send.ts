import { ConnectionError, TimeoutError, ValidationError } from "../../errors/classes.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { Limits } from "./limits.ts";
import type { Observer, TracedRequest, Tracer } from "./observer.ts";
import { Redactor } from "./redact.ts";
import { type Transport, TransportFault, type TransportResponse } from "./transport.ts";

/** What one attempt needs besides the request. */
export interface Sender {
  readonly transport: Transport;
  readonly timeoutMs: number;
  readonly openTimeoutMs: number;
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
  readonly userAgent: string;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly observer?: Observer | undefined;
  readonly tracer?: Tracer | undefined;
}

export interface Outgoing {
  readonly method: "GET" | "POST";
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What of it no error may show, should the server send it back. */
  readonly secrets: readonly string[];
}

/** A whole answer to one attempt. */
export class Answer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly #response: TransportResponse;
  readonly #requestId: string;
  readonly #redactor: Redactor;

  constructor(response: TransportResponse, requestId: string, secrets: readonly string[]) {
    this.status = response.status;
    this.body = response.body;
    this.#response = response;
    this.#requestId = requestId;
    this.#redactor = new Redactor(secrets);
  }

  /** @param name in lower case */
  header(name: string): string | undefined {
    return this.#response.header(name);
  }

  /** The server's own ID of the request, else the one that was sent. */
  get requestId(): string {
    const own = this.header("x-request-id");
    return own === undefined ? this.#requestId : this.said(own);
  }

  /** A text of the server's as an error may show it: without the request's secrets, short, and on one line. */
  said(text: string): string {
    const line = this.#redactor
      .redact(text)
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
      .trim();
    return line.length > 300 ? `${line.slice(0, 300)}…` : line;
  }

  /** Does the body hold one of the request's secrets? */
  holdsSecret(): boolean {
    return this.#redactor.isIn(new TextDecoder().decode(this.body));
  }
}

/**
 * One attempt: sends the request, observed and traced, and brings the whole answer of whatever status.
 *
 * @throws TimeoutError, ConnectionError; ValidationError `response_too_large`; the signal's reason when aborted
 */
export function send(sender: Sender, outgoing: Outgoing, limits: Limits): Promise<Answer> {
  const requestId = crypto.randomUUID();
  const { method } = outgoing;
  const url = outgoing.origin + outgoing.path;
  const { tracer } = sender;
  if (tracer?.isActive !== true) return attempt(sender, outgoing, limits, requestId, url);
  const context: TracedRequest = { requestId, method, url };
  return tracer.trace(context, async () => {
    const answer = await attempt(sender, outgoing, limits, requestId, url);
    context.statusCode = answer.status;
    return answer;
  });
}

async function attempt(
  sender: Sender,
  outgoing: Outgoing,
  { cancel, deadlineAt }: Limits,
  requestId: string,
  url: string,
): Promise<Answer> {
  const { method, origin, path, body } = outgoing;
  const headers = {
    accept: "application/json",
    "user-agent": sender.userAgent,
    "x-request-id": requestId,
    ...outgoing.headers,
  };
  const observer = sender.observer?.isActive === true ? sender.observer : undefined;
  observer?.request({ requestId, method, url, headers: redacted(headers) });
  const startedAt = sender.clock();
  const timeoutMs = Math.min(sender.timeoutMs, deadlineAt - startedAt);
  try {
    cancel?.throwIfAborted();
    if (timeoutMs <= 0) throw new TransportFault("timeout");
    const { transport, maxBodyBytes } = sender;
    const response = await transport.request({
      method,
      origin,
      path,
      headers,
      body,
      timeoutMs,
      maxBodyBytes,
      cancel,
    });
    if (isCutOff(response)) throw new Error("The body breaks off within its JSON.");
    if (observer !== undefined) {
      const { status } = response;
      observer.response(
        { requestId, method, url, statusCode: status, elapsedMs: sender.clock() - startedAt },
        method === "POST" ? undefined : () => new TextDecoder().decode(response.body),
      );
    }
    return new Answer(response, requestId, outgoing.secrets);
  } catch (thrown) {
    const error = cancel?.aborted === true ? cancel.reason : failure(thrown, sender, origin, timeoutMs);
    observer?.error({ requestId, method, url, error, elapsedMs: sender.clock() - startedAt });
    throw error;
  }
}

function failure(thrown: unknown, sender: Sender, origin: string, timeoutMs: number): ScopeError {
  if (isScopeError(thrown)) return thrown;
  if (thrown instanceof TransportFault) {
    if (thrown.kind === "too-large") {
      return new ValidationError(`The answer of ${origin} is larger than ${sender.maxBodyBytes} bytes.`, {
        code: "response_too_large",
        field: "body",
        hint: "Raise maxBodyBytes if a prompt is really that large.",
        cause: thrown,
      });
    }
    if (thrown.kind === "open-timeout") {
      return new TimeoutError(
        `No connection to ${origin} within ${seconds(sender.openTimeoutMs)} (openTimeout).`,
        {
          code: "request_timeout",
          cause: thrown.cause ?? thrown,
        },
      );
    }
    return timedOut(sender, origin, timeoutMs < sender.timeoutMs, thrown);
  }
  const code = networkCode(thrown);
  return new ConnectionError(
    `No whole answer came from ${origin}${code === undefined ? "" : ` (${code})`}.`,
    { code: "connection_failed", hint: hintFor(code), cause: thrown },
  );
}

/**
 * Without a length or chunks the end of the connection is the end of the body, meant or not. JSON that opens
 * and does not close tells the two apart.
 */
function isCutOff({ isDelimited, body }: TransportResponse): boolean {
  if (isDelimited || (body[0] !== 0x7b && body[0] !== 0x5b)) return false;
  const last = body.findLast((byte) => byte > 0x20);
  return last !== 0x7d && last !== 0x5d;
}

/** The error for a call whose time is over. */
export function timedOut(sender: Sender, origin: string, isDeadline: boolean, cause?: unknown): TimeoutError {
  const [ms, option] = isDeadline ? [sender.deadlineMs, "deadline"] : [sender.timeoutMs, "timeout"];
  return new TimeoutError(`No whole answer from ${origin} within ${seconds(ms)} (${option}).`, {
    code: "request_timeout",
    cause,
  });
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

/** The system's or HTTP library's name of the fault: `ECONNREFUSED`, `UND_ERR_SOCKET` … */
function networkCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string") return code;
  }
  return undefined;
}

function hintFor(code: string | undefined): string | undefined {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "Check the address and the network.";
  if (code !== undefined && /CERT|SELF_SIGNED|SIGNATURE/.test(code)) {
    return "The server's certificate is not trusted here: name your own authority in NODE_EXTRA_CA_CERTS.";
  }
  return undefined;
}

function redacted(headers: Readonly<Record<string, string>>): Record<string, string> {
  return "authorization" in headers ? { ...headers, authorization: "Bearer [REDACTED]" } : { ...headers };
}
