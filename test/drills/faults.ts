import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

export const PROMPTS = Array.from({ length: 12 }, (_, at) => `prompt-${at}`);

/** @param times how often the same was asked before */
type Answer = (response: ServerResponse, path: string, times: number) => void | Promise<void>;
type Env = Readonly<Record<string, string>>;

const CREDENTIALS = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s" };

/** The environment in which the platform has a fault. "none": it has none, and every prompt is a version older. */
export async function faultyEnvironment(fault: string): Promise<Env> {
  if (fault === "DNS") return at("https://platform.invalid");
  if (fault === "down") return at(await closedPort());
  if (fault === "proxy")
    return { ...at("https://platform.test"), HTTPS_PROXY: await closedPort(), NO_PROXY: "" };
  if (fault === "TLS") {
    const read = (name: string) =>
      readFileSync(join(import.meta.dirname, "..", "client", "http", "certificate", name));
    return at(await listen(createSecureServer({ cert: read("cert.pem"), key: read("key.pem") }), "https"));
  }
  const answer = fault === "5 a second" ? atMostASecond(5) : ANSWERS[fault];
  if (answer === undefined) throw new Error(`No such fault: ${fault}`);
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume();
    const path = request.url ?? "";
    const times = asked.get(path) ?? 0;
    asked.set(path, times + 1);
    void answer(response, path, times);
  });
  return at(await listen(server, "http"));
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  none: (response, path) => right(response, path, 1),
  flapping(response, path, times) {
    if (times % 2 === 0) response.socket?.destroy();
    else right(response, path);
  },
  async "29 s answers"(response, path) {
    await sleep(29_000, undefined, { ref: false });
    right(response, path);
  },
  "half the prompts failing"(response, path) {
    if (/prompt-\d*[13579]\b/.test(path))
      json(response, 500, { error: { code: "broken", message: "It broke." } });
    else right(response, path);
  },
};

function atMostASecond(most: number): Answer {
  let answered: number[] = [];
  return (response, path) => {
    const now = performance.now();
    answered = answered.filter((one) => now - one < 1000);
    if (answered.length >= most) {
      json(response, 429, { error: { code: "rate_limited", message: "Slower." } }, { "retry-after": "1" });
      return;
    }
    answered.push(now);
    right(response, path);
  };
}

/** What a platform that is well says. */
function right(response: ServerResponse, path: string, version = 2): void {
  if (path.endsWith("/login")) {
    json(response, 200, { access_token: "t", expires_in: 300, token_type: "Bearer" });
    return;
  }
  const name = PROMPTS.find((one) => path.includes(`/${one}/`)) ?? "none";
  json(response, 200, {
    id: `version_${name}_${version}`,
    prompt_id: `prompt_${name}`,
    version_number: version,
    content: `${name}, version ${version}: {{x}}`,
    variables: ["x"],
    status: "published",
    is_production: true,
    prompt_type: "text",
    metadata: {},
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-02T00:00:00Z",
  });
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function at(url: string): Env {
  return { ...CREDENTIALS, SCOPE_API_URL: url, SCOPE_AUTH_API_URL: url };
}

async function listen(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}
