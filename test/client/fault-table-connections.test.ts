// One test, or one block of them, for each row of the table of what the official SDKs do wrong: connections.
import { describe, expect, it } from "vitest";
import { ConnectionError, isOutage, ValidationError } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import type { Behaviour } from "./faulty-platform.ts";

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

  it("a hang is a TimeoutError after timeout, and is retried", async () => {
    const { platform, client } = await setup({ timeout: 0.2, maxRetries: 1 });
    platform.prompt = (response) => void response.write("{");
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toMatchObject({ name: "TimeoutError", code: "request_timeout" });
    expect(platform.fetches()).toHaveLength(2);
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
