import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";
import type { Label, PromptContent, PromptRef } from "../prompt.ts";
import { isLoopbackHost, Refusal, readBody } from "./loopback.ts";
import { LOGINS, type PlatformRequest, type ResolvedPlatformOptions } from "./options.ts";
import { findServed, type PromptsFolder, type ServedVersion } from "./prompts/read-prompt.ts";

const MAX_REQUESTS = 10_000;
const MAX_PATH_LENGTH = 2000;
const MAX_LOGIN_BYTES = 64 * 1024;
const LOGIN_PATH = "/v1/auth/";
/** Of a token, in seconds. */
const LIFETIME = 300;

type LoginRoute = keyof typeof LOGINS;
const ROUTES = Object.keys(LOGINS) as LoginRoute[];

export function createHandler(
  options: ResolvedPlatformOptions,
  prompts: PromptsFolder,
): { readonly requests: readonly PlatformRequest[]; readonly handle: RequestListener } {
  const requests: PlatformRequest[] = [];
  const endsAt = new Map<string, number>();
  const respond = async (request: IncomingMessage): Promise<PreparedResponse> => {
    const { headers, method, url = "" } = request;
    if (!isLoopbackHost(headers.host))
      throw new Refusal(403, "host_not_allowed", "The local platform serves only 127.0.0.1 and localhost.");
    const route = parsePath(url);
    const allowed = "login" in route ? "POST" : "GET";
    if (method !== allowed) {
      const problem = `${method} isn't allowed here; ${allowed} is.`;
      throw new Refusal(405, "method_not_allowed", problem, { allow: allowed });
    }
    if ("login" in route) return logIn(request, route.login, options, endsAt);
    checkToken(headers.authorization, endsAt);
    const found = await findServed(prompts, route);
    return versionResponse(found, headers["if-none-match"]);
  };
  const handle: RequestListener = (request, response) => {
    const startedAt = performance.now();
    const { method = "", url = "", headers } = request;
    // The client's own ID if it's valid, so that both sides' logs name the request alike.
    const sent = String(headers["x-request-id"] ?? "");
    const requestId = /^[\x21-\x7e]{1,128}$/.test(sent) ? sent : randomUUID();
    // A copy: a slice would keep the whole URL, which may be long, for as long as the request is remembered.
    const path = Buffer.from(withoutQuery(url).slice(0, MAX_PATH_LENGTH)).toString();
    const entry = { method, path, status: 0, elapsedMs: 0, requestId };
    // We don't keep what isn't for this server, such as a page's requests: it could contain anything.
    if (isLoopbackHost(headers.host)) {
      requests.push(entry);
      if (requests.length > MAX_REQUESTS) requests.shift();
    }
    respond(request)
      .catch(refusalResponse)
      .then((reply) => {
        // Nobody is waiting for a response: the client has gone, or the platform was closed.
        if (prompts.stopped?.aborted || response.destroyed) return;
        entry.status = reply.status;
        entry.elapsedMs = performance.now() - startedAt;
        response.statusCode = reply.status;
        if (reply.body !== undefined) response.setHeader("content-type", "application/json; charset=utf-8");
        const safe = { "x-content-type-options": "nosniff", "x-request-id": requestId };
        response.setHeaders(new Headers({ ...safe, ...reply.headers }));
        response.end(reply.body);
        options.onRequest(entry);
      })
      .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
  };
  return { requests, handle };
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

/** A prompt's name with `/` can be encoded or not: the official SDKs send it as it is. */
function parsePath(target: string): PromptRef | { readonly login: LoginRoute } {
  const path = withoutQuery(target);
  const login = ROUTES.find((route) => path === LOGIN_PATH + route);
  if (login !== undefined) return { login };
  const [, name, label, versionId = ""] =
    /^\/api\/v1\/prompts\/(.+)\/(?:(production|latest)|versions\/([^/]+))$/.exec(path) ?? [];
  if (name === undefined) {
    const paths = ROUTES.map((route) => LOGIN_PATH + route).join(", ");
    const known = `/api/v1/prompts/<name or id>/production, …/latest, …/versions/<version id>, ${paths}`;
    throw new Refusal(404, "route_not_found", `There's nothing at ${path}. The routes are ${known}.`);
  }
  try {
    return {
      name: decodeURIComponent(name),
      pin:
        label === undefined
          ? { kind: "version", versionId: decodeURIComponent(versionId) }
          : { kind: "label", label: label as Label },
    };
  } catch {
    throw new Refusal(400, "invalid_request", `The path contains a broken percent-encoding: ${path}`);
  }
}

interface PreparedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for 304, which has none. */
  readonly body: string | undefined;
}

// A folder has no history to read it from.
const CREATED_AT = "2025-01-01T00:00:00.000Z";

/** A version as documented, and under the names that the official SDKs read; 304 if the client already has the same one. */
function versionResponse(found: ServedVersion, ifNoneMatch: string | undefined): PreparedResponse {
  const { prompt, version, content, changedAt } = found;
  const body = JSON.stringify({
    prompt_id: prompt.id,
    version_id: version.id,
    id: version.id,
    name: prompt.name,
    version: version.number,
    version_number: version.number,
    content,
    variables: declaredVariables(content),
    status: version.status,
    is_production: version.number === prompt.production,
    prompt_type: version.type,
    metadata: version.metadata,
    tags: version.settings.tags ?? [],
    created_at: CREATED_AT,
    // Unpacked files can be older than that.
    updated_at: changedAt > new Date(CREATED_AT) ? changedAt.toISOString() : CREATED_AT,
    promoted_at: version.settings.promoted_at ?? null,
    promoted_by: version.settings.promoted_by ?? null,
  });
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const headers = { etag, "cache-control": "private, no-cache" };
  const known = ifNoneMatch?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.some((tag) => tag === "*" || tag === etag)) return { status: 304, headers, body: undefined };
  return { status: 200, headers, body };
}

/** The documented form of an error, and the one that the official SDK for Python reads next to it. */
function refusalResponse(error: unknown): PreparedResponse {
  const { status, code, message, headers } = error instanceof Refusal ? error : failure(error);
  return { status, headers, body: JSON.stringify({ code, message, error: { code, message } }) };
}

function failure(error: unknown): Refusal {
  const { code, path } = Object(error) as { code?: unknown; path?: unknown };
  if (typeof path === "string") return new Refusal(422, "invalid_prompt", `${path} can't be read (${code}).`);
  const message = error instanceof Error ? error.message : String(error);
  return new Refusal(500, "internal_error", `The local platform failed: ${message}`);
}

const VARIABLE = /\{\{([\p{L}\p{N}_]+)\}\}/gu;

/** What the platform declares for a content: its variable names, without duplicates, in the order of first use. */
function declaredVariables(content: PromptContent): string[] {
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  const names = texts.flatMap((text) => Array.from(text.matchAll(VARIABLE), ([, name]) => name as string));
  return [...new Set(names)];
}

/** @param endsAt when each token expires that was issued here: no other process knows them */
async function logIn(
  request: IncomingMessage,
  route: LoginRoute,
  { credentials }: ResolvedPlatformOptions,
  endsAt: Map<string, number>,
): Promise<PreparedResponse> {
  const text = await readBody(request, MAX_LOGIN_BYTES);
  if (text === undefined) {
    const problem = `A login's body is at most ${MAX_LOGIN_BYTES} bytes.`;
    throw new Refusal(413, "body_too_large", problem, { connection: "close" });
  }
  const names = LOGINS[route];
  let sent: unknown[];
  try {
    const fields = Object(JSON.parse(text)) as Record<string, unknown>;
    sent = names.map((name) => fields[name]);
  } catch {
    // The parser's message quotes the body, and the body holds a secret.
    throw new Refusal(400, "invalid_request", "The login's body isn't JSON.");
  }
  if (sent.some((value) => typeof value !== "string")) {
    const problem = `The login's body must contain ${names.join(", ")}, each as text.`;
    throw new Refusal(400, "invalid_request", problem);
  }
  const expected = [credentials.orgId, credentials.apiKey, credentials.apiSecret];
  if (sent.some((value, index) => value !== expected[index]))
    throw new Refusal(401, "invalid_credentials", "Organisation, key or secret is wrong.");
  const token = randomUUID();
  endsAt.set(token, Date.now() + LIFETIME * 1000);
  const body = JSON.stringify({ access_token: token, expires_in: LIFETIME, token_type: "Bearer" });
  return { status: 200, headers: { "cache-control": "no-store" }, body };
}

/** @throws Refusal 401 `token_missing`, `token_invalid` or `token_expired` */
function checkToken(authorization: string | undefined, endsAt: ReadonlyMap<string, number>): void {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined)
    throw new Refusal(401, "token_missing", "The request has no token. Log in, then send it as Bearer.");
  const end = endsAt.get(token);
  if (end === undefined)
    throw new Refusal(401, "token_invalid", "This platform hasn't issued the token since it started.");
  if (end <= Date.now()) throw new Refusal(401, "token_expired", "The token has expired. Log in again.");
}
