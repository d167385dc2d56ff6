import { TimeoutError, ValidationError } from "../../errors/classes.ts";
import { oneLine } from "../../errors/printable.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { Limits } from "./cancel.ts";
import {
  connectionError,
  type Transport,
  TransportError,
  type TransportRequest,
  type TransportResponse,
} from "./transport.ts";
import { VERSION } from "./user-agent.ts";

export interface Sender {
  readonly transport: Transport;
  /** In seconds, for one attempt and for all of them. */
  readonly timeout: number;
  readonly deadline: number;
  readonly maxBodyBytes: number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Makes attempts until one is good enough. Default: one attempt. */
  readonly retry?: Retry | undefined;
  /** Runs each attempt, for hooks and traces. Default: runs it directly. */
  readonly watch?:
    | ((attempt: Attempt, run: () => Promise<PlatformResponse>) => Promise<PlatformResponse>)
    | undefined;
}

export type Retry = (limits: Limits, attempt: () => Promise<PlatformResponse>) => Promise<PlatformResponse>;

/** One attempt, just before it's sent. */
export interface Attempt {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  /** As sent, including the token. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Outgoing extends Pick<TransportRequest, "method" | "path" | "headers" | "body"> {
  /** The address that the path is below, as a URL writes it and without a slash at its end. */
  readonly base: string;
  /** The parts of it that no error can show, in case the server sends them back. */
  readonly secrets: readonly string[];
}

/** The whole response to one attempt, with any status. */
export interface PlatformResponse extends TransportResponse {
  /** A text from the server in the form that an error can show: without the request's secrets, short, and on one line. */
  quote(text: string): string;
  /** The server's own ID of the request, otherwise the one that was sent. */
  requestId(): string;
  /** Does the body contain one of the request's secrets? */
  holdsSecret(): boolean;
}

function platformResponse(
  response: TransportResponse,
  sentId: string,
  secrets: readonly string[],
): PlatformResponse {
  const { status, body } = response;
  const header = (name: string) => response.header(name);
  const quote = (text: string) => {
    const line = oneLine(redact(text, secrets));
    return line.length > 300 ? `${line.slice(0, 300)}…` : line;
  };
  return {
    status,
    body,
    header,
    quote,
    requestId() {
      const own = header("x-request-id");
      return own === undefined ? sentId : quote(own);
    },
    holdsSecret() {
      const text = new TextDecoder().decode(body);
      return redact(text, secrets) !== text;
    },
  };
}

/** One attempt: sends the request, and resolves with the whole response. */
export function send(sender: Sender, outgoing: Outgoing, limits: Limits): Promise<PlatformResponse> {
  const requestId = crypto.randomUUID();
  const { method, body, secrets } = outgoing;
  const origin = outgoing.base.split("/", 3).join("/");
  const url = outgoing.base + outgoing.path;
  const path = url.slice(origin.length);
  const headers = {
    accept: "application/json",
    "user-agent": `unplugin-scope/${VERSION}`,
    "x-request-id": requestId,
    ...outgoing.headers,
  };
  const { cancel, deadlineAt } = limits;
  const run = async () => {
    const { transport, maxBodyBytes } = sender;
    const timeoutMs = Math.min(sender.timeout * 1000, deadlineAt - sender.clock());
    try {
      cancel?.throwIfAborted();
      if (timeoutMs <= 0) throw new TransportError("timeout");
      const request = { method, origin, path, headers, body, timeoutMs, maxBodyBytes, cancel };
      return platformResponse(await transport.request(request), requestId, secrets);
    } catch (thrown) {
      throw cancel?.aborted === true ? cancel.reason : failure(thrown, sender, origin, timeoutMs);
    }
  };
  return sender.watch?.({ requestId, method, url, headers }, run) ?? run();
}

function failure(thrown: unknown, sender: Sender, origin: string, timeoutMs: number): ScopeError {
  if (isScopeError(thrown)) return thrown;
  if (!(thrown instanceof TransportError)) return connectionError(origin, thrown);
  if (thrown.kind === "too-large")
    return new ValidationError(`The response from ${origin} is larger than ${sender.maxBodyBytes} bytes.`, {
      code: "response_too_large",
      field: "body",
      hint: "Raise maxBodyBytes if a prompt is really that large.",
      cause: thrown,
    });
  return timedOut(origin, sender, timeoutMs < sender.timeout * 1000 ? "deadline" : "timeout", thrown);
}

export function timedOut(
  origin: string,
  sender: Pick<Sender, "timeout" | "deadline">,
  option: "timeout" | "deadline",
  cause?: unknown,
): TimeoutError {
  const message = `No complete response from ${origin} within ${sender[option]} s (${option}).`;
  return new TimeoutError(message, { code: "request_timeout", cause });
}

/** A text without a request's secrets, which a server may send back. Call it before the text is cut. */
export function redact(text: string, secrets: readonly string[]): string {
  const given = secrets.filter(Boolean);
  // Each as it is, and as it appears in an address. The longest come first, as one can contain another.
  const shown = given
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
    .sort((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, "[REDACTED]"), text);
  const plain = unescaped(shown);
  return given.some((secret) => plain.includes(unescaped(secret))) ? "[REDACTED]" : shown;
}

/** Removes JSON's escapes: servers write them in different ways (`\/`, `\u002B`), also a JSON text in another. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4}))?/gi, (_, code) =>
    code ? String.fromCharCode(Number(`0x${code}`)) : "",
  );
}
