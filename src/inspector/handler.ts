import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { isScopeError } from "../errors/scope-error.ts";
import { isLoopbackHost, LOOPBACK, listenOnLoopback, readBody, stopServer } from "../platform/loopback.ts";
import { isObject } from "../prompt.ts";
import { builtFile } from "../run/modules/write-module.ts";
import { Inspector, type InspectorInput, type Overview, type ShownSide, SIDES } from "./inspector.ts";

/** The path of the page in both entries. */
const INSPECTOR_PATH = "/__scope/";

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The page as this package's own build makes it. */
const PAGE_FILES = new Map([
  ["index.html", "text/html"],
  ["inspector.js", "text/javascript"],
  ["inspector.css", "text/css"],
]);

/** A prompt's values can be long. A page on this machine sends them. */
const MAX_BODY_LENGTH = 10_000_000;

type Fields = Readonly<Record<string, unknown>>;
/** The response to a request; undefined if nothing is there. */
type Route = (inspector: Inspector, fields: Fields) => Promise<unknown>;

const ROUTES: Readonly<Record<string, Route>> = {
  "GET overview": (inspector) => inspector.overview(),
  "GET version": (inspector, { specifier, side }) => inspector.version(text(specifier), sideOf(side)),
  "GET calls": async (inspector, { specifier, side }) =>
    (await inspector.calls(text(specifier), sideOf(side))) ?? {},
  "POST render": (inspector, { specifier, side, values }) =>
    inspector.render(text(specifier), sideOf(side), values),
};

/** Sets the headers of every answer, and answers requests that don't come from our own page: then it returns true. */
export function isRefused(request: IncomingMessage, response: ServerResponse): boolean {
  // A dev server that lets every page on this machine read it has already set these headers.
  for (const name of response.getHeaderNames())
    if (name.startsWith("access-control-")) response.removeHeader(name);
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const refusal = refusalOf(request);
  if (refusal !== undefined) sendJson(response, refusal.status, { error: refusal.message });
  return refusal !== undefined;
}

export type InspectorHandler = ReturnType<typeof createInspectorHandler>;

/** Answers the page's requests. The path of each is what follows {@link INSPECTOR_PATH}. */
export function createInspectorHandler(input: InspectorInput) {
  const inspector = new Inspector(input);
  const updates = watchOverview(inspector, inspector.platform.intervalMs);
  return {
    /** @param path without the query: `api/overview`, `inspector.js`, or empty for the page itself */
    async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
      if (isRefused(request, response)) return;
      const { method } = request;
      try {
        if (path === "api/updates" && method === "GET") return updates.add(response);
        const type = method === "GET" ? PAGE_FILES.get(path || "index.html") : undefined;
        if (type !== undefined) {
          const content = await readFile(builtFile("inspector", path || "index.html"));
          response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(content);
          return;
        }
        const name = path.replace(/^api\//, `${method} `);
        const route = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
        const result = await route?.(inspector, await readFields(request));
        if (result === undefined) sendJson(response, 404, { error: "There's nothing at this address." });
        else sendJson(response, 200, result);
      } catch (error) {
        const status = isScopeError(error) || error instanceof BadRequest ? 400 : 500;
        sendJson(response, status, { error: inspector.errorText(error) });
      }
    },
    async close() {
      updates.close();
      await inspector.close();
    },
  };
}

/** Starts the inspector on 127.0.0.1, at port 0 on any free one. @throws ScopeError `port_unavailable` */
export async function startInspector(input: InspectorInput, port: number) {
  const server = createServer();
  const refusal = { server: "The inspector", code: "port_unavailable" } as const;
  const listening = await listenOnLoopback(server, port, refusal);
  const handler = createInspectorHandler(input);
  server.on("request", (request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    if (path.startsWith(INSPECTOR_PATH)) {
      void handler.handle(request, response, path.slice(INSPECTOR_PATH.length));
    } else response.writeHead(302, { location: INSPECTOR_PATH }).end();
  });
  return {
    url: `http://${LOOPBACK}:${listening}${INSPECTOR_PATH}`,
    async close() {
      await stopServer(server);
      await handler.close();
    },
  };
}

/** Sends the overview to open pages, as server-sent events, whenever it changes; looks only while one is open. */
export function watchOverview(source: Pick<Inspector, "committed" | "overview">, intervalMs: number) {
  /** With what each was sent. */
  const pages = new Map<ServerResponse, string>();
  const stopped = new AbortController();
  let isRunning = false;
  let last = "";
  const update = (page: ServerResponse) => {
    // Anything that a page doesn't read is buffered here: such a page gets the last one when it reads again.
    if (page.writableNeedDrain || pages.get(page) === last) return;
    pages.set(page, last);
    page.write(last);
  };
  const send = async (overview: Promise<Overview>) => {
    const text = await overview
      .then((data) => `event: overview\ndata: ${JSON.stringify(data)}\n\n`)
      // The page shows it to the person looking at it. The next look may succeed.
      .catch((error) => `event: failure\ndata: ${JSON.stringify(error?.message ?? String(error))}\n\n`);
    last = text;
    for (const page of pages.keys()) update(page);
  };
  const run = async () => {
    isRunning = true;
    // Asking about many prompts takes a while, but what is committed is available at once.
    await send(source.committed());
    while (pages.size > 0 && !stopped.signal.aborted) {
      await send(source.overview());
      await sleep(intervalMs, undefined, { signal: stopped.signal, ref: false }).catch(() => {});
    }
    isRunning = false;
    last = "";
  };
  return {
    /** Takes over a response. */
    add(response: ServerResponse): void {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write(":\n\n");
      pages.set(response, "");
      update(response);
      response.on("drain", () => update(response));
      response.on("close", () => pages.delete(response));
      if (!isRunning) void run();
    },
    close(): void {
      stopped.abort();
      for (const page of pages.keys()) page.end();
    },
  };
}

class BadRequest extends Error {}

function sendJson(response: ServerResponse, status: number, data: unknown): void {
  // Before the head is written: data that can't become JSON is an error, and an error has a different head.
  const body = JSON.stringify(data);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(body);
}

async function readFields(request: IncomingMessage): Promise<Fields> {
  if (request.method !== "POST")
    return Object.fromEntries(new URL(request.url ?? "", "http://localhost").searchParams);
  const body = await readBody(request, MAX_BODY_LENGTH);
  if (body === undefined) throw new BadRequest("The request is too large.");
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {}
  if (!isObject(value)) throw new BadRequest("The request isn't a JSON object.");
  return value;
}

function text(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new BadRequest("A part of the request is missing or isn't text.");
}

function sideOf(value: unknown): ShownSide {
  const side = SIDES.find((one) => one === value);
  if (side === undefined) throw new BadRequest(`side is one of ${SIDES.join(", ")}.`);
  return side;
}

/**
 * Why a request isn't answered: the inspector is for this machine and its own page. A dev server can listen on every
 * address, so the other end of the connection counts too. A page of another origin can send requests, but can't read the
 * answer. A tunnel can rewrite Host and connects from this machine, but its headers say that it forwards.
 */
export function refusalOf(request: IncomingMessage) {
  const { headers, socket, method } = request;
  if (!isLoopbackHost(headers.host) || !/^(?:::1$|(?:::ffff:)?127\.)/.test(socket.remoteAddress ?? ""))
    return { status: 403, message: "The inspector only answers on 127.0.0.1 and localhost." };
  if (Object.keys(headers).some((name) => FORWARDED.test(name)))
    return { status: 403, message: "The inspector doesn't answer what a proxy or tunnel forwards." };
  const { origin } = headers;
  const isOwn =
    origin === undefined || origin === `http://${headers.host}` || origin === `https://${headers.host}`;
  const site = headers["sec-fetch-site"];
  const isOwnSite = site === undefined || site === "same-origin" || (site === "none" && method === "GET");
  if (!isOwn || !isOwnSite) return { status: 403, message: "The inspector only answers its own page." };
  // A form can send other types across origins without asking. It can't send this one.
  if (method === "POST" && !/^application\/json\b/i.test(headers["content-type"] ?? ""))
    return { status: 415, message: "The inspector only reads application/json." };
  return undefined;
}

/** The headers that proxies and tunnels add, in lower case as in Node. */
const FORWARDED = /^(?:forwarded|x-forwarded-.*|via|x-real-ip|cf-connecting-ip)$/;
