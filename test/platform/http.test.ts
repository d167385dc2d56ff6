import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { ask, logIn, serve, writeIn } from "./platform-helpers.ts";

describe("the Host header", () => {
  test.each([
    "evil.test",
    "127.0.0.1.evil.test",
    "localhost.evil.test",
    "evil.test:80",
    "0.0.0.0",
    "[::1]",
    "127.0.0.1:x",
  ])("%s is refused, for the login too", async (host) => {
    const { url, requests, get } = await serve({ "p/1.md": "x" });
    const login = { method: "POST", body: "{}", headers: { host } };
    for (const answer of [
      await ask(url, "/v1/auth/applications/login", login),
      await get("p/latest", { host }),
    ]) {
      expect(answer.status).toBe(403);
      expect(answer.json.error.code).toBe("host_not_allowed");
    }
    // Only the login between the two was for it.
    expect(requests.map(({ status }) => status)).toEqual([200]);
  });

  test.each(["127.0.0.1", "localhost", "LOCALHOST", "localhost:1234"])("%s is fine", async (host) => {
    const { get } = await serve({ "p/1.md": "x" });
    expect((await get("p/latest", { host })).status).toBe(200);
  });

  test("an HTTP/1.0 request without one is refused", async () => {
    const { port } = await serve({ "p/1.md": "x" });
    const answer = await new Promise<string>((done, fail) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET /api/v1/prompts/p/latest HTTP/1.0\r\n\r\n"),
      );
      socket.on("data", (data) => {
        text += data;
      });
      socket.on("end", () => done(text));
      socket.on("error", fail);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("conditional requests", () => {
  test("an ETag stays the same until the response changes", async () => {
    const { dir, get } = await serve({ "p/1.md": "one" });
    const first = await get("p/latest");
    const etag = first.headers.etag ?? "";
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const sent of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await get("p/latest", { "if-none-match": sent });
      expect(again.status).toBe(304);
      expect(again.text).toBe("");
      expect(again.headers.etag).toBe(etag);
    }
    expect((await get("p/latest", { "if-none-match": `"other"` })).status).toBe(200);
    await writeIn(dir, "p/1.md", "two");
    const changed = await get("p/latest", { "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.json.content).toBe("two");
    expect(changed.headers.etag).not.toBe(etag);
  });

  test("metadata and a new production version change it too, a restart doesn't", async () => {
    const { dir, get } = await serve({ "p/1.md": "one", "p/2.md": "two" });
    const etags = [(await get("p/latest")).headers.etag];
    await writeIn(dir, "p/prompt.json", `{"production":1}`);
    etags.push((await get("p/latest")).headers.etag);
    await writeIn(dir, "p/prompt.json", `{"production":1,"versions":{"2":{"metadata":{"a":1}}}}`);
    etags.push((await get("p/latest")).headers.etag);
    expect(new Set(etags).size).toBe(3);
    const again = await serve(dir);
    expect((await again.get("p/latest")).headers.etag).toBe(etags[2]);
  });

  test("a 304 needs a token like any response", async () => {
    const { url } = await serve({ "p/1.md": "one" });
    const answer = await ask(url, "/api/v1/prompts/p/latest", { headers: { "if-none-match": "*" } });
    expect(answer.status).toBe(401);
  });
});

test("X-Request-ID comes back, also on errors, and is generated if none, or an invalid one, was sent", async () => {
  const { get } = await serve({ "p/1.md": "one" });
  const idOf = async (sent?: string, path = "p/latest") =>
    (await get(path, sent === undefined ? {} : { "x-request-id": sent })).headers["x-request-id"];
  expect([await idOf("abc-123"), await idOf("abc-123", "missing/latest")]).toEqual(["abc-123", "abc-123"]);
  const ids = [await idOf(), await idOf("x".repeat(200)), await idOf("a b")];
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(ids).size).toBe(3);
});

describe("recorded requests", () => {
  test("have method, path, status and request ID", async () => {
    const seen: string[] = [];
    const { url, requests, get } = await serve(
      { "a/b/1.md": "x" },
      { onRequest: (request) => seen.push(`${request.method} ${request.path} ${request.status}`) },
    );
    await get("a%2Fb/latest?x=1", { "x-request-id": "id-1" });
    await get("missing/production");
    await ask(url, "/nothing");
    const expected = [
      "POST /v1/auth/applications/login 200",
      "GET /api/v1/prompts/a%2Fb/latest 200",
      "GET /api/v1/prompts/missing/production 404",
      "GET /nothing 404",
    ];
    expect(requests.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual(expected);
    expect(seen).toEqual(expected);
    expect(requests[1]?.requestId).toBe("id-1");
    expect(requests[1]?.elapsedMs).toBeGreaterThan(0);
  });

  // What was kept of a long URL was a slice, which keeps the whole.
  test("are cut if the URL is long", { timeout: 60_000 }, async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { url, requests } = await serve({ "p/1.md": "x" });
    const path = (i: number) => `/${i}${"x".repeat(15_000)}`;
    await ask(url, path(0));
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2000; i++) await ask(url, path(i));
    collect();
    expect(requests).toHaveLength(2001);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(15_000_000);
  });

  test("a hook that throws breaks no response and becomes a warning", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    const { url } = await serve(
      { "p/1.md": "x" },
      {
        onRequest: () => {
          throw new Error("the hook failed");
        },
      },
    );
    expect((await logIn(url)).status).toBe(200);
    await new Promise((done) => setTimeout(done, 50));
    process.off("warning", listen);
    expect(warnings).toEqual(["the hook failed"]);
  });
});
