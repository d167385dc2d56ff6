import { debug, isDebugging } from "../debug.ts";
import { isScopeError } from "../errors/scope-error.ts";
import type { Attempt, PlatformResponse, Sender } from "./http/send.ts";

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

/** Each registration counts: the same callback can be there twice. */
const requestHooks = new Set<[OnRequestCallback]>();
const responseHooks = new Set<[OnResponseCallback]>();
const errorHooks = new Set<[OnErrorCallback]>();
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
    return add(requestHooks, [callback]);
  }

  /** @returns a function that removes the hook again */
  static onResponse(callback: OnResponseCallback): () => void {
    return add(responseHooks, [callback]);
  }

  /** @returns a function that removes the hook again */
  static onError(callback: OnErrorCallback): () => void {
    return add(errorHooks, [callback]);
  }

  /** Removes every hook. */
  static clear(): void {
    for (const hooks of [requestHooks, responseHooks, errorHooks]) hooks.clear();
  }
}

function add<T>(hooks: Set<T>, hook: T): () => void {
  hooks.add(hook);
  return () => {
    hooks.delete(hook);
  };
}

function call<Info>(run: Hook<Info>, info: Info, name: string): void {
  const report = (error: unknown) => {
    if (reported.has(run)) return;
    reported.add(run);
    console.error(`A Telemetry.${name} hook threw an error; the request goes on.`, error);
  };
  try {
    const result: unknown = run(info);
    // An async hook can fail later, and must not end the process.
    if (result instanceof Promise) result.catch(report);
  } catch (error) {
    report(error);
  }
}

/**
 * Each attempt as hooks and the debug log see it. An attempt that nobody watches costs nothing.
 *
 * @param hasHooks is it shown to the application's `Telemetry` hooks?
 */
export function watchRequests(hasHooks: boolean, clock: () => number): NonNullable<Sender["watch"]> {
  return (attempt, run) => {
    const isHooked = hasHooks && requestHooks.size + responseHooks.size + errorHooks.size > 0;
    return isHooked || isDebugging() ? observe(isHooked, clock, attempt, run) : run();
  };
}

async function observe(
  isHooked: boolean,
  clock: () => number,
  { requestId, method, url, headers }: Attempt,
  run: () => Promise<PlatformResponse>,
): Promise<PlatformResponse> {
  const shown = "authorization" in headers ? { authorization: "Bearer [REDACTED]" } : {};
  const sent = { requestId, method, url, headers: { ...headers, ...shown } };
  if (isHooked) for (const [hook] of requestHooks) call(hook, sent, "onRequest");
  const startedAt = clock();
  const finished = (outcome: string) => {
    const elapsedMs = clock() - startedAt;
    debug(() => `${method} ${url}: ${outcome} after ${Math.round(elapsedMs)} ms, request ${requestId}`);
    return { requestId, method, url, elapsedMs };
  };
  try {
    const response = await run();
    const { status: statusCode } = response;
    const info = { ...finished(String(statusCode)), statusCode };
    if (isHooked) for (const [hook] of responseHooks) call(hook, info, "onResponse");
    return response;
  } catch (error) {
    const info = { ...finished(isScopeError(error) ? error.code : "given up"), error };
    if (isHooked) for (const [hook] of errorHooks) call(hook, info, "onError");
    throw error;
  }
}
