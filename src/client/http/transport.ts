import { ConnectionError } from "../../errors/classes.ts";
import type { Cancel } from "./cancel.ts";
/** Sends one request to the platform and returns the whole response: undici in Node, `fetch` elsewhere. */
export interface Transport {
  /**
   * One attempt, without redirects.
   *
   * @throws TransportError for a time-out or a body that is too large; the signal's reason when aborted; otherwise an
   * error of the client's classes, or whatever the HTTP library throws
   */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Ends every connection; running requests fail. */
  close(): Promise<void>;
}

export interface TransportRequest {
  readonly method: "GET" | "POST";
  readonly origin: string;
  /** Starts with `/`, and is sent unchanged. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** For the whole attempt: waiting, connecting, headers and body. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly cancel?: Cancel | undefined;
}

export interface TransportResponse {
  readonly status: number;
  /** @param name in lower case */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** A failure that comes from the transport itself. */
export class TransportError extends Error {
  readonly kind: "timeout" | "too-large";

  constructor(kind: TransportError["kind"]) {
    super(kind);
    this.kind = kind;
  }
}

/** The error for a request that got no complete response; `hintOf` knows what to do next, by the failure's code. */
export function connectionError(
  origin: string,
  cause: unknown,
  hintOf?: (code: string) => string | undefined,
): ConnectionError {
  const code = networkCode(cause);
  const what = NOT_CONNECTED.test(code) ? "Could not connect to" : "No complete response from";
  return new ConnectionError(`${what} ${origin}${code && ` (${code})`}.`, {
    code: "connection_failed",
    hint: hintOf?.(code),
    cause,
  });
}

const NOT_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)UNREACH)$/;

/** The system's or HTTP library's name for the failure: `ECONNREFUSED`, `UND_ERR_SOCKET` …; otherwise empty. */
function networkCode(error: unknown): string {
  for (let at = error, depth = 4; at instanceof Error && depth--; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string") return code;
  }
  return "";
}
