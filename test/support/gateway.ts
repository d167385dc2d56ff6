import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that came by. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly isConditional: boolean;
  /** On the monotonic clock, in ms. */
  readonly at: number;
  status: number;
}

/** Stands before a platform and can be told to answer in its stead. */
export interface Gateway {
  readonly url: string;
  /** Every request but logins. */
  readonly polls: readonly SeenRequest[];
  readonly logins: readonly SeenRequest[];
  /** Answer every request but logins with this status; undefined: let the platform answer. */
  status: number | undefined;
  /** Answer logins so. */
  loginStatus: number | undefined;
  /** Sent with `status`. */
  headers: Readonly<Record<string, string>>;
  /** Cut every connection, as a platform that is down. */
  isDown: boolean;
  /** Milliseconds before each answer. */
  delayMs: number;
  close(): Promise<void>;
}

/** @param statusOf answers one poll with a status; undefined: as any other */
export async function startGateway(
  target: string,
  statusOf: (poll: SeenRequest) => number | undefined = () => undefined,
): Promise<Gateway> {
  const polls: SeenRequest[] = [];
  const logins: SeenRequest[] = [];
  const server = createServer((request, response) => {
    // If the platform is closed during a request, the client's connection is cut.
    handle(request, response).catch(() => request.socket.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "";
    const isPoll = request.method === "GET";
    const seen: SeenRequest = {
      method: request.method ?? "",
      path,
      isConditional: request.headers["if-none-match"] !== undefined,
      at: performance.now(),
      status: 0,
    };
    (isPoll ? polls : logins).push(seen);
    if (gateway.isDown) {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await new Promise((resolve) => setTimeout(resolve, gateway.delayMs));
    const forced = isPoll ? (statusOf(seen) ?? gateway.status) : gateway.loginStatus;
    if (forced !== undefined) {
      seen.status = forced;
      response.writeHead(forced, { "content-type": "application/json", ...gateway.headers });
      response.end('{"error":{"code":"refused","message":"Told to."}}');
      return;
    }
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(`${target}${path}`, {
      method: request.method ?? "GET",
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    seen.status = answer.status;
    const body = Buffer.from(await answer.arrayBuffer());
    const passed = ["content-type", "etag", "retry-after"].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    response.writeHead(answer.status, Object.fromEntries(passed));
    response.end(body);
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const gateway: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    polls,
    logins,
    status: undefined,
    loginStatus: undefined,
    headers: {},
    isDown: false,
    delayMs: 0,
    close: () => closeServer(server),
  };
  return gateway;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeAllConnections();
  await closed;
}
