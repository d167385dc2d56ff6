import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { login } from "./login.ts";
import { isLoopbackHost } from "./loopback.ts";
import type { PlatformRequest, ResolvedPlatformOptions } from "./options.ts";
import { parseRoute } from "./parse-route.ts";
import { findVersion } from "./prompts/find-version.ts";
import type { PromptStore } from "./prompts/prompt-store.ts";
import { Refusal } from "./refusal.ts";
import { type PreparedResponse, refusalResponse, versionResponse } from "./response.ts";
import { Tokens } from "./tokens.ts";

const MAX_REQUESTS = 10_000;
const MAX_PATH_LENGTH = 2000;

/** Responds to requests one by one and remembers them. */
export class RequestHandler {
  readonly requests: PlatformRequest[] = [];
  readonly #options: ResolvedPlatformOptions;
  readonly #store: PromptStore;
  readonly #stopped: AbortSignal;
  readonly #tokens: Tokens;

  constructor(options: ResolvedPlatformOptions, store: PromptStore, stopped: AbortSignal) {
    this.#options = options;
    this.#store = store;
    this.#stopped = stopped;
    this.#tokens = new Tokens(options.tokenTtl);
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
    checkHost(request.headers.host);
    const { latency, logins, credentials, serveArchived } = this.#options;
    if (latency > 0) await delay(latency, undefined, { signal: this.#stopped, ref: false });
    const route = parseRoute(request.url ?? "", logins);
    const allowed = route.kind === "login" ? "POST" : "GET";
    if (request.method !== allowed) {
      const problem = `${request.method} isn't allowed here; ${allowed} is.`;
      throw new Refusal(405, "method_not_allowed", problem, { allow: allowed });
    }
    if (route.kind === "login") {
      const body = JSON.stringify(await login(request, route.login, credentials, this.#tokens));
      return { status: 200, headers: { "cache-control": "no-store" }, body };
    }
    this.#tokens.check(request.headers.authorization);
    const found = await findVersion(this.#store, route.readings, serveArchived);
    return versionResponse(found, request.headers["if-none-match"]);
  }
}

function checkHost(host: string | undefined): void {
  if (isLoopbackHost(host)) return;
  throw new Refusal(403, "host_not_allowed", "The local platform serves only 127.0.0.1 and localhost.");
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
