import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cancel } from "../../../src/client/http/cancel.ts";
import { TransportError, type TransportRequest } from "../../../src/client/http/transport.ts";
import { createUndiciTransport } from "../../../src/client/http/undici-transport.ts";
import { ConnectionError, TimeoutError } from "../../../src/errors/classes.ts";
import { failure } from "../client-setup.ts";

type Headers = Record<string, string | string[]>;

/** What undici calls for one request; the tests call it instead. */
interface Handler {
  onRequestStart(controller: { abort(reason: unknown): void }): void;
  onResponseStart(controller: undefined, status: number, headers: Headers): void;
  onResponseData(controller: undefined, chunk: Uint8Array): void;
  onResponseEnd(): void;
  onResponseError(controller: undefined, error: unknown): void;
}

const { made, FakePool, FakeProxyAgent } = vi.hoisted(() => {
  const dispatchers: Fake[] = [];
  class Fake {
    readonly given: unknown[];
    readonly dispatch = vi.fn();
    readonly destroy = vi.fn(async () => {});

    constructor(...given: unknown[]) {
      this.given = given;
      if (given.includes("https://bad.test")) throw new Error("A bad address.");
      dispatchers.push(this);
    }
  }
  return { made: dispatchers, FakePool: class extends Fake {}, FakeProxyAgent: class extends Fake {} };
});
vi.mock("undici/lib/dispatcher/pool.js", () => ({ default: FakePool }));
vi.mock("undici", () => ({ EnvHttpProxyAgent: FakeProxyAgent }));

const ORIGIN = "https://platform.test";
const LOCAL = "http://127.0.0.1:1";
const basic: TransportRequest = {
  method: "GET",
  origin: ORIGIN,
  path: "/a",
  headers: { accept: "text/plain" },
  timeoutMs: 100,
  maxBodyBytes: 5,
};
const bytes = (text: string) => new TextEncoder().encode(text);
/** Until what was asked for has been dispatched. Of two loads at once only one would get the mocked module. */
const turns = async () => {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(() => {
  made.length = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const create = (useProxy = false) => createUndiciTransport({ openTimeoutMs: 1500, useProxy });

/** One request that is under way: what undici was asked, its handler, and the response to come. */
async function underWay(overrides: Partial<TransportRequest> = {}) {
  const responding = create().request({ ...basic, ...overrides });
  const settled = vi.fn();
  responding.then(settled, settled);
  await turns();
  const [options, handler] = made.flatMap(({ dispatch }) => dispatch.mock.calls)[0] as [object, Handler];
  const abort = vi.fn();
  return { responding, settled, options, handler, controller: { abort }, abort };
}

/** A request to which this comes. */
async function response(headers: Headers, body: string | string[] = "", maxBodyBytes = 100) {
  const { responding, handler, controller } = await underWay({ maxBodyBytes });
  handler.onRequestStart(controller);
  handler.onResponseStart(undefined, 200, headers);
  for (const chunk of [body].flat()) handler.onResponseData(undefined, bytes(chunk));
  handler.onResponseEnd();
  return responding;
}

describe("a dispatcher", () => {
  const pooled = { connections: 128, connect: { timeout: 1500 } };

  it("is one pool for each origin, which requests share", async () => {
    const transport = create();
    expect(made).toEqual([]);
    transport.request(basic);
    transport.request(basic);
    await turns();
    transport.request({ ...basic, origin: "https://other.test" });
    await turns();
    transport.request(basic);
    await turns();
    expect(made.map((one) => [one instanceof FakePool, ...one.given])).toEqual([
      [true, ORIGIN, pooled],
      [true, "https://other.test", pooled],
    ]);
    expect(made.map(({ dispatch }) => dispatch.mock.calls.length)).toEqual([3, 1]);
  });

  it("is the environment's proxies for all that is not this machine", async () => {
    const transport = create(true);
    for (const origin of [ORIGIN, "https://other.test", LOCAL, LOCAL]) {
      transport.request({ ...basic, origin });
      await turns();
    }
    const timeout = { timeout: 1500 };
    expect(made.map((one) => [one instanceof FakeProxyAgent, ...one.given])).toEqual([
      [true, { ...pooled, proxyTls: timeout, requestTls: timeout }],
      [false, LOCAL, pooled],
    ]);
    expect(made.map(({ dispatch }) => dispatch.mock.calls.length)).toEqual([2, 2]);
  });

  it("that cannot be made fails its requests with the reason, and is no hindrance to close", async () => {
    const transport = create();
    const failed = failure(transport.request({ ...basic, origin: "https://bad.test" }));
    expect((await failed).message).toBe("A bad address.");
    transport.request(basic);
    await turns();
    await transport.close();
    expect(made).toHaveLength(1);
    expect(made[0]?.destroy).toHaveBeenCalledOnce();
  });
});

describe("close", () => {
  it("destroys every dispatcher, and waits for that", async () => {
    const transport = create();
    for (const origin of [ORIGIN, "https://other.test"]) {
      transport.request({ ...basic, origin });
      await turns();
    }
    let end!: () => void;
    made[1]?.destroy.mockReturnValue(
      new Promise<void>((resolve) => {
        end = resolve;
      }),
    );
    const closed = vi.fn();
    const closing = transport.close().then(closed);
    await turns();
    expect(made.map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 1]);
    expect(closed).not.toHaveBeenCalled();
    end();
    await closing;
  });

  it("refuses requests from then on", async () => {
    const transport = create();
    transport.request(basic);
    await turns();
    await transport.close();
    expect((await failure(transport.request(basic))).message).toBe("The transport is closed.");
    expect(made[0]?.dispatch).toHaveBeenCalledOnce();
  });

  it("refuses those that still wait for a dispatcher", async () => {
    const transport = create();
    const failed = failure(transport.request(basic));
    await transport.close();
    expect((await failed).message).toBe("The transport is closed.");
    expect(made.map(({ dispatch, destroy }) => [dispatch.mock.calls, destroy.mock.calls])).toEqual([
      [[], [[]]],
    ]);
  });

  it("of a transport that was not used has nothing to do", async () => {
    await create().close();
    expect(made).toEqual([]);
  });
});

describe("what is dispatched", () => {
  it("is the request, without time-outs of undici's own", async () => {
    const { options } = await underWay();
    expect(options).toEqual({
      origin: ORIGIN,
      path: "/a",
      method: "GET",
      headers: { accept: "text/plain" },
      body: null,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  });

  it("has its own body", async () => {
    const { options } = await underWay({ method: "POST", body: "sent" });
    expect(options).toMatchObject({ method: "POST", body: "sent" });
  });

  it("is nothing that is cancelled before its turn", async () => {
    const cancel = new Cancel();
    const transport = create();
    transport.request(basic);
    await turns();
    const failed = failure(transport.request({ ...basic, cancel }));
    cancel.abort("enough");
    expect(await failed).toBe("enough");
    expect(made[0]?.dispatch).toHaveBeenCalledOnce();
  });

  it("waits for the next turn, and no longer where its dispatcher is there", async () => {
    const transport = create();
    transport.request(basic);
    await turns();
    transport.request(basic);
    await Promise.resolve();
    expect(made[0]?.dispatch).toHaveBeenCalledOnce();
    await new Promise((resolve) => setImmediate(resolve));
    expect(made[0]?.dispatch).toHaveBeenCalledTimes(2);
  });
});

describe("a response", () => {
  it("has status, headers and body", async () => {
    const { responding, handler, controller, abort } = await underWay();
    handler.onRequestStart(controller);
    handler.onResponseStart(undefined, 418, { etag: '"1"', vary: ["a", "b"] });
    handler.onResponseData(undefined, bytes("ab"));
    handler.onResponseData(undefined, bytes("cde"));
    handler.onResponseEnd();
    const { status, header, body } = await responding;
    expect([status, header("etag"), header("vary"), header("date"), body]).toEqual([
      418,
      '"1"',
      "a, b",
      undefined,
      bytes("abcde"),
    ]);
    expect(abort).not.toHaveBeenCalled();
  });

  it("is not what comes before it", async () => {
    const { responding, handler } = await underWay();
    handler.onResponseStart(undefined, 103, { link: "early", "content-length": "6" });
    handler.onResponseStart(undefined, 199, { link: "early" });
    handler.onResponseStart(undefined, 200, { etag: '"1"' });
    handler.onResponseStart(undefined, 199, { link: "late" });
    handler.onResponseEnd();
    const { status, header } = await responding;
    expect([status, header("link"), header("etag")]).toEqual([200, undefined, '"1"']);
  });

  it("may be as large as the bound", async () => {
    expect((await response({ "content-length": "5" }, "abcde", 5)).body).toEqual(bytes("abcde"));
  });

  it.each(["{", '{"a":1', "[", "[1,2", '{"a":[1,2,', " ".padStart(3, "{")])(
    "whose JSON breaks off is cut off where nothing says how long it is: %s",
    async (body) => {
      const error = await failure(response({}, body));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error.message).toBe("No whole response came from https://platform.test.");
      expect((error.cause as Error).message).toBe("The body breaks off within its JSON.");
      expect(error.hint).toBeUndefined();
    },
  );

  it.each(["{}", "[]", "{} \r\n\t", "[1] ", "", "text", '"text', "a{", "}", " {"])(
    "is whole where nothing shows that it is cut off: %j",
    async (body) => {
      expect((await response({}, body)).body).toEqual(bytes(body));
    },
  );

  it.each(["content-length", "transfer-encoding"])("is whole where it has %s", async (name) => {
    expect((await response({ [name]: "7" }, "{")).body).toEqual(bytes("{"));
  });
});

describe("a response that is too large", () => {
  it("is given up once its length says so", async () => {
    const { responding, handler, controller, abort } = await underWay();
    handler.onRequestStart(controller);
    handler.onResponseStart(undefined, 200, { "content-length": "6" });
    const error = await failure(responding);
    expect(error).toBeInstanceOf(TransportError);
    expect(error.kind).toBe("too-large");
    expect(abort.mock.calls).toEqual([[new Error("The request was given up.")]]);
  });

  it("is given up once it is, and only once", async () => {
    const { responding, settled, handler, controller, abort } = await underWay();
    handler.onRequestStart(controller);
    handler.onResponseStart(undefined, 200, {});
    handler.onResponseData(undefined, bytes("abc"));
    handler.onResponseData(undefined, bytes("de"));
    await turns();
    expect(settled).not.toHaveBeenCalled();
    handler.onResponseData(undefined, bytes("f"));
    expect((await failure(responding)).kind).toBe("too-large");
    handler.onResponseData(undefined, bytes("g"));
    handler.onResponseEnd();
    handler.onResponseError(undefined, new Error("aborted"));
    expect(abort).toHaveBeenCalledOnce();
    expect(settled).toHaveBeenCalledOnce();
  });
});

describe("a request", () => {
  it("ends with its time, and no earlier", async () => {
    const { responding, settled, handler, controller, abort } = await underWay();
    handler.onRequestStart(controller);
    await vi.advanceTimersByTimeAsync(99);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    const error = await failure(responding);
    expect(error).toBeInstanceOf(TransportError);
    expect(error.kind).toBe("timeout");
    expect(abort).toHaveBeenCalledOnce();
  });

  it("that has failed before it got a connection is not sent any more", async () => {
    const { responding, handler, controller, abort } = await underWay();
    await vi.advanceTimersByTimeAsync(100);
    expect((await failure(responding)).kind).toBe("timeout");
    handler.onRequestStart(controller);
    expect(abort.mock.calls).toEqual([[new Error("The request was given up.")]]);
  });

  it("that has not is", async () => {
    const { handler, controller, abort } = await underWay();
    handler.onRequestStart(controller);
    expect(abort).not.toHaveBeenCalled();
  });

  it("that is cancelled fails with the reason", async () => {
    const cancel = new Cancel();
    const { responding, handler, controller, abort } = await underWay({ cancel });
    handler.onRequestStart(controller);
    cancel.abort("enough");
    expect(await failure(responding)).toBe("enough");
    expect(abort).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["its response", (handler: Handler) => handler.onResponseEnd()],
    ["its failure", (handler: Handler) => handler.onResponseError(undefined, new Error("broken"))],
  ])("leaves no timer and no callback after %s", async (_, end) => {
    const cancel = new Cancel();
    const off = vi.fn();
    vi.spyOn(cancel, "onAbort").mockReturnValue(off);
    const { responding, handler } = await underWay({ cancel });
    expect([vi.getTimerCount(), off.mock.calls.length]).toEqual([1, 0]);
    end(handler);
    await Promise.allSettled([responding]);
    expect([vi.getTimerCount(), off.mock.calls.length]).toEqual([0, 1]);
  });
});

describe("an error of undici's", () => {
  const fail = async (error: Error) => {
    const { responding, handler } = await underWay();
    handler.onResponseError(undefined, error);
    return failure(responding);
  };
  const coded = (code: string) => Object.assign(new Error("broken"), { code });
  const CERTIFICATE =
    "The server's certificate is not trusted here: name your own authority in NODE_EXTRA_CA_CERTS.";

  it.each([
    ["ECONNREFUSED", undefined],
    ["ENOTFOUND", "Check the address and the network."],
    ["EAI_AGAIN", "Check the address and the network."],
    ["CERT_HAS_EXPIRED", CERTIFICATE],
    ["DEPTH_ZERO_SELF_SIGNED_X", CERTIFICATE],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", CERTIFICATE],
  ])("is a failed connection: %s", async (code, hint) => {
    const cause = coded(code);
    const error = await fail(cause);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(`No whole response came from https://platform.test (${code}).`);
    expect(error.hint).toBe(hint);
    expect(error.cause).toBe(cause);
  });

  it("may be that no connection was opened in time", async () => {
    const cause = coded("UND_ERR_CONNECT_TIMEOUT");
    const error = await fail(cause);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe("No connection to https://platform.test within 1.5 s (openTimeout).");
    expect([error.code, error.cause]).toEqual(["request_timeout", cause]);
  });

  it("keeps nothing of what the server sent", async () => {
    const error = await fail(Object.assign(coded("HPE_INVALID_CONSTANT"), { data: "hush" }));
    expect(error.cause).not.toHaveProperty("data");
    expect(error.cause).toHaveProperty("code", "HPE_INVALID_CONSTANT");
  });
});
