import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { type Listening, listen } from "../support/listen.ts";

const LOGIN = { account_id: "acc_01", key_id: "key_01", key_secret: "hush" };

/** The bodies of an error: as the platform documents them, and the three that the official SDKs read. */
export const ERROR_BODIES = {
  documented: (code: string, message: string) => ({ code, message }),
  nested: (code: string, message: string) => ({ error: { code, message } }),
  "error-text": (code: string, message: string) => ({ error: code, message }),
  message: (_: string, message: string) => ({ message }),
} satisfies Record<string, (code: string, message: string) => object>;

export type ErrorForm = keyof typeof ERROR_BODIES;

type Reply = readonly [status: number, body: object];

interface ServedPrompt {
  production?: Reply | undefined;
  latest?: Reply | undefined;
  readonly versions: Map<string, Reply>;
}

/**
 * A platform that speaks as documented: made from the documentation alone, with nothing of
 * `src`, so that it shares no mistake with the local platform.
 */
export class ReferencePlatform {
  /** Without a path. */
  readonly url: string;
  /** `GET /api/v1/prompts/greeting/production`, in order of arrival. */
  readonly requests: string[] = [];
  readonly #prompts = new Map<string, ServedPrompt>();
  readonly #tokens = new Set<string>();
  readonly close: () => Promise<void>;

  private constructor({ url, close }: Listening) {
    this.url = url;
    this.close = close;
  }

  static async start(): Promise<ReferencePlatform> {
    const server = createServer((request, response) => void platform.#answer(request, response));
    const platform = new ReferencePlatform(await listen(server));
    return platform;
  }

  /** What a project of this platform has in its environment, as the documentation writes it. */
  get env(): Readonly<Record<string, string>> {
    return {
      SCOPE_ORG_ID: "acc_01",
      SCOPE_API_KEY: "key_01",
      SCOPE_API_SECRET: "hush",
      SCOPE_API_URL: `${this.url}/api/v1`,
      SCOPE_AUTH_API_URL: this.url,
    };
  }

  /** A body is what a prompt's labels point at, and what is served under each of its ids. */
  serve(name: string, body: object, labels: readonly ("production" | "latest")[] = ["production", "latest"]) {
    const prompt: ServedPrompt = this.#prompts.get(name) ?? { versions: new Map() };
    this.#prompts.set(name, prompt);
    const reply = [200, body] as const;
    for (const label of labels) prompt[label] = reply;
    const { id, version_id } = body as Record<string, unknown>;
    for (const one of [id, version_id]) if (typeof one === "string") prompt.versions.set(one, reply);
  }

  /** A version is no longer served by its id. */
  archive(name: string, id: string): void {
    this.#prompts.get(name)?.versions.delete(id);
  }

  /** The prompt keeps its ID. */
  rename(name: string, to: string): void {
    const prompt = this.#prompts.get(name) as ServedPrompt;
    this.#prompts.delete(name);
    this.#prompts.set(to, prompt);
    for (const reply of [prompt.production, prompt.latest, ...prompt.versions.values()])
      if (reply !== undefined) Object.assign(reply[1], { name: to });
  }

  /** Every request for a prompt is answered with an error. */
  refuse(name: string, status: number, body: object): void {
    const reply = [status, body] as const;
    const versions = this.#prompts.get(name)?.versions ?? new Map();
    for (const id of versions.keys()) versions.set(id, reply);
    this.#prompts.set(name, { production: reply, latest: reply, versions });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    this.requests.push(`${method} ${url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [status, body] =
      method === "POST"
        ? this.#login(url, Buffer.concat(chunks).toString())
        : this.#version(url, request.headers);
    response.writeHead(status, { "content-type": "application/json", "x-request-id": randomUUID() });
    response.end(JSON.stringify(body));
  }

  #login(path: string, sent: string): Reply {
    if (path !== "/v1/auth/sdk-token") return this.#error(404, "not_found", "No such route");
    if (!isDeepStrictEqual(JSON.parse(sent), LOGIN))
      return this.#error(401, "unauthorized", "Invalid API key");
    const token = randomUUID();
    this.#tokens.add(token);
    return [200, { access_token: token, expires_in: 3600, token_type: "Bearer" }];
  }

  #version(path: string, headers: IncomingMessage["headers"]): Reply {
    if (!this.#tokens.has(headers.authorization?.replace(/^Bearer /, "") ?? ""))
      return this.#error(401, "unauthorized", "Invalid token");
    if (headers.accept !== "application/json" || headers["x-request-id"] === undefined)
      return this.#error(400, "bad_request", "A header is missing");
    const route = /^\/api\/v1\/prompts\/([^/]+)\/(?:(production|latest)|versions\/([^/]+))$/.exec(path);
    if (route === null) return this.#error(404, "not_found", "No such route");
    const [name = "", label, id = ""] = route.slice(1).map((part) => part && decodeURIComponent(part));
    const prompt =
      this.#prompts.get(name) ??
      [...this.#prompts.values()].find(({ latest }) => Object(latest?.[1]).prompt_id === name);
    if (prompt === undefined) return this.#error(404, "not_found", `Prompt '${name}' not found`);
    const reply = label ? prompt[label as "production" | "latest"] : prompt.versions.get(id);
    return reply ?? this.#error(404, "not_found", "Version not found");
  }

  #error(status: number, code: string, message: string): Reply {
    return [status, ERROR_BODIES.documented(code, message)];
  }
}
