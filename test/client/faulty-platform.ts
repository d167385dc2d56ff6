import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../support/listen.ts";

/** One request as the server saw it. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly atMs: number;
}

export type Behaviour = (response: ServerResponse, seen: Seen) => unknown;

export interface FaultyPlatform {
  readonly url: string;
  /** Every request, in order of arrival. */
  readonly seen: Seen[];
  readonly logins: () => Seen[];
  readonly fetches: () => Seen[];
  /** How logins are answered, whatever the route; default: a token that lives 300 s. */
  login: Behaviour;
  /** How prompts are answered; default: {@link version}, with the ID in the path where there is one. */
  prompt: Behaviour;
  close(): Promise<void>;
}

/** The wire form of a version, with what a test wants otherwise. */
export function version(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "version_1",
    prompt_id: "prompt_1",
    version_number: 1,
    content: "Hello {{name}}!",
    variables: ["name"],
    status: "published",
    is_production: true,
    prompt_type: "text",
    metadata: { model: "small", temperature: 0.5 },
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-02T00:00:00Z",
    ...overrides,
  };
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** Answers with each behaviour in turn; the last one for good. */
export function inTurn(...behaviours: readonly Behaviour[]): Behaviour {
  let next = 0;
  return (response, seen) => {
    const behaviour = behaviours[Math.min(next++, behaviours.length - 1)];
    return behaviour?.(response, seen);
  };
}

export const answers =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    json(response, status, body, headers);

/** A fixed window, as rate limiters have it: so many in each `windowMs`, and 429 for the rest of it. */
export function atMost(
  most: number,
  windowMs: number,
  within: Behaviour,
  headers: Record<string, string> = {},
): Behaviour {
  let window = -1;
  let used = 0;
  return (response, seen) => {
    const current = Math.floor(seen.atMs / windowMs);
    if (current !== window) used = 0;
    window = current;
    if (++used <= most) return within(response, seen);
    json(response, 429, { error: { code: "rate_limited", message: "Slower." } }, headers);
  };
}

let tokens = 0;
export const token =
  (expiresIn: number | undefined = 300): Behaviour =>
  (response) =>
    json(response, 200, { access_token: `token-${++tokens}`, expires_in: expiresIn, token_type: "Bearer" });

/** A real HTTP server on loopback that speaks the platform's protocol, and misbehaves when it is told to. */
export async function startFaultyPlatform(): Promise<FaultyPlatform> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const one = { method, path, headers, body, atMs: performance.now() };
      seen.push(one);
      if (method === "POST") platform.login(response, one);
      else platform.prompt(response, one);
    });
  });
  const { url, close } = await listen(server);
  const platform: FaultyPlatform = {
    url,
    seen,
    logins: () => seen.filter(({ method }) => method === "POST"),
    fetches: () => seen.filter(({ method }) => method === "GET"),
    login: token(),
    prompt: (response, { path }) => {
      const [, id = "version_1"] = /\/versions\/(.+)$/.exec(path) ?? [];
      json(response, 200, version({ id: decodeURIComponent(id) }));
    },
    close,
  };
  return platform;
}
