import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ConnectionError } from "../../../src/client/index.ts";
import { listen } from "../../support/listen.ts";
import { node, ROOT } from "../../support/run.ts";
import { closing, failure, makeClient } from "../client-setup.ts";
import { json, startFaultyPlatform, version } from "../faulty-platform.ts";

/** No name of this machine, but the proxies here lead to it. */
const NAME = "platform.test";

/** A forward proxy that notes what goes through it. */
async function startProxy(): Promise<{ url: string; through: string[] }> {
  const through: string[] = [];
  const server = createServer(async (request, response) => {
    through.push(`${request.method} ${request.url}`);
    const { request: send } = await import("node:http");
    const { method, headers } = request;
    const onward = send(
      (request.url ?? "").replace(`//${NAME}`, "//127.0.0.1"),
      { method: method ?? "GET", headers },
      (answer: IncomingMessage) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  server.on("connect", (request, client, head) => {
    through.push(`CONNECT ${request.url}`);
    const [host, port] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host === NAME ? "127.0.0.1" : host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    onward.on("error", () => client.destroy());
    client.on("error", () => onward.destroy()).on("close", () => onward.destroy());
  });
  const { url } = closing(await listen(server));
  return { url, through };
}

function named(url: string): string {
  return url.replace("127.0.0.1", NAME);
}

const NO_PROXIES = Object.fromEntries(
  ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map((name) => [
    name,
    undefined,
  ]),
);

describe("proxy variables", () => {
  afterEach(() => void vi.unstubAllEnvs());

  /** A platform under an address, and a client of it in this environment. */
  async function clientOf(env: Readonly<Record<string, string>>, addressOf = named) {
    const platform = closing(await startFaultyPlatform());
    const url = addressOf(platform.url);
    for (const [name, value] of Object.entries({ ...NO_PROXIES, ...env })) vi.stubEnv(name, value);
    const options = { baseUrl: url, authApiUrl: url, allowInsecure: true, maxRetries: 0 };
    return { platform, url, client: makeClient(platform, options) };
  }

  it.each(["HTTP_PROXY", "http_proxy"])("%s: every request goes through the proxy", async (name) => {
    const proxy = await startProxy();
    const { platform, url, client } = await clientOf({ [name]: proxy.url });
    await client.getPromptVersion("greeting");
    await client.getPromptVersion("other");
    expect(platform.seen).toHaveLength(3);
    expect(proxy.through.length).toBeGreaterThan(0);
    expect(proxy.through.every((line) => line.includes(new URL(url).host))).toBe(true);
  });

  // Found from outside: the login's secret and the token went to the proxy in the clear.
  it.each(["127.0.0.1", "localhost"])("no request to %s does, whatever NO_PROXY says", async (host) => {
    const { url, through } = await startProxy();
    const { platform, client } = await clientOf(
      { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: "example.com" },
      (address) => address.replace("127.0.0.1", host),
    );
    await client.getPromptVersion("greeting");
    expect(platform.seen).toHaveLength(2);
    expect(through).toEqual([]);
  });

  it("NO_PROXY: requests to its hosts don't", async () => {
    const proxy = await startProxy();
    const { client } = await clientOf({ HTTP_PROXY: proxy.url, NO_PROXY: NAME });
    // Without the proxy nobody knows the name.
    expect((await failure(client.getPromptVersion("greeting"))).cause).toBeInstanceOf(ConnectionError);
    expect(proxy.through).toEqual([]);
  });

  it("a proxy that is down is a ConnectionError", async () => {
    const { client } = await clientOf({ HTTP_PROXY: "http://127.0.0.1:1" });
    expect((await failure(client.getPromptVersion("greeting"))).cause).toBeInstanceOf(ConnectionError);
  });
});

describe("https", () => {
  const certificate = (name: string) => join(import.meta.dirname, "certificate", name);
  async function startSecure(): Promise<{ url: string }> {
    const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(certificate(name)));
    const server = createSecureServer({ key, cert }, (request, response) => {
      request.resume();
      json(response, 200, request.method === "POST" ? { access_token: "t" } : version());
    });
    return closing(await listen(server, "https"));
  }

  /** What a process of its own says: extra certificates are read once, when Node starts. */
  async function fetchInProcess(url: string, env: Record<string, string>): Promise<string> {
    const script = join(import.meta.dirname, "fetch-one.js");
    const { stdout, stderr } = await node([script, url], { cwd: ROOT, env: { ...NO_PROXIES, ...env } });
    return stdout + stderr;
  }

  it("NODE_EXTRA_CA_CERTS is used, and without it an unknown authority is refused with a way out", async () => {
    const { url } = await startSecure();
    expect(await fetchInProcess(url, { NODE_EXTRA_CA_CERTS: certificate("cert.pem") })).toBe("Hello Ada!\n");
    const refused = await fetchInProcess(url, {});
    expect(refused).toContain("connection_failed");
    expect(refused).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("HTTPS_PROXY: requests go through a tunnel", async () => {
    const { url } = await startSecure();
    const proxy = await startProxy();
    const env = { NODE_EXTRA_CA_CERTS: certificate("cert.pem"), HTTPS_PROXY: proxy.url };
    expect(await fetchInProcess(named(url), env)).toBe("Hello Ada!\n");
    expect(proxy.through).toContain(`CONNECT ${new URL(named(url)).host}`);
  });
});
