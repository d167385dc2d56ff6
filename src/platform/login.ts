import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { readBody } from "./loopback.ts";
import type { ResolvedPlatformOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** The login routes below `/v1/auth/`, and what each calls organisation, key and secret. */
export const LOGINS = {
  /** How the official SDKs log in. */
  "applications/login": ["account_id", "client_id", "client_secret"],
  /** What the platform's documentation says. */
  "sdk-token": ["account_id", "key_id", "key_secret"],
} as const;

/** A login route, by its path below `/v1/auth/`. */
export type LoginRoute = keyof typeof LOGINS;

/** Exchanges credentials for tokens, and knows the tokens that it has issued: no other process does. */
export class Logins {
  readonly #options: Pick<ResolvedPlatformOptions, "credentials" | "tokenTtl">;
  readonly #endsAt = new Map<string, number>();

  constructor(options: Pick<ResolvedPlatformOptions, "credentials" | "tokenTtl">) {
    this.#options = options;
  }

  /**
   * The response of a successful login; a token expires after so many seconds.
   *
   * @throws Refusal 401 `invalid_credentials` without saying which part is wrong, 400 `invalid_request`,
   * 413 `body_too_large`
   */
  async logIn(request: IncomingMessage, route: LoginRoute): Promise<object> {
    const { credentials, tokenTtl } = this.#options;
    const sent = await sentCredentials(request, LOGINS[route]);
    const expected = [credentials.orgId, credentials.apiKey, credentials.apiSecret];
    if (sent.some((value, index) => value !== expected[index])) {
      throw new Refusal(401, "invalid_credentials", "Organisation, key or secret is wrong.");
    }
    const token = randomUUID();
    this.#endsAt.set(token, Date.now() + tokenTtl * 1000);
    return { access_token: token, expires_in: tokenTtl, token_type: "Bearer" };
  }

  /** @throws Refusal 401 `token_missing`, `token_invalid` or `token_expired` */
  check(authorization: string | undefined): void {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined)
      throw new Refusal(401, "token_missing", "The request has no token. Log in, then send it as Bearer.");
    const endsAt = this.#endsAt.get(token);
    if (endsAt === undefined)
      throw new Refusal(401, "token_invalid", "This platform hasn't issued the token since it started.");
    if (endsAt <= Date.now()) throw new Refusal(401, "token_expired", "The token has expired. Log in again.");
  }
}

/** Organisation, key and secret, as a login's body has them. */
async function sentCredentials(request: IncomingMessage, names: readonly string[]): Promise<string[]> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) {
    const problem = `A login's body is at most ${MAX_BODY_BYTES} bytes.`;
    throw new Refusal(413, "body_too_large", problem, { connection: "close" });
  }
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    // The parser's message quotes the body, and the body holds a secret.
    throw new Refusal(400, "invalid_request", "The login's body isn't JSON.");
  }
  const fields = Object(data) as Record<string, unknown>;
  return names.map((name) => {
    const value = fields[name];
    if (typeof value === "string") return value;
    const problem = `The login's body must contain ${names.join(", ")}, each as text.`;
    throw new Refusal(400, "invalid_request", problem);
  });
}
