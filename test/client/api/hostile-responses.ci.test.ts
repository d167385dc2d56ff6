// Whatever a server sends, the outcome is a valid version or an error of our tree, and no prototype is touched.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Transport, TransportResponse } from "../../../src/client/http/transport.ts";
import { isScopeError, PromptVersion, ScopeClient, versionData } from "../../../src/client/index.ts";
import { CREDENTIALS } from "../client-setup.ts";
import { version } from "../faulty-platform.ts";
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

const encoded = (body: unknown): Sent => ({
  status: 200,
  headers: {},
  body: encoder.encode(JSON.stringify(body)),
});
const [LOGIN, VERSION] = [encoded({ access_token: "t" }), encoded(version())];
const noWait = { maxRetries: 1, retryBaseDelay: 0, retryMaxDelay: 0, cacheEnabled: false };
const options = { credentials: CREDENTIALS, baseUrl: "https://scope.invalid", ...noWait };

// The drill of hostile responses sends them over HTTP.
it("12,000 generated bodies and header sets, for a fetch or a login, end in a valid version or one of our errors", async () => {
  const sent = fc.record({ status, headers, body });
  let sending: Partial<Record<string, Sent>> = {};
  const transport: Transport = {
    async request({ method }): Promise<TransportResponse> {
      const response = sending[method] ?? (method === "POST" ? LOGIN : VERSION);
      return { ...response, header: (name) => response.headers[name] };
    },
    async close() {},
  };
  const newClient = () => new ScopeClient(options, { transport, warn: () => {} });
  // It lives on after every fetch; a login is only asked for once.
  const lasting = newClient();
  const methods = fc.constantFrom(...Array(5).fill("GET"), "POST");
  const property = fc.asyncProperty(sent, methods, async (made, method) => {
    sending = { [method]: made };
    const client = method === "GET" ? lasting : newClient();
    await expectGoodOutcome(client.getPromptVersion("greeting"));
  });
  await fc.assert(property, { numRuns: 12_000 });
  expect(prototypes()).toBe(before);
});
