// One test, or one block of them, for each row of the table of what the official SDKs do wrong: connections.
import { describe, expect, it } from "vitest";
import {
  ConnectionError,
  isOutage,
  TimeoutError,
  TokenRefreshError,
  ValidationError,
} from "../../src/client/index.ts";
import { closing, failure, setup } from "./client-setup.ts";
import { answers, type Behaviour, inTurn, version } from "./faulty-platform.ts";

describe("dropped connections and bad bodies leak the HTTP library's errors", () => {
  const breaks: [string, Behaviour][] = [
    ["reset before the response", (response) => response.socket?.resetAndDestroy()],
    ["closed before the response", (response) => response.socket?.destroy()],
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
    ["not HTTP", (response) => response.socket?.end("SSH-2.0-OpenSSH_9\r\n\r\n")],
    [
      "cut off without an announced length",
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

  it("the caller doesn't notice a connection that comes back", async () => {
    const { platform, client } = await setup();
    platform.prompt = inTurn((response) => response.socket?.destroy(), answers(200, version()));
    expect((await client.getPromptVersion("greeting")).id).toBe("version_1");
  });

  it("nothing listens: a ConnectionError that names address and system code", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    await client.getPromptVersion("warm-up");
    await platform.close();
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ \(ECONNREFUSED|other side closed|UND_ERR/);
  });

  it.each([
    ["no response", (() => {}) as Behaviour],
    ["half a response", ((response) => void response.write("{")) as Behaviour],
  ])("a hang is a TimeoutError after timeout: %s", async (_, behaviour) => {
    const { platform, client } = await setup({ timeout: 0.2, maxRetries: 1 });
    platform.prompt = behaviour;
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "request_timeout" });
    expect(error.message).toContain("within 0.2 s (timeout)");
    expect(platform.fetches()).toHaveLength(2);
  });

  it("openTimeout ends the wait for a connection that never opens", async () => {
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
    ["HTML", '<html lang="en">Sign in</html>', "text/html", "it's text/html."],
    ["half a JSON text", '{"id": "version_1"', "application/json", "it's application/json."],
    ["invalid UTF-8", Buffer.from([0x22, 0xff, 0x22]), "application/json", "it's application/json."],
    ["nothing", "", "text/html", "it's empty."],
    ["blanks", " \n", "text/html", "it's empty."],
    ["nested too deep", "[".repeat(201) + "]".repeat(201), "application/json", "is nested too deep."],
    ["null", "null", "application/json", "but is null."],
    ["a list", "[]", "application/json", "but is an array of 0."],
  ])(
    "a complete body that isn't a version is a ValidationError, at once: %s",
    async (_, body, type, said) => {
      const { platform, client } = await setup();
      platform.prompt = (response) => response.writeHead(200, { "content-type": type }).end(body);
      const error = await failure(client.getPromptVersion("greeting"));
      expect(error).toBeInstanceOf(ValidationError);
      expect(error).toMatchObject({ code: "response_invalid", field: "body", where: { prompt: "greeting" } });
      expect(error.message.endsWith(said), error.message).toBe(true);
      expect(error.cause !== undefined).toBe(said.startsWith("it's"));
      expect(isOutage(error)).toBe(false);
      expect(platform.fetches()).toHaveLength(1);
    },
  );
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
