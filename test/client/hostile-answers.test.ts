// Whatever a server sends, the outcome is a valid version or an error of our tree, and no prototype is touched.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Transport, TransportResponse } from "../../src/client/http/transport.ts";
import { isScopeError, PromptVersion, ScopeClient, versionData } from "../../src/client/index.ts";
import { CREDENTIALS } from "./client-setup.ts";
import { startFaultyPlatform, version } from "./faulty-platform.ts";

const before = prototypes();

/** What would show if an answer had reached a prototype. */
function prototypes(): string {
  return [Object, Array, String, Number, Function, Map, Promise, PromptVersion]
    .map((type) => Object.getOwnPropertyNames(type.prototype).sort().join())
    .join("\n");
}

const hostileKey = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "then",
  "toJSON",
  "valueOf",
);
const hugeNumber = fc.constantFrom(
  "1e999",
  "-1e999",
  "123456789012345678901234567890",
  "1e-400",
  "-0",
  "9007199254740993",
);

/** JSON text, so that what no JavaScript value can hold is there too. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.json({ maxDepth: 1 }),
    hugeNumber,
    fc.string().map((text) => JSON.stringify(text)),
    fc.constant('"\\ud800"'),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    fc
      .array(fc.tuple(fc.oneof(hostileKey, fc.string({ maxLength: 5 })), tie("value")), { maxLength: 4 })
      .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  ),
})).value;

const deep = fc
  .tuple(fc.integer({ min: 50, max: 20_000 }), fc.constantFrom(["[", "]"], ['{"a":', "}"]))
  .map(
    ([depth, [open = "", close = ""]]) =>
      open.repeat(depth) + (open === "[" ? "" : "1") + close.repeat(depth),
  );

const fields = Object.keys(version());

/** A right answer with some fields gone, some of another kind, some unheard of. */
const nearlyRight: fc.Arbitrary<string> = fc
  .record({
    chat: fc.boolean(),
    changes: fc.array(
      fc.tuple(fc.constantFrom(...fields), fc.oneof(fc.constant(undefined), jsonText, deep)),
      {
        maxLength: 3,
      },
    ),
    extra: fc.array(fc.tuple(fc.oneof(hostileKey, fc.string()), jsonText), { maxLength: 2 }),
  })
  .map(({ chat, changes, extra }) => {
    const base = chat
      ? version({ prompt_type: "chat", content: [{ role: "user", content: "{{name}}" }] })
      : version();
    const texts = new Map(Object.entries(base).map(([key, value]) => [key, JSON.stringify(value)]));
    for (const [key, text] of changes) {
      if (text === undefined) texts.delete(key);
      else texts.set(key, text);
    }
    const pairs = [...texts, ...extra].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
    return `{${pairs.join()}}`;
  });

const encoder = new TextEncoder();
const body: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: nearlyRight.map((text) => encoder.encode(text)) },
  { weight: 2, arbitrary: jsonText.map((text) => encoder.encode(text)) },
  { weight: 1, arbitrary: deep.map((text) => encoder.encode(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(nearlyRight, fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
      const bytes = encoder.encode(text);
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  },
);

const status = fc.oneof(
  { weight: 8, arbitrary: fc.constant(200) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      201,
      204,
      206,
      301,
      302,
      304,
      400,
      401,
      403,
      404,
      409,
      418,
      429,
      500,
      503,
      599,
    ),
  },
);

/** Header values as HTTP carries them: bytes, none of them a line end. */
const headerValue = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-1",
    "1e9",
    "99999999999999",
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "NaN",
    "Infinity",
    "gzip",
  ),
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 30,
  }),
);
const headers = fc.dictionary(
  fc.constantFrom(
    "content-type",
    "content-encoding",
    "retry-after",
    "date",
    "etag",
    "x-request-id",
    "location",
  ),
  headerValue,
  { maxKeys: 4, noNullPrototype: true },
);

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
    if (!isScopeError(error)) throw new Error("An error that is not of our tree.", { cause: error });
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

describe("10,000 generated bodies and header sets end in a valid version or an error of our tree", () => {
  it("as answers to a fetch", async () => {
    let sent: Sent = goodLogin;
    const client = new ScopeClient(
      { credentials: CREDENTIALS, ...noWait },
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

  it("as answers to a login", async () => {
    const good: Sent = { status: 200, headers: {}, body: encoder.encode(JSON.stringify(version())) };
    await fc.assert(
      fc.asyncProperty(status, headers, body, async (...parts) => {
        const login = { status: parts[0], headers: parts[1], body: parts[2] };
        const client = new ScopeClient(
          { credentials: CREDENTIALS, ...noWait },
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

  it("500 answers", async () => {
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
