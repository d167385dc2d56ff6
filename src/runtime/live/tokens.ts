import { turnTime } from "./coarse-clock.ts";

/** What a login brought. */
export interface Login {
  readonly token: string;
  /** Seconds. */
  readonly lifetime: number;
}

/** Holds an access token. */
export interface Tokens {
  /** The token, or the login that brings it. */
  get(): Promise<string>;
  /** The server refused this token. A newer one stays. */
  drop(token: string): void;
}

/**
 * One login under way for any number of looks, renewed `bufferMs` before its end; looks are in the background anyway
 * and may wait for it.
 *
 * @param lostAfterMs a login that has taken longer never ends: on edge runtimes work ends with the request it is for
 */
export function createTokens(
  login: () => Promise<Login>,
  bufferMs: number,
  lostAfterMs: () => number,
): Tokens {
  let token = "";
  let renewAtMs = 0;
  let underWay: Promise<string> | undefined;
  let begunAtMs = 0;

  async function renew(nowMs: number): Promise<string> {
    begunAtMs = nowMs;
    try {
      const brought = await login();
      const lifetimeMs = brought.lifetime * 1000;
      token = brought.token;
      // A buffer as long as the token's life would mean a login for every look; without a life it serves until a 401.
      renewAtMs = lifetimeMs > 0 ? nowMs + lifetimeMs - Math.min(bufferMs, lifetimeMs / 2) : Infinity;
      return token;
    } finally {
      underWay = undefined;
    }
  }

  return {
    async get() {
      const nowMs = turnTime();
      if (token && nowMs < renewAtMs) return token;
      if (!underWay || nowMs - begunAtMs > lostAfterMs()) underWay = renew(nowMs);
      return underWay;
    },
    drop(refused) {
      if (token === refused) token = "";
    },
  };
}
