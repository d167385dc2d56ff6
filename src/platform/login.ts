import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { readBody } from "./loopback.ts";
import type { PlatformCredentials } from "./options.ts";
import { Refusal } from "./refusal.ts";
import type { Tokens } from "./tokens.ts";

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

/** The response of a successful login. */
export interface LoginResponse {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly token_type: "Bearer";
}

/**
 * Exchanges credentials for a token.
 *
 * @throws Refusal 401 `invalid_credentials` without saying which part is wrong, 400 `invalid_request`,
 * 413 `body_too_large`
 */
export async function login(
  request: IncomingMessage,
  route: LoginRoute,
  credentials: PlatformCredentials,
  tokens: Tokens,
): Promise<LoginResponse> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) {
    const problem = `A login's body is at most ${MAX_BODY_BYTES} bytes.`;
    throw new Refusal(413, "body_too_large", problem, { connection: "close" });
  }
  const sent = decodeLogin(body, LOGINS[route]);
  const expected = [credentials.orgId, credentials.apiKey, credentials.apiSecret];
  if (!isEqualInConstantTime(sent, expected)) {
    throw new Refusal(401, "invalid_credentials", "Organisation, key or secret is wrong.");
  }
  const token = tokens.issue();
  return { access_token: token, expires_in: tokens.ttlSeconds, token_type: "Bearer" };
}

function decodeLogin(body: string, names: readonly string[]): string[] {
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

function isEqualInConstantTime(one: readonly string[], other: readonly string[]): boolean {
  const digest = (parts: readonly string[]) => createHash("sha256").update(JSON.stringify(parts)).digest();
  return timingSafeEqual(digest(one), digest(other));
}
