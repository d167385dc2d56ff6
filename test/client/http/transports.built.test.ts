import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConnectionError } from "../../../src/client/index.ts";
import { listen } from "../../support/listen.ts";
import { bundleScript } from "../bundle-script.ts";
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
    client.on("error", () => onward.destroy());
    sockets.add(client).add(onward);
  });
  const sockets = new Set<{ destroy(): unknown }>();
  const { url } = closing(await listen(server));
  closing({
    async close() {
      for (const socket of sockets) socket.destroy();
    },
  });
  return { url, through };
}

function named(url: string): string {
  return url.replace("127.0.0.1", NAME);
}

async function withEnv<T>(env: Record<string, string>, run: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  for (const name of ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]) {
    delete process.env[name];
  }
  Object.assign(process.env, env);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

describe("proxy variables", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("%s: every request goes through the proxy", async (name) => {
    const proxy = await startProxy();
    const platform = closing(await startFaultyPlatform());
    const url = named(platform.url);
    await withEnv({ [name]: proxy.url }, async () => {
      const client = makeClient(platform, { baseUrl: url, authApiUrl: url, allowInsecure: true });
      await client.getPromptVersion("greeting");
      await client.getPromptVersion("other");
      await client.close();
    });
    expect(platform.seen).toHaveLength(3);
    expect(proxy.through.length).toBeGreaterThan(0);
    expect(proxy.through.every((line) => line.includes(new URL(url).host))).toBe(true);
  });

  // Found from outside: the login's secret and the token went to the proxy in the clear.
  it.each(["127.0.0.1", "localhost"])("no request to %s does, whatever NO_PROXY says", async (host) => {
    const proxy = await startProxy();
    const platform = closing(await startFaultyPlatform());
    const url = platform.url.replace("127.0.0.1", host);
    await withEnv({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: "example.com" }, async () => {
      const client = makeClient(platform, { baseUrl: url, authApiUrl: url });
      await client.getPromptVersion("greeting");
      await client.close();
    });
    expect(platform.seen).toHaveLength(2);
    expect(proxy.through).toEqual([]);
  });

  it("NO_PROXY: requests to its hosts don't", async () => {
    const proxy = await startProxy();
    const platform = closing(await startFaultyPlatform());
    const url = named(platform.url);
    await withEnv({ HTTP_PROXY: proxy.url, NO_PROXY: NAME }, async () => {
      const client = makeClient(platform, {
        baseUrl: url,
        authApiUrl: url,
        allowInsecure: true,
        maxRetries: 0,
      });
      // Without the proxy nobody knows the name.
      expect((await failure(client.getPromptVersion("greeting"))).cause).toBeInstanceOf(ConnectionError);
      await client.close();
    });
    expect(proxy.through).toEqual([]);
  });

  it("a proxy that is down is a ConnectionError", async () => {
    const platform = closing(await startFaultyPlatform());
    await withEnv({ HTTP_PROXY: "http://127.0.0.1:1" }, async () => {
      const url = named(platform.url);
      const client = makeClient(platform, {
        baseUrl: url,
        authApiUrl: url,
        allowInsecure: true,
        maxRetries: 0,
      });
      const error = await failure(client.getPromptVersion("greeting"));
      expect(error.cause).toBeInstanceOf(ConnectionError);
      await client.close();
    });
  });
});

describe("https", () => {
  const certificate = (name: string) => join(import.meta.dirname, "certificate", name);
  let script: { file: string; remove(): void };
  beforeAll(async () => {
    script = await bundleScript(join(import.meta.dirname, "fetch-one.ts"));
  });
  afterAll(() => script.remove());

  async function startSecure(): Promise<{ url: string }> {
    const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(certificate(name)));
    const server = createSecureServer({ key, cert }, (request, response) => {
      request.resume();
      json(response, 200, request.method === "POST" ? { access_token: "t" } : version());
    });
    return closing(await listen(server, "https"));
  }

  /** What a process of its own says: extra certificates are read once, when Node starts. */
  function fetchInProcess(url: string, env: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, [script.file, url], {
      env: { NODE_ENV: "production", PATH: process.env.PATH, ...env },
    });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      output += data;
    });
    return new Promise((resolve) => child.on("close", () => resolve(output)));
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
