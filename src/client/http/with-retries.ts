import { ConnectionError } from "../../errors/classes.ts";
import type { ResolvedConnection } from "../connection/types.ts";
import { sleep } from "./cancel.ts";
import type { PlatformResponse, Retry } from "./send.ts";

interface RetryPolicy extends Pick<ResolvedConnection, "maxRetries" | "retryBaseDelay" | "retryMaxDelay"> {
  readonly clock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly sleep?: typeof sleep | undefined;
}

/**
 * Runs attempts until one gets a response other than 429 and 5xx, or retries or time are used up: then the last response
 * or failure is the result. Waits with backoff and jitter, or as long as the server asks, up to `retryMaxDelay`; all
 * requests share the wait after a 429. If another was let through in the meantime, the platform is slow, not down: the
 * retries start again.
 */
export function createRetry(policy: RetryPolicy): Retry {
  const { clock, maxRetries, sleep: wait = sleep } = policy;
  /** Nothing is sent before. */
  let pausedUntilMs = 0;
  /** Number of responses so far that were neither 429 nor 5xx. */
  let letThrough = 0;

  return async ({ cancel, deadlineAt }, attempt) => {
    for (let retry = 0; ; retry++) {
      const letThroughBefore = letThrough;
      // Until no pause is left, which others can extend in the meantime, or the request's time is over.
      for (;;) {
        const left = Math.min(pausedUntilMs, deadlineAt) - clock();
        if (left <= 0) break;
        await wait(left, cancel);
      }
      let response: PlatformResponse | undefined;
      let failure: unknown;
      try {
        response = await attempt();
        // Those can be over a moment later.
        if (response.status !== 429 && response.status < 500) {
          letThrough++;
          return response;
        }
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        failure = error;
      }
      const isLimited = response?.status === 429;
      if (isLimited && letThrough !== letThroughBefore) retry = 0;
      const delay = delayBefore(retry, response, policy);
      // A wait that ends after the deadline is of no use: the failure is reported now.
      if (retry >= maxRetries || clock() + delay >= deadlineAt) {
        if (response !== undefined) return response;
        throw failure;
      }
      if (isLimited) pausedUntilMs = Math.max(pausedUntilMs, clock() + delay);
      else await wait(delay, cancel);
    }
  };
}

function delayBefore(retry: number, response: PlatformResponse | undefined, policy: RetryPolicy): number {
  const { retryBaseDelay, retryMaxDelay, random } = policy;
  const longest = retryMaxDelay * 1000;
  const backoff = Math.min(longest, retryBaseDelay * 1000 * 2 ** retry);
  // Between half and all of it, so that a fleet that failed together doesn't come back together.
  const jittered = backoff * (0.5 + random() / 2);
  const asked = parseRetryAfter(response?.header("retry-after"), response?.header("date"), Date.now());
  return asked === undefined ? jittered : Math.min(longest, Math.max(asked, jittered));
}

/** `Sun, 06 Nov 1994 08:49:37 GMT`: the only form that servers can still send. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The milliseconds that a `Retry-After` header asks for. Strict: `Date.parse` would read "5 apples" as a date. With the
 * response's `Date` header, a wrong clock on this machine doesn't matter.
 */
export function parseRetryAfter(
  value: string | undefined,
  date: string | undefined,
  nowMs: number,
): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  // More digits than any sensible wait has. This also keeps the number exact.
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const from = date !== undefined && HTTP_DATE.test(date) ? Date.parse(date) : nowMs;
  return Math.max(0, at - (Number.isNaN(from) ? nowMs : from));
}
