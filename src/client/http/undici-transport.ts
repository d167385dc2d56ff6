import type { Dispatcher } from "undici";
import { hasProxy, processEnv } from "../../environment.ts";
import { TimeoutError } from "../../errors/classes.ts";
import { isLoopback } from "../connection/check-value.ts";
import { within } from "./cancel.ts";
import {
  connectionError,
  type Transport,
  TransportError,
  type TransportRequest,
  type TransportResponse,
} from "./transport.ts";

/** The maximum number of connections to one origin. Further requests wait. */
const CONNECTIONS = 128;

/**
 * Sends requests with undici: one `Pool` for each origin, or the proxies from the environment. Node itself handles
 * `NODE_EXTRA_CA_CERTS`. Idle connections don't keep the process alive.
 *
 * @param openTimeout seconds for opening one connection, including TLS
 */
export function createUndiciTransport(openTimeout: number): Transport {
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  let closed = false;

  return {
    async request(request) {
      const { origin } = request;
      const opening = dispatchers.get(origin) ?? createDispatcher(origin, openTimeout);
      dispatchers.set(origin, opening);
      const dispatcher = await opening;
      if (closed) throw new Error("The transport is closed.");
      return dispatch(dispatcher, request, openTimeout);
    },
    async close() {
      closed = true;
      // A pool that couldn't be opened has failed its requests with the reason, and has nothing to close.
      const opened = await Promise.allSettled(dispatchers.values());
      await Promise.all(opened.map((one) => (one.status === "fulfilled" ? one.value.destroy() : undefined)));
    },
  };
}

/** One request through undici's dispatch interface, which costs less than its streams. */
function dispatch(
  dispatcher: Dispatcher,
  request: TransportRequest,
  openTimeout: number,
): Promise<TransportResponse> {
  const { origin, path, method, headers, body, timeoutMs, maxBodyBytes, cancel } = request;
  let controller: Dispatcher.DispatchController | undefined;
  let hasFailed = false;
  const responding = new Promise<TransportResponse>((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    let status = 0;
    let received: Readonly<Record<string, string | string[] | undefined>> = {};
    const header = (name: string) => {
      const value = received[name];
      return Array.isArray(value) ? value.join(", ") : value;
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        // It failed while it waited for a connection: nothing has to be sent any more.
        if (hasFailed) controller.abort(new Error("The request was aborted."));
      },
      onResponseStart(_, statusCode, given) {
        if (statusCode < 200) return;
        status = statusCode;
        received = given;
        if (Number(header("content-length")) > maxBodyBytes) reject(new TransportError("too-large"));
      },
      onResponseData(_, chunk) {
        length += chunk.length;
        if (length > maxBodyBytes) reject(new TransportError("too-large"));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        const [first = new Uint8Array()] = chunks;
        const whole = chunks.length > 1 ? Buffer.concat(chunks, length) : first;
        const isDelimited = (received["content-length"] ?? received["transfer-encoding"]) !== undefined;
        if (!isDelimited && isCutOff(whole)) {
          reject(connectionError(origin, new Error("The body ends in the middle of its JSON.")));
        } else resolve({ status, header, body: whole });
      },
      onResponseError(_, error: Error & { code?: unknown; data?: unknown }) {
        // The parser keeps what it couldn't read. The server may have sent back in it what it was sent.
        delete error.data;
        if (error.code !== "UND_ERR_CONNECT_TIMEOUT")
          return reject(connectionError(origin, error, (code) => hintFor(code, origin)));
        const message = `Could not connect to ${origin} within ${openTimeout} s (openTimeout).`;
        reject(new TimeoutError(message, { code: "request_timeout", cause: error }));
      },
    };
    // A pool only counts a connection as free in the turn after its response. A request started by a response would
    // open a new one, and a loop of 16 would end up with 32.
    setImmediate(() => {
      // Undici's own header and body time-outs are off: one timer covers the whole attempt.
      const limits = { headersTimeout: 0, bodyTimeout: 0 };
      if (!hasFailed)
        dispatcher.dispatch({ origin, path, method, headers, body: body ?? null, ...limits }, handler);
    });
  });
  const late = () => new TransportError("timeout");
  return within(responding, cancel, timeoutMs, late).catch((error) => {
    hasFailed = true;
    controller?.abort(new Error("The request was aborted."));
    throw error;
  });
}

/** Undici is loaded with the first request, so code that only serves from cache or snapshot doesn't pay for it. */
async function createDispatcher(origin: string, openTimeout: number): Promise<Dispatcher> {
  // If there's no dispatcher for Node's own fetch yet, undici sets its own. Using one of fetch's classes makes Node set its one first.
  void globalThis.Headers;
  // Its main file, by name: under Bun "undici" is Bun's own, whose agent sends nothing.
  const { EnvHttpProxyAgent, Pool } = await import("undici/index.js");
  const timeout = { timeout: openTimeout * 1000 };
  const shared = { connections: CONNECTIONS, connect: timeout };
  // Requests to this machine can be unencrypted, and no proxy should read them.
  return hasProxy(processEnv()) && !isLoopback(new URL(origin).hostname)
    ? new EnvHttpProxyAgent({ ...shared, proxyTls: timeout, requestTls: timeout })
    : new Pool(origin, shared);
}

/** Without a length or chunks, the end of the connection ends the body, intended or not: JSON that doesn't close. */
function isCutOff(body: Uint8Array): boolean {
  if (body[0] !== 0x7b && body[0] !== 0x5b) return false;
  const last = body.findLast((byte) => byte > 0x20);
  return last !== 0x7d && last !== 0x5d;
}

function hintFor(code: string, origin: string): string | undefined {
  const { hostname, port } = new URL(origin);
  if (code === "ECONNREFUSED" && isLoopback(hostname))
    return `Nothing listens there. To start the local platform: scope-gen serve --port ${port}`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "Check the address and the network.";
  if (/CERT|SELF_SIGNED|SIGNATURE/.test(code)) {
    return "The server's certificate isn't trusted here. If you use your own certificate authority, set NODE_EXTRA_CA_CERTS.";
  }
  return undefined;
}
