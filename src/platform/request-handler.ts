import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type LoginRoute, Logins } from "./login.ts";
import { isLoopbackHost } from "./loopback.ts";
import type { PlatformRequest, ResolvedPlatformOptions } from "./options.ts";
import { findVersion, type PromptsFolder, type VersionRequest } from "./prompts/read-prompt.ts";
import { Refusal } from "./refusal.ts";
import { type PreparedResponse, refusalResponse, versionResponse } from "./response.ts";

const MAX_REQUESTS = 10_000;
const MAX_PATH_LENGTH = 2000;
const LOGIN_PATH = "/v1/auth/";

/** Responds to requests one by one and remembers them. */
export class RequestHandler {
  readonly requests: PlatformRequest[] = [];
  readonly #options: ResolvedPlatformOptions;
  readonly #prompts: PromptsFolder;
  readonly #stopped: AbortSignal;
  readonly #logins: Logins;

  constructor(options: ResolvedPlatformOptions, prompts: PromptsFolder, stopped: AbortSignal) {
    this.#options = options;
    this.#prompts = prompts;
    this.#stopped = stopped;
    this.#logins = new Logins(options);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const startedAt = performance.now();
    const requestId = toRequestId(request.headers["x-request-id"]);
    const entry = { method: request.method ?? "", path: pathOf(request), status: 0, elapsedMs: 0, requestId };
    // We don't keep what isn't for this server, such as a page's requests: it could contain anything.
    if (isLoopbackHost(request.headers.host)) {
      this.requests.push(entry);
      if (this.requests.length > MAX_REQUESTS) this.requests.shift();
    }
    this.#respond(request)
      .catch(toResponse)
      .then((reply) => {
        // Nobody is waiting for a response: the client has gone, or the platform was closed.
        if (this.#stopped.aborted || response.destroyed) return;
        entry.status = reply.status;
        entry.elapsedMs = performance.now() - startedAt;
        write(response, reply, requestId);
        this.#options.onRequest(entry);
      })
      .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
  }

  async #respond(request: IncomingMessage): Promise<PreparedResponse> {
    const { headers, method, url = "" } = request;
    if (!isLoopbackHost(headers.host))
      throw new Refusal(403, "host_not_allowed", "The local platform serves only 127.0.0.1 and localhost.");
    const { latency, logins, serveArchived } = this.#options;
    if (latency > 0) await delay(latency, undefined, { signal: this.#stopped });
    const route = parseRoute(url, logins);
    const allowed = "login" in route ? "POST" : "GET";
    if (method !== allowed) {
      const problem = `${method} isn't allowed here; ${allowed} is.`;
      throw new Refusal(405, "method_not_allowed", problem, { allow: allowed });
    }
    if ("login" in route) {
      const body = JSON.stringify(await this.#logins.logIn(request, route.login));
      return { status: 200, headers: { "cache-control": "no-store" }, body };
    }
    this.#logins.check(headers.authorization);
    return versionResponse(await findVersion(this.#prompts, route, serveArchived), headers["if-none-match"]);
  }
}

/**
 * Reads the target of a request line. A prompt's name with `/` can be encoded or not: the official SDKs send it as it is.
 *
 * @param logins the available login routes
 * @throws Refusal 404 `route_not_found`, 400 `invalid_request` for a broken percent-encoding
 */
function parseRoute(
  target: string,
  logins: readonly LoginRoute[],
): VersionRequest | { readonly login: LoginRoute } {
  const path = target.replace(/[?#].*$/s, "");
  const login = logins.find((route) => path === LOGIN_PATH + route);
  if (login !== undefined) return { login };
  const [, prompt, label, versionId] =
    /^\/api\/v1\/prompts\/(.+)\/(?:(production|latest)|versions\/([^/]+))$/.exec(path) ?? [];
  if (prompt === undefined) {
    const paths = logins.map((route) => LOGIN_PATH + route).join(", ");
    const known = `/api/v1/prompts/<name or id>/production, …/latest, …/versions/<version id>, ${paths}`;
    throw new Refusal(404, "route_not_found", `There's nothing at ${path}. The routes are ${known}.`);
  }
  try {
    return {
      prompt: decodeURIComponent(prompt),
      label: label as "production" | "latest" | undefined,
      versionId: versionId && decodeURIComponent(versionId),
    };
  } catch {
    throw new Refusal(400, "invalid_request", `The path contains a broken percent-encoding: ${path}`);
  }
}

function toResponse(error: unknown): PreparedResponse {
  if (error instanceof Refusal) return refusalResponse(error);
  const { code, path } = Object(error) as { code?: unknown; path?: unknown };
  if (typeof path === "string")
    return refusalResponse(new Refusal(422, "invalid_prompt", `${path} can't be read (${code}).`));
  const message = `The local platform failed: ${error instanceof Error ? error.message : String(error)}`;
  return refusalResponse(new Refusal(500, "internal_error", message));
}

function write(response: ServerResponse, reply: PreparedResponse, requestId: string): void {
  response.writeHead(reply.status, {
    ...(reply.body === undefined
      ? {}
      : {
          "content-type": "application/json; charset=utf-8",
          "content-length": String(Buffer.byteLength(reply.body)),
        }),
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
    ...reply.headers,
  });
  response.end(reply.body);
}

/** A copy: a slice would keep the whole URL, which may be long, for as long as the request is remembered. */
function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? "").replace(/[?#].*$/s, "").slice(0, MAX_PATH_LENGTH);
  return Buffer.from(path).toString();
}

/** The client's own ID if it's valid, so that both sides' logs name the request alike. */
function toRequestId(sent: string | string[] | undefined): string {
  return typeof sent === "string" && /^[\x21-\x7e]{1,128}$/.test(sent) ? sent : randomUUID();
}
