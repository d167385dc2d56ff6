import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ErrorCode } from "../errors/codes.ts";
import { ScopeError } from "../errors/scope-error.ts";

/** The only address that servers of this package listen on. */
export const LOOPBACK = "127.0.0.1";

/** Is this `Host` this machine? A web page can point a name of its own at 127.0.0.1. A tunnel can have another port. */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i.test(host ?? "");
}

/** Listens on 127.0.0.1, at port 0 on any free one, and returns the port. `refusal`: what to report if it can't. */
export async function listenOnLoopback(
  server: Server,
  port: number,
  refusal: { readonly server: string; readonly code: ErrorCode },
): Promise<number> {
  try {
    server.listen({ host: LOOPBACK, port, exclusive: true });
    await once(server, "listening");
  } catch (error) {
    const isInUse = (error as { code?: unknown }).code === "EADDRINUSE";
    const problem = isInUse
      ? `Port ${port} on ${LOOPBACK} is in use.`
      : `${refusal.server} can't listen on ${LOOPBACK}:${port}.`;
    const hint = "Stop the other program, or choose another port; --port 0 picks a free one.";
    throw new ScopeError(problem, { code: refusal.code, hint, cause: error });
  }
  return (server.address() as AddressInfo).port;
}

/** Stops a server at once: open connections are cut, whatever they're waiting for. */
export async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => {
    server.close(() => done());
  });
  server.closeAllConnections();
  await closed;
}

/** A request's body as text; undefined if it's longer than so many bytes. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A response other than a prompt version, thrown where the problem is found. It never leaves the server as an error. */
export class Refusal extends Error {
  readonly status: number;
  /** The documentation names one, `not_found`; these are finer. `docs/platform.md` lists them. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
