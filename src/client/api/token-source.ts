export interface Login {
  readonly token: string;
  /** On the monotonic clock: when the successful attempt was sent, so the token never really ends earlier. */
  readonly askedAtMs: number;
  readonly lifetimeMs: number;
}

interface Token {
  readonly value: string;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/** The wait after a failed renewal before the next one, while the old token still works. */
const RENEWAL_PAUSE_MS = 5000;

/** Holds the access token: one login at a time for any number of callers, renewed before the token expires. */
export class TokenSource {
  readonly #login: () => Promise<Login>;
  readonly #clock: () => number;
  readonly #bufferMs: number;
  readonly #lostAfterMs: () => number;
  #token: Token | undefined;
  #underWay: Promise<string> | undefined;
  #startedAtMs = 0;
  #nextRenewalMs = 0;

  /**
   * @param lostAfterMs a login that takes longer is started again: on edge runtimes, work ends with the request that
   * started it, so its login never finishes; the application's own code may never finish either. Default: no login is
   * given up
   */
  constructor(
    login: () => Promise<Login>,
    clock: () => number,
    bufferMs: number,
    lostAfterMs: () => number = () => Infinity,
  ) {
    this.#login = login;
    this.#clock = clock;
    this.#bufferMs = bufferMs;
    this.#lostAfterMs = lostAfterMs;
  }

  /** The token, or the login that brings it. Within the buffer, the old one is used while a new one is fetched. */
  get(): string | Promise<string> {
    const token = this.#token;
    const now = this.#clock();
    if (token === undefined || now >= token.endsAtMs) return this.#renew(now);
    if (now >= token.renewAtMs && now >= this.#nextRenewalMs) {
      this.#nextRenewalMs = now + RENEWAL_PAUSE_MS;
      // This failure doesn't matter while the old token works. Once the token has expired, it is thrown to a caller.
      this.#renew(now).catch(() => {});
    }
    return token.value;
  }

  /** The server refused this token. A newer one that was fetched in the meantime stays. */
  drop(value: string): void {
    if (this.#token?.value === value) this.#token = undefined;
  }

  #renew(now: number): Promise<string> {
    if (this.#underWay !== undefined && now - this.#startedAtMs <= this.#lostAfterMs()) return this.#underWay;
    this.#startedAtMs = now;
    const underWay = this.#login()
      .then((login) => {
        this.#token = toToken(login, this.#bufferMs);
        this.#nextRenewalMs = 0;
        return login.token;
      })
      .finally(() => {
        if (this.#underWay === underWay) this.#underWay = undefined;
      });
    this.#underWay = underWay;
    return underWay;
  }
}

function toToken({ token: value, askedAtMs, lifetimeMs }: Login, bufferMs: number): Token {
  // Without a lifetime nothing sensible can be planned: the token is used until the server refuses it.
  const endsAtMs = lifetimeMs > 0 ? askedAtMs + lifetimeMs : Infinity;
  // A buffer as long as the token's lifetime would mean a login for every request.
  return { value, renewAtMs: endsAtMs - (bufferMs < lifetimeMs ? bufferMs : lifetimeMs / 2), endsAtMs };
}
