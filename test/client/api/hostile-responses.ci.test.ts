// Whatever a server sends, the outcome is a valid version or an error of our tree, and no prototype is touched.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Transport, TransportResponse } from "../../../src/client/http/transport.ts";
import { isScopeError, PromptVersion, ScopeClient, versionData } from "../../../src/client/index.ts";
import { CREDENTIALS } from "../client-setup.ts";
import { startFaultyPlatform, version } from "../faulty-platform.ts";
import { body, headers, status } from "./hostile-bodies.ts";

const before = prototypes();

/** What would show if an answer had reached a prototype. */
function prototypes(): string {
  return [Object, Array, String, Number, Function, Map, Promise, PromptVersion]
    .map((type) => Object.getOwnPropertyNames(type.prototype).sort().join())
    .join("\n");
}

const encoder = new TextEncoder();

interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The two outcomes that there may be. */
async function expectGoodOutcome(call: Promise<PromptVersion>): Promise<void> {
  let prompt: PromptVersion;
  try {
    prompt = await call;
  } catch (error) {
    if (!isScopeError(error)) throw new Error("An error that isn't one of ours.", { cause: error });
    // Its printed form must not throw either, however strange the value it shows.
    expect(`${error.code} ${error.message} ${error.hint} ${error.stack}`).not.toMatch(/hush/);
    return;
  }
  const data = versionData(prompt);
  expect(typeof data.id).toBe("string");
  expect(Number.isSafeInteger(data.versionNumber)).toBe(true);
  expect(["text", "chat"]).toContain(data.type);
  expect(Object.isFrozen(data.metadata)).toBe(true);
  expect(JSON.parse(JSON.stringify(prompt)).metadata).toEqual(JSON.parse(JSON.stringify(data.metadata)));
  prompt.render(Object.fromEntries(prompt.variables.map((name) => [name, "x"])));
}

const noWait = { maxRetries: 1, retryBaseDelay: 0, retryMaxDelay: 0, cacheEnabled: false };

/** Hands over what the test made; sends nothing. */
function inMemory(answer: () => Sent, login: () => Sent): Transport {
  return {
    async request({ method }): Promise<TransportResponse> {
      const sent = method === "POST" ? login() : answer();
      return { ...sent, header: (name) => sent.headers[name] };
    },
    async close() {},
  };
}

const goodLogin: Sent = { status: 200, headers: {}, body: encoder.encode('{"access_token":"t"}') };

describe("10,000 generated bodies and header sets end in a valid version or one of our errors", () => {
  it("as responses to a fetch", async () => {
    let sent: Sent = goodLogin;
    const client = new ScopeClient(
      { credentials: CREDENTIALS, baseUrl: "https://scope.invalid", ...noWait },
      {
        transport: inMemory(
          () => sent,
          () => goodLogin,
        ),
        warn: () => {},
      },
    );
    await fc.assert(
      fc.asyncProperty(status, headers, body, async (...parts) => {
        sent = { status: parts[0], headers: parts[1], body: parts[2] };
        await expectGoodOutcome(client.getPromptVersion("greeting"));
      }),
      { numRuns: 10_000 },
    );
    expect(prototypes()).toBe(before);
  });

  it("as responses to a login", async () => {
    const good: Sent = { status: 200, headers: {}, body: encoder.encode(JSON.stringify(version())) };
    await fc.assert(
      fc.asyncProperty(status, headers, body, async (...parts) => {
        const login = { status: parts[0], headers: parts[1], body: parts[2] };
        const client = new ScopeClient(
          { credentials: CREDENTIALS, baseUrl: "https://scope.invalid", ...noWait },
          {
            transport: inMemory(
              () => good,
              () => login,
            ),
            warn: () => {},
          },
        );
        await expectGoodOutcome(client.getPromptVersion("greeting"));
      }),
      { numRuns: 2000 },
    );
    expect(prototypes()).toBe(before);
  });
});

describe("the same through a real server", () => {
  const started = startFaultyPlatform();
  afterAll(async () => (await started).close());

  it("500 responses", async () => {
    const platform = await started;
    const client = new ScopeClient(
      { credentials: CREDENTIALS, baseUrl: platform.url, authApiUrl: platform.url, timeout: 5, ...noWait },
      { warn: () => {} },
    );
    await fc.assert(
      fc.asyncProperty(status, headers, body, async (...parts) => {
        platform.prompt = (response) => {
          for (const [name, value] of Object.entries(parts[1])) response.setHeader(name, value);
          response.writeHead(parts[0]).end(parts[2]);
        };
        await expectGoodOutcome(client.getPromptVersion("greeting"));
      }),
      { numRuns: 500 },
    );
    expect(prototypes()).toBe(before);
    await client.close();
  });
});
