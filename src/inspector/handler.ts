import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isScopeError } from "../errors/scope-error.ts";
import { readBody } from "../platform/loopback.ts";
import { isObject, type Label } from "../prompt.ts";
import { builtFile } from "./built-file.ts";
import { Inspector, type InspectorInput } from "./inspector.ts";
import { refusalOf } from "./request-guard.ts";
import { Updates } from "./updates.ts";

/** The path of the page in both entries. */
export const INSPECTOR_PATH = "/__scope/";

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
type Route = (inspector: Inspector, fields: Fields, signal: AbortSignal) => Promise<unknown>;

const GET: Readonly<Record<string, Route>> = {
  overview: (inspector) => inspector.overview(),
  prompt: (inspector, { specifier, local }) => inspector.prompt(text(specifier), local !== undefined),
  version: (inspector, { specifier, side }) => inspector.version(text(specifier), text(side)),
  difference: (inspector, { specifier, from, to }) =>
    inspector.difference(text(specifier), text(from), text(to)),
  calls: (inspector, { specifier, label, local }) =>
    inspector.callSites(text(specifier), labelOf(label), local !== undefined),
  health: (inspector) => inspector.health(),
  requests: async (inspector) => inspector.requests(),
};

const POST: Readonly<Record<string, Route>> = {
  render: (inspector, { key, values }, signal) => inspector.render(text(key), values, signal),
  sample: async (inspector, { specifier, sample, values }) => {
    await inspector.saveSample(text(specifier), text(sample), values);
    return {};
  },
  open: async (inspector, { file, line, column }) =>
    (await inspector.open(text(file), place(line), place(column))) ? {} : undefined,
};

/**
 * Sets the headers of every answer, and answers requests that don't come from this machine's own page.
 *
 * @returns true if it was such a request, and nothing is left to do
 */
export function isRefused(request: IncomingMessage, response: ServerResponse): boolean {
  // A dev server that lets every page on this machine read it has already set these headers.
  for (const name of response.getHeaderNames())
    if (name.startsWith("access-control-")) response.removeHeader(name);
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const refusal = refusalOf(request);
  if (refusal !== undefined) sendJson(response, refusal.status, { error: refusal.message });
  return refusal !== undefined;
}

/** Answers the page's requests. The path of each is what follows {@link INSPECTOR_PATH}. */
export class InspectorHandler {
  readonly #inspector: Inspector;
  readonly #updates: Updates;

  constructor(input: InspectorInput) {
    this.#inspector = new Inspector(input);
    this.#updates = new Updates(this.#inspector, this.#inspector.intervalMs);
  }

  /** @param path without the query: `api/overview`, `inspector.js`, or empty for the page itself */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (isRefused(request, response)) return;
    try {
      if (path === "api/updates" && request.method === "GET") return this.#updates.add(response);
      if (path.startsWith("api/")) await this.#respond(request, response, path.slice("api/".length));
      else await sendFile(request, response, path);
    } catch (error) {
      const status = isScopeError(error) || error instanceof BadRequest ? 400 : 500;
      sendJson(response, status, { error: this.#inspector.errorText(error) });
    }
  }

  async close(): Promise<void> {
    this.#updates.close();
    await this.#inspector.close();
  }

  async #respond(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const routes = request.method === "GET" ? GET : request.method === "POST" ? POST : {};
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    const fields = request.method === "POST" ? await readFields(request) : queryOf(request);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const result = await route?.(this.#inspector, fields, gone.signal);
    if (result === undefined) sendJson(response, 404, { error: NOT_FOUND });
    else sendJson(response, 200, result);
  }
}

const NOT_FOUND = "There's nothing at this address.";

class BadRequest extends Error {}

async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const name = path || "index.html";
  const type = PAGE_FILES.get(name);
  if (type === undefined || request.method !== "GET") return sendJson(response, 404, { error: NOT_FOUND });
  const content = await readFile(builtFile("inspector", name));
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(content);
}

function sendJson(response: ServerResponse, status: number, data: unknown): void {
  // Before the head is written: data that can't become JSON is an error, and an error has a different head.
  const body = JSON.stringify(data);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(body);
}

function queryOf({ url }: IncomingMessage): Fields {
  return Object.fromEntries(new URL(url ?? "", "http://localhost").searchParams);
}

async function readFields(request: IncomingMessage): Promise<Fields> {
  const body = await readBody(request, MAX_BODY_LENGTH);
  if (body === undefined) throw new BadRequest("The request is too large.");
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new BadRequest("The request isn't JSON.");
  }
  if (!isObject(value)) throw new BadRequest("The request isn't a JSON object.");
  return value;
}

function text(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new BadRequest("A part of the request is missing or isn't text.");
}

/** A line or a column, starting at 1. */
function place(value: unknown): number {
  if (Number.isSafeInteger(value) && Number(value) > 0) return Number(value);
  throw new BadRequest("Lines and columns are whole numbers from 1.");
}

function labelOf(value: unknown): Label | undefined {
  if (value === undefined || value === "production" || value === "latest") return value;
  throw new BadRequest("The label can only be production or latest.");
}
