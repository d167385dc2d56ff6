// One test, or one block of them, for each row of the table of what the official SDKs do wrong: requests.
import { describe, expect, it } from "vitest";
import {
  ApiError,
  ConnectionError,
  InvalidCredentialsError,
  isOutage,
  isScopeError,
  type Label,
  RateLimitError,
  ServerError,
  TimeoutError,
  TokenRefreshError,
  ValidationError,
} from "../../src/client/index.ts";
import { closing, failure, makeClient, setup } from "./client-setup.ts";
import { answers, type Behaviour, inTurn, json, token, version } from "./faulty-platform.ts";

/** Records the waits that are asked for and does not sit them out. */
function recorder() {
  const waits: number[] = [];
  return { waits, sleep: async (ms: number) => void waits.push(ms), random: () => 0.5 };
}

describe("any label but latest silently fetches production: an unknown label is refused before any request", () => {
  it.each(["staging", "Production", "", null, 5])("%j", async (label) => {
    const { platform, client } = await setup();
    const error = await failure(client.getPromptVersion("greeting", { label: label as Label }));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "label_invalid", field: "label", value: label });
    expect(platform.seen).toEqual([]);
  });
});

describe("429 and 5xx are never retried, Retry-After is ignored", () => {
  it.each([429, 500, 502, 503, 504, 599])(
    "a fetch is retried after %i, with exponential backoff",
    async (status) => {
      const { waits, ...parts } = recorder();
      const { platform, client } = await setup({ retryBaseDelay: 0.5 }, parts);
      platform.prompt = inTurn(answers(status), answers(status), answers(status), answers(200, version()));
      await client.getPromptVersion("greeting");
      // With a random of 0.5 the jitter is three quarters of the backoff.
      expect(waits).toEqual([375, 750, 1500]);
      expect(platform.fetches()).toHaveLength(4);
    },
  );

  it("a login is retried in the same way", async () => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup({ retryBaseDelay: 1 }, parts);
    platform.login = inTurn(answers(503), answers(429, {}, { "retry-after": "7" }), token());
    await client.getPromptVersion("greeting");
    expect(waits).toEqual([750, 7000]);
    expect(platform.logins()).toHaveLength(3);
  });

  it("the backoff ends at retryMaxDelay", async () => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup({ retryBaseDelay: 0.5, retryMaxDelay: 2, maxRetries: 5 }, parts);
    platform.prompt = answers(500);
    await failure(client.getPromptVersion("greeting"));
    expect(waits).toEqual([375, 750, 1500, 1500, 1500]);
  });

  it("jitter spreads the waits between half of the backoff and all of it", async () => {
    const waits: number[] = [];
    const { platform, client } = await setup(
      { retryBaseDelay: 1, maxRetries: 20, retryMaxDelay: 1 },
      { sleep: async (ms) => void waits.push(ms) },
    );
    platform.prompt = answers(500);
    await failure(client.getPromptVersion("greeting"));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
    expect(new Set(waits).size).toBeGreaterThan(10);
  });

  const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
  const now = new Date().toUTCString();
  it.each([
    ["seconds", { "retry-after": "3" }, 3000],
    ["seconds past retryMaxDelay", { "retry-after": "3600" }, 30_000],
    [
      "a date",
      { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", date: "Sun, 06 Nov 1994 08:49:27 GMT" },
      10_000,
    ],
    ["a date past retryMaxDelay", { "retry-after": inTwoMinutes }, 30_000],
    ["a date that is over", { "retry-after": now, date: inTwoMinutes }, 375],
    ["what is no delay", { "retry-after": "5 apples" }, 375],
    ["a negative", { "retry-after": "-5" }, 375],
  ])("Retry-After is obeyed up to retryMaxDelay: %s", async (_, headers, wait) => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup({ retryBaseDelay: 0.5 }, parts);
    platform.prompt = inTurn(
      (response) => json(response, 429, {}, headers as Record<string, string>),
      answers(200, version()),
    );
    await client.getPromptVersion("greeting");
    expect(waits).toEqual([wait]);
  });

  it("what is left after the retries is a RateLimitError with its delay, or a ServerError", async () => {
    const { platform, client } = await setup({ maxRetries: 1, retryMaxDelay: 0 });
    platform.prompt = answers(
      429,
      { error: { code: "slow_down", message: "Too many." } },
      { "retry-after": "90" },
    );
    const limited = await failure(client.getPromptVersion("greeting"));
    expect(limited).toBeInstanceOf(RateLimitError);
    expect(limited).toMatchObject({
      httpStatus: 429,
      retryAfter: 90,
      errorCode: "slow_down",
      code: "rate_limited",
    });
    platform.prompt = answers(502, "<html>", { "x-request-id": "req_5" });
    const down = await failure(client.getPromptVersion("greeting"));
    expect(down).toBeInstanceOf(ServerError);
    expect(down).toMatchObject({ httpStatus: 502, code: "server_error", requestId: "req_5" });
    expect(platform.fetches()).toHaveLength(4);
  });

  it.each([400, 403, 404, 409, 410, 422])("%i is not retried", async (status) => {
    const { platform, client } = await setup();
    platform.prompt = answers(status, { error: { code: "prompt_not_found" } });
    await failure(client.getPromptVersion("greeting"));
    expect(platform.fetches()).toHaveLength(1);
  });

  it("the deadline bounds all attempts together: no wait is begun that ends after it", async () => {
    let now = 0;
    const { platform, client } = await setup(
      { deadline: 10, retryBaseDelay: 4, maxRetries: 20, retryMaxDelay: 4 },
      {
        clock: () => now,
        random: () => 1,
        sleep: async (ms) => {
          now += ms;
        },
      },
    );
    platform.prompt = answers(503);
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(ServerError);
    expect(platform.fetches()).toHaveLength(3);
    expect(now).toBe(8000);
  });

  it("the deadline ends an attempt under way", async () => {
    const { platform, client } = await setup({ deadline: 0.2, timeout: 30 });
    platform.prompt = () => {};
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toContain("within 0.2 s (deadline)");
  });

  it("the deadline ends the wait for another caller's login", async () => {
    const { platform, client } = await setup({ deadline: 0.2, timeout: 0.15, maxRetries: 0 });
    platform.login = () => {};
    const error = await failure(client.getPromptVersion("greeting"));
    expect(isOutage(error)).toBe(true);
  });

  it.each(["before", "during the login", "during the fetch", "during the wait"])(
    "an aborted call rejects with the signal's reason: %s",
    async (when) => {
      const { platform, client } = await setup({ retryBaseDelay: 30 });
      const controller = new AbortController();
      const reason = { because: when };
      const abort: Behaviour = () => controller.abort(reason);
      if (when === "before") controller.abort(reason);
      if (when === "during the login") platform.login = abort;
      if (when === "during the fetch") platform.prompt = abort;
      if (when === "during the wait") {
        platform.prompt = (response) => {
          json(response, 503, {});
          setTimeout(() => controller.abort(reason), 50);
        };
      }
      const error = await failure(client.getPromptVersion("greeting", { signal: controller.signal }));
      expect(error).toBe(reason);
    },
  );
});

describe("dropped connections and bad bodies leak the HTTP library's errors", () => {
  const breaks: [string, Behaviour][] = [
    ["reset before the answer", (response) => response.socket?.resetAndDestroy()],
    ["closed before the answer", (response) => response.socket?.destroy()],
    [
      "cut off within an announced length",
      (response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": 500 });
        response.write('{"id": "version_1"');
        setTimeout(() => response.socket?.destroy(), 20);
      },
    ],
    [
      "cut off within chunks",
      (response) => {
        response.write('{"id": "version_1"');
        setTimeout(() => response.socket?.resetAndDestroy(), 20);
      },
    ],
    ["no HTTP", (response) => response.socket?.end("SSH-2.0-OpenSSH_9\r\n\r\n")],
    [
      "cut off without an announced end",
      (response) =>
        response.socket?.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"id": "ver'),
    ],
  ];
  it.each(breaks)(
    "%s: a ConnectionError with the original as cause, after the retries",
    async (_, behaviour) => {
      const { platform, client } = await setup({ maxRetries: 1 });
      platform.prompt = behaviour;
      const error = await failure(client.getPromptVersion("greeting"));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ code: "connection_failed" });
      expect(error.cause).toBeInstanceOf(Error);
      expect(isOutage(error)).toBe(true);
      expect(platform.fetches()).toHaveLength(2);
    },
  );

  it("a connection that comes back is not noticed by the caller", async () => {
    const { platform, client } = await setup();
    platform.prompt = inTurn((response) => response.socket?.destroy(), answers(200, version()));
    expect((await client.getPromptVersion("greeting")).id).toBe("version_1");
  });

  it("nobody listens: a ConnectionError that names address and system code", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    await client.getPromptVersion("warm-up");
    await platform.close();
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ \(ECONNREFUSED|other side closed|UND_ERR/);
  });

  it.each([
    ["no answer", (() => {}) as Behaviour],
    ["half an answer", ((response) => void response.write("{")) as Behaviour],
  ])("a hang is a TimeoutError after timeout: %s", async (_, behaviour) => {
    const { platform, client } = await setup({ timeout: 0.2, maxRetries: 1 });
    platform.prompt = behaviour;
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "request_timeout" });
    expect(error.message).toContain("within 0.2 s (timeout)");
    expect(platform.fetches()).toHaveLength(2);
  });

  it("openTimeout ends the wait for a connection that is never opened", async () => {
    const listener = await neverAccepting();
    const { client } = await setup({
      authApiUrl: listener.url,
      openTimeout: 0.3,
      timeout: 60,
      maxRetries: 0,
    });
    const startedAt = performance.now();
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(TokenRefreshError);
    expect(error.cause).toBeInstanceOf(TimeoutError);
    expect((error.cause as Error).message).toContain("within 0.3 s (openTimeout)");
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it.each([
    ["HTML", '<html lang="en">Sign in</html>', "text/html"],
    ["half a JSON text", '{"id": "version_1"', "application/json"],
    ["no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), "application/json"],
    ["nothing", "", "application/json"],
    ["null", "null", "application/json"],
    ["a list", "[]", "application/json"],
  ])("a whole body that is no version is a ValidationError, at once: %s", async (_, body, type) => {
    const { platform, client } = await setup();
    platform.prompt = (response) => response.writeHead(200, { "content-type": type }).end(body);
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "response_invalid", field: "body" });
    expect(isOutage(error)).toBe(false);
    expect(platform.fetches()).toHaveLength(1);
  });
});

describe("an auth server's 503 is reported as HTTP 401", () => {
  it.each([500, 502, 503, 429, 404])("the real status: %i, an outage", async (status) => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.login = answers(status, { error: { message: "Try later." } });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(TokenRefreshError);
    expect(error).toMatchObject({ httpStatus: status, code: "login_failed" });
    expect(error.message).toContain("Try later.");
    expect(isOutage(error)).toBe(true);
  });

  it.each([401, 403])("wrong credentials are not an outage: %i", async (status) => {
    const { platform, client } = await setup();
    platform.login = answers(status, {
      error: "invalid_client",
      message: "No such application: secret-hush",
    });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(InvalidCredentialsError);
    expect(error).toMatchObject({ httpStatus: status, code: "credentials_invalid" });
    expect(error.message).toContain("No such application: [REDACTED]");
    expect(isOutage(error)).toBe(false);
    expect(platform.logins()).toHaveLength(1);
  });

  it.each([
    [{ message: "at message" }, "at message"],
    [{ error: "at error" }, "at error"],
    [{ error: { message: "at error.message" } }, "at error.message"],
    ["<html>", "failed with 400"],
  ])("its message is found in %j", async (body, said) => {
    const { platform, client } = await setup();
    platform.login = answers(400, body);
    expect((await failure(client.getPromptVersion("greeting"))).message).toContain(said);
  });

  it("an auth server that is not there at all is a failed login too, and an outage", async () => {
    const { platform } = await setup();
    const client = makeClient(platform, { authApiUrl: "http://127.0.0.1:1", maxRetries: 0 });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(TokenRefreshError);
    expect(error).toMatchObject({ httpStatus: 0, code: "login_failed" });
    expect(error.cause).toBeInstanceOf(ConnectionError);
    expect(isOutage(error)).toBe(true);
  });

  it.each([{}, { access_token: "" }, { access_token: 5 }, { access_token: "a\nb" }, null, "x"])(
    "a login without a usable token: %j",
    async (body) => {
      const { platform, client } = await setup();
      platform.login = answers(200, body);
      const error = await failure(client.getPromptVersion("greeting"));
      expect(error).toBeInstanceOf(TokenRefreshError);
      expect(isScopeError(error, "login_failed")).toBe(true);
    },
  );
});

describe("a 302's body is taken for a prompt; HTML or empty 200 crashes", () => {
  it.each([301, 302, 303, 307, 308])("redirects are refused: %i", async (status) => {
    const { platform, client } = await setup();
    platform.prompt = answers(status, version(), { location: `${platform.url}/elsewhere` });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ httpStatus: status, code: "redirect_refused" });
    expect(isOutage(error)).toBe(false);
    expect(platform.seen).toHaveLength(2);
  });

  it.each([201, 202, 206])("200 and 304 alone are answers: %i is none", async (status) => {
    const { platform, client } = await setup();
    platform.prompt = answers(status, version());
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toMatchObject({ httpStatus: status, code: "response_invalid" });
  });

  it("a 304 that nobody asked for is none", async () => {
    const { platform, client } = await setup();
    platform.prompt = (response) => response.writeHead(304).end();
    expect(await failure(client.getPromptVersion("greeting"))).toMatchObject({ httpStatus: 304 });
  });

  it.each(["announced", "unannounced"])("a body over maxBodyBytes is refused: %s", async (how) => {
    const { platform, client } = await setup({ maxBodyBytes: 1000 });
    platform.prompt = (response) => {
      const body = JSON.stringify(version({ content: "x".repeat(5000) }));
      if (how === "announced") return response.writeHead(200, { "content-length": body.length }).end(body);
      // Without an end: a client that read on would never answer.
      response.write(body);
    };
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "response_too_large", field: "body" });
    expect(isOutage(error)).toBe(false);
    expect(platform.fetches()).toHaveLength(1);
  });
});

/** A listener whose queue of unaccepted connections is full, so that the next one is never opened. */
async function neverAccepting(): Promise<{ url: string }> {
  const { spawn } = await import("node:child_process");
  // The child listens and then never turns its event loop, so nothing is ever accepted.
  const child = spawn(process.execPath, [
    "-e",
    `const s = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      require("node:fs").writeSync(1, String(s.address().port) + "\\n");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
  ]);
  closing({ close: async () => void child.kill("SIGKILL") });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once("data", (data) => resolve(Number(String(data)))),
  );
  const { connect } = await import("node:net");
  const fillers = Array.from({ length: 4 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  closing({ close: async () => void fillers.map((socket) => socket.destroy()) });
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { url: `http://127.0.0.1:${port}` };
}
