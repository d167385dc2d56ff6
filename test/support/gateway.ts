import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.ts";

/** A request that came by. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
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
  /** Cut every connection, as a platform that is down. */
  isDown: boolean;
  /** Milliseconds before each answer. */
  delayMs: number;
  close(): Promise<void>;
}

type Reply = { status: number; headers?: Record<string, string>; body: unknown };

/** @param answerTo answers one request; undefined: as any other */
export async function startGateway(
  target: string,
  answerTo: (seen: SeenRequest) => Reply | undefined = () => undefined,
): Promise<Gateway> {
  const polls: SeenRequest[] = [];
  const logins: SeenRequest[] = [];
  const server = createServer((request, response) => {
    // If the platform is closed during a request, the client's connection is cut.
    handle(request, response).catch(() => request.socket.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: path = "", headers } = request;
    const at = performance.now();
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const seen: SeenRequest = { method, path, headers, body, at, status: 0 };
    (method === "GET" ? polls : logins).push(seen);
    if (gateway.isDown) {
      request.socket.destroy();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, gateway.delayMs));
    const status = method === "GET" ? gateway.status : gateway.loginStatus;
    const told = answerTo(seen) ?? (status === undefined ? undefined : refusal(status));
    if (told !== undefined) {
      seen.status = told.status;
      response.writeHead(told.status, { "content-type": "application/json", ...told.headers });
      response.end(JSON.stringify(told.body));
      return;
    }
    const { host: _, connection: __, ...passedOn } = headers as Record<string, string>;
    const sent = { method, headers: passedOn, ...(body === "" ? {} : { body }) };
    const answer = await fetch(`${target}${path}`, sent);
    seen.status = answer.status;
    const text = await answer.text();
    const passed = ["content-type", "etag", "retry-after"].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    response.writeHead(answer.status, Object.fromEntries(passed));
    response.end(text);
  };
  const { url, close } = await listen(server);
  const state = { status: undefined, loginStatus: undefined, isDown: false, delayMs: 0 };
  const gateway: Gateway = { url, polls, logins, ...state, close };
  return gateway;
}

export function refusal(status: number): Reply {
  return { status, body: { error: { code: "refused", message: "Told to." } } };
}
