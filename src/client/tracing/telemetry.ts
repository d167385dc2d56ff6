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

type Hook<Info> = (info: Info) => void;
export type OnRequestCallback = Hook<RequestInfo>;
export type OnResponseCallback = Hook<ResponseInfo>;
export type OnErrorCallback = Hook<ErrorInfo>;

export interface ResponseHookOptions {
  /** Pass the response's text too. Default false: few logs should contain a prompt's text. */
  readonly content?: boolean;
}

const requestHooks = new Set<{ readonly run: OnRequestCallback }>();
const responseHooks = new Set<{ readonly run: OnResponseCallback; readonly wantsContent: boolean }>();
const errorHooks = new Set<{ readonly run: OnErrorCallback }>();
const reported = new WeakSet<object>();

/**
 * Hooks on every request, including logins, of every client in the process with `telemetryEnabled`. Each attempt is one
 * `onRequest`, followed by one `onResponse` (a whole response, with any status) or one `onError` with the same
 * `requestId`. A hook that throws is reported once and changes nothing.
 *
 * @example
 * const off = Telemetry.onResponse(({ method, url, statusCode, elapsedMs }) => log(method, url, statusCode, elapsedMs));
 * off();
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the name and form that the SDK family has
export class Telemetry {
  /** @returns a function that removes the hook again */
  static onRequest(callback: OnRequestCallback): () => void {
    return add(requestHooks, { run: callback });
  }

  /** @returns a function that removes the hook again */
  static onResponse(callback: OnResponseCallback, options: ResponseHookOptions = {}): () => void {
    return add(responseHooks, { run: callback, wantsContent: options.content === true });
  }

  /** @returns a function that removes the hook again */
  static onError(callback: OnErrorCallback): () => void {
    return add(errorHooks, { run: callback });
  }

  /** Removes every hook. */
  static clear(): void {
    requestHooks.clear();
    responseHooks.clear();
    errorHooks.clear();
  }
}

export const telemetryHooks = {
  get isActive() {
    return requestHooks.size + responseHooks.size + errorHooks.size > 0;
  },
  request(info: RequestInfo): void {
    for (const { run } of requestHooks) call(run, info, "onRequest");
  },
  /** @param content the body's text, created only if somebody asks; undefined for a login */
  response(info: ResponseInfo, content: (() => string) | undefined): void {
    for (const { run, wantsContent } of responseHooks) {
      const text = wantsContent ? content?.() : undefined;
      call(run, text === undefined ? info : { ...info, content: text }, "onResponse");
    }
  },
  error(info: ErrorInfo): void {
    for (const { run } of errorHooks) call(run, info, "onError");
  },
};

function add<T>(hooks: Set<T>, hook: T): () => void {
  hooks.add(hook);
  return () => {
    hooks.delete(hook);
  };
}

function call<Info>(run: Hook<Info>, info: Info, name: string): void {
  try {
    const result: unknown = run(info);
    // An async hook can fail later, and must not end the process.
    if (result instanceof Promise) result.catch((error) => report(run, name, error));
  } catch (error) {
    report(run, name, error);
  }
}

function report(run: object, name: string, error: unknown): void {
  if (reported.has(run)) return;
  reported.add(run);
  console.error(`A Telemetry.${name} hook threw an error; the request goes on.`, error);
}
