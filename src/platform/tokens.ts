import { randomUUID } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** The platform's tokens. They're only known to the process that issued them. */
export class Tokens {
  readonly ttlSeconds: number;
  readonly #endsAt = new Map<string, number>();

  constructor(ttlSeconds: number) {
    this.ttlSeconds = ttlSeconds;
  }

  /** A new token that expires after the time to live. */
  issue(): string {
    const token = randomUUID();
    this.#endsAt.set(token, Date.now() + this.ttlSeconds * 1000);
    return token;
  }

  /** @throws Refusal 401 `token_missing`, `token_invalid` or `token_expired` */
  check(authorization: string | undefined): void {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined)
      throw refused("token_missing", "The request has no token. Log in, then send it as Bearer.");
    const endsAt = this.#endsAt.get(token);
    if (endsAt === undefined)
      throw refused("token_invalid", "This platform hasn't issued the token since it started.");
    if (endsAt <= Date.now()) throw refused("token_expired", "The token has expired. Log in again.");
  }
}

function refused(code: string, message: string): Refusal {
  return new Refusal(401, code, message);
}
