/** One attempt, just before it's sent. */
export interface RequestInfo {
  /** Sent as `X-Request-ID`; the same in the attempt's {@link ResponseInfo} or {@link ErrorInfo}. */
  readonly requestId: string;
  readonly method: string;
  /** Without a query: there is none. */
  readonly url: string;
  /** As sent, with the token redacted. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole response, with any status. */
export interface ResponseInfo {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  readonly statusCode: number;
  readonly elapsedMs: number;
  /** The response's text; only for hooks registered with `{ content: true }`, and never a login's. */
  readonly content?: string;
}

/** An attempt that got no whole response. */
export interface ErrorInfo {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  readonly error: unknown;
  readonly elapsedMs: number;
}

/** Watches requests. The core calls it only while it's active. */
export interface Observer {
  readonly isActive: boolean;
  request(info: RequestInfo): void;
  /** @param content the body's text, created only if somebody asks; undefined for a login */
  response(info: ResponseInfo, content: (() => string) | undefined): void;
  error(info: ErrorInfo): void;
}

/** What a tracer sees of one attempt. `statusCode` is set once the response arrives. */
export interface TracedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  statusCode?: number;
}

/** Traces requests. The core calls it only while it's active. */
export interface Tracer {
  readonly isActive: boolean;
  /** Wraps one attempt, as `TracingChannel.tracePromise` does. */
  trace<T>(context: TracedRequest, run: () => Promise<T>): Promise<T>;
}
