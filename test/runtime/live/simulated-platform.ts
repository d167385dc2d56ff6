import type { JsonObject, PromptContent } from "../../../src/prompt.ts";
import type { SimulatedTime } from "./simulated-time.ts";

/** A version as the platform holds it. */
export interface SimulatedVersion {
  readonly number: number;
  readonly content: PromptContent;
  readonly metadata: JsonObject;
  readonly promptId?: string;
}

// biome-ignore format: of the network, of the platform, of the login, of what is sent
export const FAULTS = [
  "refused", "cut-off", "hangs", "500", "503", "429", "login-503", "login-401", "404", "403", "401",
  "not-json", "not-a-version", "redirect",
] as const;
export type Fault = (typeof FAULTS)[number];

/** A version that was answered, whole: those that went out, in that order. */
export interface Answered {
  readonly version: SimulatedVersion;
  /** Number of its request, in the order they came in. */
  readonly request: number;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The platform over simulated time, behind a `fetch`: one prompt, whose label moves, and everything that goes wrong. */
export class SimulatedPlatform {
  readonly #time: SimulatedTime;
  labelled: SimulatedVersion;
  fault: Fault | undefined;
  latencyMs = 20;
  hasEtags = true;
  retryAfter = "7";
  /** Times of all requests, logins included. */
  readonly requestedAtMs: number[] = [];
  /** Times of the requests for the prompt. */
  readonly polledAtMs: number[] = [];
  readonly answered: Answered[] = [];
  underWay = 0;
  #validTokens = new Set<string>();
  #logins = 0;

  constructor(time: SimulatedTime, labelled: SimulatedVersion) {
    this.#time = time;
    this.labelled = labelled;
  }

  revokeTokens(): void {
    this.#validTokens.clear();
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.requestedAtMs.push(this.#time.nowMs);
    const isLogin = init.method === "POST";
    if (!isLogin) this.polledAtMs.push(this.#time.nowMs);
    const request = this.requestedAtMs.length;
    const { labelled } = this;
    const reply = isLogin ? this.#login(init) : this.#version(init);
    this.underWay += 1;
    try {
      await this.#travel(init.signal as AbortSignal, reply === "hangs");
    } finally {
      this.underWay -= 1;
    }
    if (reply === "hangs" || reply === "refused") throw new TypeError("fetch failed");
    // Asked for `latest`, to tell a prompt that is not there from one without a production version, it says nothing of the label.
    const isLabelled = url.endsWith("/production");
    if (isLabelled && (reply.status === 304 || (reply.status === 200 && reply.text.includes(`"id"`)))) {
      if (reply.headers?.["x-broken"] === undefined) {
        this.answered.push({ version: labelled, request });
      }
    }
    return respond(reply);
  };

  #login({ body }: RequestInit): Reply | "hangs" | "refused" {
    if (this.fault === "refused" || this.fault === "cut-off") return "refused";
    if (this.fault === "hangs") return "hangs";
    if (this.fault === "login-401") return { status: 401, text: "{}" };
    if (this.fault === "login-503" || this.fault === "503") return { status: 503, text: "" };
    const { account_id: account } = JSON.parse(body as string);
    if (account !== "org") return { status: 401, text: "{}" };
    this.#logins += 1;
    const token = `token-${this.#logins}`;
    this.#validTokens.add(token);
    return { status: 200, text: JSON.stringify({ access_token: token, expires_in: 300 }) };
  }

  #version({ headers }: RequestInit): Reply | "hangs" | "refused" {
    const sent = new Headers(headers);
    const { fault, labelled } = this;
    switch (fault) {
      case "refused":
      case "hangs":
        return fault;
      case "429":
        return { status: 429, headers: { "retry-after": this.retryAfter }, text: "{}" };
      case "500":
      case "503":
      case "404":
      case "403":
      case "401":
        return { status: Number(fault), text: '{"error":{"code":"x","message":"y"}}' };
      case "redirect":
        return { status: 302, headers: { location: "https://elsewhere.test" }, text: "" };
    }
    if (!this.#validTokens.has(sent.get("authorization")?.slice("Bearer ".length) ?? "")) {
      return { status: 401, text: "{}" };
    }
    const etag = `"${labelled.number}"`;
    if (this.hasEtags && sent.get("if-none-match") === etag) return { status: 304, text: "" };
    const text = JSON.stringify(answerOf(labelled));
    const broken = { "x-broken": "yes" };
    if (fault === "cut-off") return { status: 200, headers: broken, text: text.slice(0, -10) };
    if (fault === "not-json") return { status: 200, headers: broken, text: "<html>" };
    if (fault === "not-a-version") return { status: 200, headers: broken, text: '{"id":"x"}' };
    return { status: 200, headers: this.hasEtags ? { etag } : {}, text };
  }

  #travel(signal: AbortSignal, isForever: boolean): Promise<void> {
    return new Promise((arrive, fail) => {
      signal.addEventListener("abort", () =>
        fail(Object.assign(new Error("late"), { name: "TimeoutError" })),
      );
      // The network keeps nothing alive here: what is looked for is a timer of the client that does.
      if (!isForever) setTimeout(arrive, this.latencyMs).unref();
    });
  }
}

function answerOf({ number, content, metadata, promptId = "prompt_1" }: SimulatedVersion) {
  return {
    id: `version_${number}`,
    prompt_id: promptId,
    version_number: number,
    content,
    prompt_type: typeof content === "string" ? "text" : "chat",
    status: "published",
    is_production: true,
    metadata,
    variables: null,
    created_at: "",
    updated_at: "",
  };
}

/** As much of a `Response` as a client can rely on. */
function respond({ status, headers = {}, text }: Reply): Response {
  const chunks = text === "" ? [] : [new TextEncoder().encode(text)];
  const reader = { read: async () => ({ value: chunks.shift() }), cancel: async () => {} };
  return { status, headers: new Headers(headers), body: { getReader: () => reader } } as unknown as Response;
}
