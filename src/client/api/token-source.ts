export interface Login {
  readonly token: string;
  /** On the monotonic clock: when the successful attempt was sent, so the token never really ends earlier. */
  readonly askedAtMs: number;
  readonly lifetimeMs: number;
  /** What was sent for it, and no error can show. Default: nothing. */
  readonly secrets?: readonly string[] | undefined;
}

/** The wait after a failed renewal before the next one, while the old token still works. */
const RENEWAL_PAUSE_MS = 5000;

export type TokenSource = ReturnType<typeof createTokenSource>;

/**
 * Holds the access token: one login at a time for any number of callers, renewed `refreshBuffer` seconds early.
 *
 * @param lostAfterMs a login that takes longer is started again: on edge runtimes it ends with the request that started
 * it, and the application's own code may never finish
 */
export function createTokenSource(
  login: () => Promise<Login>,
  clock: () => number,
  refreshBuffer: number,
  lostAfterMs: () => number,
) {
  let secrets: readonly string[] = [];
  let token: { readonly value: string; readonly renewAtMs: number; readonly endsAtMs: number } | undefined;
  let underWay: Promise<string> | undefined;
  let startedAtMs = 0;
  let nextRenewalMs = 0;

  function renew(now: number): Promise<string> {
    if (underWay !== undefined && now - startedAtMs <= lostAfterMs()) return underWay;
    startedAtMs = now;
    const renewed = login()
      .then(({ token: value, askedAtMs, lifetimeMs, secrets: sent = [] }) => {
        secrets = sent;
        // Without a lifetime nothing sensible can be planned: the token is used until the server refuses it.
        const endsAtMs = lifetimeMs > 0 ? askedAtMs + lifetimeMs : Infinity;
        // A buffer as long as the token's lifetime would mean a login for every request.
        const bufferMs = refreshBuffer * 1000 < lifetimeMs ? refreshBuffer * 1000 : lifetimeMs / 2;
        token = { value, renewAtMs: endsAtMs - bufferMs, endsAtMs };
        nextRenewalMs = 0;
        return value;
      })
      .finally(() => {
        if (underWay === renewed) underWay = undefined;
      });
    underWay = renewed;
    return renewed;
  }

  return {
    /** The token, or the login that brings it. Within the buffer, the old one is used while a new one is fetched. */
    get(): string | Promise<string> {
      const now = clock();
      if (token === undefined || now >= token.endsAtMs) return renew(now);
      if (now >= token.renewAtMs && now >= nextRenewalMs) {
        nextRenewalMs = now + RENEWAL_PAUSE_MS;
        // This failure doesn't matter while the old token works. Once the token has expired, it is thrown to a caller.
        renew(now).catch(() => {});
      }
      return token.value;
    },

    /** Those of the last login: the server knows them. */
    get secrets(): readonly string[] {
      return secrets;
    },

    /** The server refused this token. A newer one that was fetched in the meantime stays. */
    drop(value: string): void {
      if (token?.value === value) token = undefined;
    },
  };
}
