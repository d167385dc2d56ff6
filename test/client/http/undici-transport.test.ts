import { readFileSync } from "node:fs";
import { createServer as createSecureServer } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { Cancel } from "../../../src/client/http/cancel.ts";
import { TransportError, type TransportRequest } from "../../../src/client/http/transport.ts";
import { createUndiciTransport } from "../../../src/client/http/undici-transport.ts";
import { ConnectionError, TimeoutError } from "../../../src/errors/classes.ts";
import { freePort, listen } from "../../support/listen.ts";
import { closing, failure } from "../client-setup.ts";

/** What a server does with a request, given as it came. */
type Answer = (socket: Socket, request: string) => void;

/** A server that sends bytes as they are given: no HTTP library puts them right. */
async function serve(answer: Answer) {
  const requests: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    served.connections += 1;
    open.add(socket);
    socket
      .on("error", () => {})
      .on("close", () => {
        open.delete(socket);
        served.ended += 1;
      });
    socket.on("data", (data) => {
      requests.push(data.toString());
      answer(socket, data.toString());
    });
  });
  const served = { origin: await listening(server), requests, open, connections: 0, ended: 0 };
  return served;
}

const listening = async (server: Server) => closing(await listen(server)).url;

const create = () => closing(createUndiciTransport(0.2));

const requestOf = (origin: string, more: Partial<TransportRequest> = {}): TransportRequest => ({
  method: "GET",
  origin,
  path: "/a",
  headers: { accept: "text/plain" },
  timeoutMs: 5000,
  maxBodyBytes: 100,
  ...more,
});

const respond = (headers: string, body = "") => `HTTP/1.1 200 OK\r\n${headers}\r\n${body}`;
const whole: Answer = (socket) => socket.write(respond("content-length: 2\r\n", "ok"));
const silent: Answer = () => {};
const ends =
  (text: string): Answer =>
  (socket) =>
    socket.end(text);

/** One request to which this is the answer. */
async function ask(answer: Answer, more: Partial<TransportRequest> = {}) {
  const server = await serve(answer);
  const responding = create().request(requestOf(server.origin, more));
  // A test may look at the server first.
  responding.catch(() => {});
  return { server, responding };
}

const text = (body: Uint8Array) => new TextDecoder().decode(body);

describe("connections", () => {
  it("are kept between requests, for each origin", async () => {
    const [one, other] = [await serve(whole), await serve(whole)];
    const transport = create();
    for (const { origin } of [one, one, other, one]) await transport.request(requestOf(origin));
    expect([one, other].map(({ requests, connections }) => [requests.length, connections])).toEqual([
      [3, 1],
      [1, 1],
    ]);
  });

  it("are at most as many as the concurrent requests, if each response leads to the next request", async () => {
    const server = await serve(whole);
    const transport = create();
    const loop = async () => {
      for (let i = 0; i < 10; i++) await transport.request(requestOf(server.origin));
    };
    await Promise.all(Array.from({ length: 16 }, loop));
    expect(server.requests).toHaveLength(160);
    expect(server.connections).toBeLessThanOrEqual(16);
  });

  it("that fail fail their requests with the reason, and don't prevent closing", async () => {
    const transport = create();
    const error = await failure(transport.request(requestOf("ftp://platform.test")));
    expect(error.message).toContain("protocol");
    await transport.request(requestOf((await serve(whole)).origin));
    await transport.close();
  });

  it("that don't open in time say so", async () => {
    // It takes the connection, and never says a word of TLS.
    const { origin } = await serve(silent);
    const secure = origin.replace("http:", "https:");
    const error = await failure(create().request(requestOf(secure)));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe(`Could not connect to ${secure} within 0.2 s (openTimeout).`);
    expect(error.code).toBe("request_timeout");
  });
});

describe("close", () => {
  it("ends every connection, and the requests in progress", async () => {
    const [idle, busy] = [await serve(whole), await serve(silent)];
    const transport = create();
    await transport.request(requestOf(idle.origin));
    const failed = failure(transport.request(requestOf(busy.origin)));
    await vi.waitFor(() => expect(busy.requests).toHaveLength(1));
    await transport.close();
    expect(await failed).toBeInstanceOf(ConnectionError);
    await vi.waitFor(() => expect([idle.open.size, busy.open.size]).toEqual([0, 0]));
  });

  it("refuses later requests, and those that still wait for a connection", async () => {
    const server = await serve(whole);
    const transport = create();
    const waiting = failure(transport.request(requestOf(server.origin)));
    await transport.close();
    expect((await waiting).message).toBe("The transport is closed.");
    expect((await failure(transport.request(requestOf(server.origin)))).message).toBe(
      "The transport is closed.",
    );
    expect(server.requests).toEqual([]);
  });
});

describe("what is sent", () => {
  it("is the request as it is", async () => {
    const { server, responding } = await ask(whole, { method: "POST", path: "/a%2Fb?x=%20", body: "sent" });
    await responding;
    const request = server.requests.join("");
    expect(request).toMatch(/^POST \/a%2Fb\?x=%20 HTTP\/1\.1\r\n[\s\S]*\r\n\r\nsent$/);
    expect(request).toContain("accept: text/plain\r\n");
    expect(request).toContain("content-length: 4\r\n");
  });

  it("is nothing if it's already cancelled", async () => {
    const server = await serve(whole);
    const transport = create();
    await transport.request(requestOf(server.origin));
    const cancel = new Cancel();
    const failed = failure(transport.request(requestOf(server.origin, { cancel })));
    cancel.abort("enough");
    expect(await failed).toBe("enough");
    await transport.request(requestOf(server.origin, { path: "/next" }));
    expect(server.requests.map((request) => request.split(" ")[1])).toEqual(["/a", "/next"]);
  });

  it("is nothing if it failed before it got a connection", async () => {
    const held: Socket[] = [];
    const server = await serve((socket) => held.push(socket));
    const transport = create();
    const all = Array.from({ length: 128 }, () => transport.request(requestOf(server.origin)));
    await vi.waitFor(() => expect(held).toHaveLength(128), 10_000);
    const late = transport.request(requestOf(server.origin, { path: "/late", timeoutMs: 50 }));
    expect((await failure(late)).kind).toBe("timeout");
    for (const socket of held.splice(0)) socket.write(respond("content-length: 0\r\n"));
    await Promise.all(all);
    const after = transport.request(requestOf(server.origin, { path: "/after" }));
    await vi.waitFor(() => expect(held).toHaveLength(1));
    held[0]?.write(respond("content-length: 0\r\n"));
    await after;
    expect(server.requests.filter((request) => request.startsWith("GET /late"))).toEqual([]);
  });
});

describe("a response", () => {
  it("has status, headers and body", async () => {
    const head = 'HTTP/1.1 418 Teapot\r\netag: "1"\r\nvary: a\r\nvary: b\r\ncontent-length: 5\r\n\r\n';
    const { responding } = await ask((socket) => {
      socket.write(`${head}ab`);
      setTimeout(() => socket.write("cde"), 20);
    });
    const { status, header, body } = await responding;
    expect([status, header("etag"), header("vary"), header("date"), text(body)]).toEqual([
      418,
      '"1"',
      "a, b",
      undefined,
      "abcde",
    ]);
  });

  it("doesn't include what comes before it", async () => {
    const early = "HTTP/1.1 103 Early Hints\r\nlink: early\r\ncontent-length: 600\r\n\r\n";
    const { responding } = await ask((socket) =>
      socket.write(early + respond('etag: "1"\r\ncontent-length: 2\r\n', "ok")),
    );
    const { status, header } = await responding;
    expect([status, header("link"), header("etag")]).toEqual([200, undefined, '"1"']);
  });

  it.each(["{", '{"a":1', "[", "[1,2", '{"a":[1,2,', "{  "])(
    "with incomplete JSON is cut off if nothing says how long it is: %s",
    async (body) => {
      const { server, responding } = await ask(ends(respond("", body)));
      const error = await failure(responding);
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error.message).toBe(`No complete response from ${server.origin}.`);
      expect((error.cause as Error).message).toBe("The body ends in the middle of its JSON.");
      expect(error.hint).toBeUndefined();
    },
  );

  // As large as the limit, the first of them.
  it.each([
    ["content-length: 6\r\n", "abcdef"],
    ["content-length: 1\r\n", "{"],
    ["transfer-encoding: chunked\r\n", "{", "1\r\n{\r\n0\r\n\r\n"],
    ...["{}", "[]", "{} \r\n\t", "[1] ", "", "text", '"text', "a{", "}", " {"].map((body) => ["", body]),
  ] as [headers: string, body: string, sent?: string][])(
    "is complete with %j: %j",
    async (headers, body, sent) => {
      const { responding } = await ask(ends(respond(headers, sent ?? body)), { maxBodyBytes: 6 });
      expect(text((await responding).body)).toBe(body);
    },
  );

  it.each([
    ["its length says so", respond("content-length: 6\r\n")],
    ["it is", respond("", "abcdef")],
    ["a chunk exceeds it", respond("transfer-encoding: chunked\r\n", "4\r\nabcd\r\n4\r\nefgh\r\n")],
  ])("that is too large is aborted once %s", async (_, sent) => {
    const { server, responding } = await ask((socket) => socket.write(sent), { maxBodyBytes: 5 });
    const error = await failure(responding);
    expect(error).toBeInstanceOf(TransportError);
    expect(error.kind).toBe("too-large");
    await vi.waitFor(() => expect(server.ended).toBe(1));
  });
});

describe("a request", () => {
  it("ends at its time-out, and no earlier, together with its connection", async () => {
    const startedAt = performance.now();
    const { server, responding } = await ask(silent, { timeoutMs: 300 });
    const error = await failure(responding);
    expect(error).toBeInstanceOf(TransportError);
    expect(error.kind).toBe("timeout");
    // Node's timers count whole milliseconds.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299);
    await vi.waitFor(() => expect(server.ended).toBe(1));
  });

  it("that is cancelled fails with the reason, and its connection ends", async () => {
    const cancel = new Cancel();
    const { server, responding } = await ask(silent, { cancel });
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    cancel.abort("enough");
    expect(await failure(responding)).toBe("enough");
    await vi.waitFor(() => expect(server.ended).toBe(1));
  });

  it.each([
    ["a response", whole],
    ["a failure", (socket: Socket) => socket.destroy()],
    ["a body that is too large", ends(respond("content-length: 600\r\n"))],
  ])("leaves no timer and no callback after %s", async (_, answer) => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    const cancel = new Cancel();
    const off = vi.fn();
    vi.spyOn(cancel, "onAbort").mockReturnValue(off);
    const { responding } = await ask(answer, { cancel, timeoutMs: 60_000 });
    await Promise.allSettled([responding]);
    expect(timers()).toBeLessThanOrEqual(before);
    expect(off).toHaveBeenCalled();
  });
});

describe("a failure of the network", () => {
  it("is a failed connection, with the system's name for it", async () => {
    const origin = `http://127.0.0.1:${await freePort()}`;
    const error = await failure(create().request(requestOf(origin)));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(`Could not connect to ${origin} (ECONNREFUSED).`);
    expect(error.hint).toBe(
      `Nothing listens there. To start the local platform: scope-gen serve --port ${new URL(origin).port}`,
    );
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  it("names the address if nothing else is known", async () => {
    const error = await failure(create().request(requestOf("http://nobody.invalid")));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.hint).toBe("Check the address and the network.");
  });

  it("says what to do if the certificate isn't trusted", async () => {
    const [key, cert] = ["key.pem", "cert.pem"].map((name) =>
      readFileSync(join(import.meta.dirname, "certificate", name)),
    );
    const { host } = new URL(await listening(createSecureServer({ key, cert })));
    const error = await failure(create().request(requestOf(`https://${host}`)));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.hint).toBe(
      "The server's certificate isn't trusted here. If you use your own certificate authority, set NODE_EXTRA_CA_CERTS.",
    );
  });

  it.each<[when: string, Answer]>([
    ["before the response", (socket) => socket.resetAndDestroy()],
    ["within its length", ends(respond("content-length: 9\r\n", "ab"))],
    ["within its chunks", ends(respond("transfer-encoding: chunked\r\n", "9\r\nab"))],
    ["by what isn't HTTP", ends("SSH-2.0-OpenSSH_9\r\n\r\n")],
  ])("ends a request with the original as cause: %s", async (_, answer) => {
    const error = await failure((await ask(answer)).responding);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it("keeps nothing of what the server sent", async () => {
    const { responding } = await ask(ends("HTTP/1.1 200 OK\r\nhu sh: hush\r\n\r\n"));
    const { cause } = await failure(responding);
    expect(cause).not.toHaveProperty("data");
    expect(cause).toHaveProperty("name", "HTTPParserError");
  });
});
