import { ConnectionError } from "../../errors/classes.ts";
import { type Limits, sleep } from "./limits.ts";
import { parseRetryAfter } from "./retry-after.ts";
import type { PlatformResponse } from "./send.ts";

export interface RetryPolicy {
  /** Attempts after the first. */
  readonly maxRetries: number;
  readonly retryBaseDelayMs: number;
  readonly retryMaxDelayMs: number;
  readonly clock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** The wait between attempts; ends early, with the reason, if it's cancelled. */
  readonly sleep?: typeof sleep | undefined;
}

/** What all requests of one client know about the platform's rate limit. */
export class RateLimit {
  /** On the policy's clock: nothing is sent before. */
  pausedUntilMs = 0;
  /** Number of responses so far that were neither 429 nor 5xx. */
  letThrough = 0;
}

/**
 * Runs attempts until one gets a response other than 429 and 5xx, or the retries or the time are used up. Waits with
 * exponential backoff and jitter, or as long as the server asks, up to `retryMaxDelay`. All requests of the client
 * share the wait after a 429. If the platform let another request through in the meantime, the retries start again: the
 * platform is then slow, not down, and only the deadline is the limit.
 *
 * @returns the last response, with any status
 * @throws the last ConnectionError or TimeoutError; anything else that an attempt throws, at once
 */
export async function withRetries(
  policy: RetryPolicy,
  rateLimit: RateLimit,
  limits: Limits,
  attempt: () => Promise<PlatformResponse>,
): Promise<PlatformResponse> {
  const { clock, maxRetries } = policy;
  for (let retry = 0; ; retry++) {
    const { letThrough } = rateLimit;
    await waitOutPause(policy, rateLimit, limits);
    let response: PlatformResponse | undefined;
    let failure: unknown;
    try {
      response = await attempt();
      if (!isTransient(response.status)) {
        rateLimit.letThrough++;
        return response;
      }
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      failure = error;
    }
    const isLimited = response?.status === 429;
    if (isLimited && rateLimit.letThrough !== letThrough) retry = 0;
    const delay = delayBefore(retry, response, policy);
    // A wait that ends after the deadline is of no use: the failure is reported now.
    if (retry >= maxRetries || clock() + delay >= limits.deadlineAt) {
      if (response !== undefined) return response;
      throw failure;
    }
    if (isLimited) rateLimit.pausedUntilMs = Math.max(rateLimit.pausedUntilMs, clock() + delay);
    else await (policy.sleep ?? sleep)(delay, limits.cancel);
  }
}

/** Resolves when no pause is left, which others can extend in the meantime, or when the request's time is over. */
async function waitOutPause(
  { clock, sleep: wait = sleep }: RetryPolicy,
  rateLimit: RateLimit,
  { cancel, deadlineAt }: Limits,
): Promise<void> {
  for (;;) {
    const left = Math.min(rateLimit.pausedUntilMs, deadlineAt) - clock();
    if (left <= 0) return;
    await wait(left, cancel);
  }
}

/** 429 and every 5xx can be over a moment later. */
function isTransient(status: number): boolean {
  return status === 429 || status >= 500;
}

function delayBefore(retry: number, response: PlatformResponse | undefined, policy: RetryPolicy): number {
  const { retryBaseDelayMs, retryMaxDelayMs, random } = policy;
  const backoff = Math.min(retryMaxDelayMs, retryBaseDelayMs * 2 ** retry);
  // Between half and all of it, so that a fleet that failed together doesn't come back together.
  const jittered = backoff * (0.5 + random() / 2);
  const asked = parseRetryAfter(response?.header("retry-after"), response?.header("date"), Date.now());
  return asked === undefined ? jittered : Math.min(retryMaxDelayMs, Math.max(asked, jittered));
}
