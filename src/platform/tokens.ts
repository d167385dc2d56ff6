import { randomBytes, randomUUID } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { Refusal, type RefusalCode } from "./refusal.ts";

const ISSUER = "scope-local-platform";

/** Signs and checks the platform's tokens, with a secret that lives as long as this object. */
export class Tokens {
  readonly #secret = randomBytes(32);
  readonly ttlSeconds: number;

  constructor(ttlSeconds: number) {
    this.ttlSeconds = ttlSeconds;
  }

  /** A signed token that expires after the time to live. */
  async issue(orgId: string): Promise<string> {
    const nowSeconds = Date.now() / 1000;
    return new SignJWT()
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(ISSUER)
      .setSubject(orgId)
      .setJti(randomUUID())
      .setIssuedAt(Math.floor(nowSeconds))
      .setExpirationTime(nowSeconds + this.ttlSeconds)
      .sign(this.#secret);
  }

  /** @throws Refusal 401 `token_missing`, `token_invalid` or `token_expired` */
  async check(authorization: string | undefined): Promise<void> {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) {
      throw refused("token_missing", "The request carries no token: log in, then send it as Bearer.");
    }
    const endsAt = await this.#endOf(token);
    // jose compares whole seconds; a token of half a second must expire after half a second.
    if (endsAt * 1000 <= Date.now()) throw expired();
  }

  async #endOf(token: string): Promise<number> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, { issuer: ISSUER, algorithms: ["HS256"] });
      return payload.exp ?? 0;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw expired();
      if (!(error instanceof errors.JOSEError)) throw error;
      throw refused("token_invalid", "The token was not signed by this platform since it was started.");
    }
  }
}

function expired(): Refusal {
  return refused("token_expired", "The token has ended: log in again.");
}

function refused(code: RefusalCode, message: string): Refusal {
  return new Refusal(401, code, message);
}
