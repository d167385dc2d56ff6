import { describe, expect, it, vi } from "vitest";
import { Cancel } from "../../../src/client/http/cancel.ts";
import {
  type Attempt,
  type Outgoing,
  PlatformResponse,
  type Sender,
  send,
  timedOut,
} from "../../../src/client/http/send.ts";
import { type Transport, TransportError, type TransportRequest } from "../../../src/client/http/transport.ts";
import { ConnectionError, TimeoutError, ValidationError } from "../../../src/errors/classes.ts";
import { failure } from "../client-setup.ts";

const ORIGIN = "https://platform.test";
const text = (body: string) => new TextEncoder().encode(body);
const raw = (headers: Record<string, string> = {}, body = "{}") => ({
  status: 418,
  header: (name: string) => headers[name],
  body: text(body),
});
const outgoing: Outgoing = {
  method: "POST",
  origin: ORIGIN,
  path: "/a",
  headers: { authorization: "Bearer hush" },
  body: "sent",
  secrets: ["hush"],
};

function sending(
  respond: Transport["request"],
  sender: Partial<Sender> = {},
): { run: (cancel?: Cancel, deadlineAt?: number) => Promise<PlatformResponse>; seen: TransportRequest[] } {
  const seen: TransportRequest[] = [];
  const transport: Transport = {
    request(request) {
      seen.push(request);
      return respond(request);
    },
    async close() {},
  };
  const whole: Sender = {
    transport,
    timeoutMs: 3000,
    deadlineMs: 9000,
    maxBodyBytes: 100,
    userAgent: "test/1",
    clock: () => 500,
    ...sender,
  };
  return {
    run: (cancel, deadlineAt = 9000) => send(whole, outgoing, { cancel, deadlineAt }),
    seen,
  };
}

describe("one attempt", () => {
  it("passes the transport all it needs, and no secrets", async () => {
    const { run, seen } = sending(async () => raw());
    const cancel = new Cancel();
    const response = await run(cancel);
    const { requestId } = response;
    expect(requestId).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    expect(seen).toEqual([
      {
        method: "POST",
        origin: ORIGIN,
        path: "/a",
        body: "sent",
        headers: {
          accept: "application/json",
          "user-agent": "test/1",
          "x-request-id": requestId,
          authorization: "Bearer hush",
        },
        timeoutMs: 3000,
        maxBodyBytes: 100,
        cancel,
      },
    ]);
    expect([response.status, response.body]).toEqual([418, text("{}")]);
  });

  it("can be observed", async () => {
    const seen: Attempt[] = [];
    const other = new PlatformResponse(raw(), "other", []);
    const watch: Sender["watch"] = async (attempt, run) => {
      seen.push(attempt);
      await run();
      return other;
    };
    const { run, seen: sent } = sending(async () => raw(), { watch });
    expect(await run()).toBe(other);
    expect(sent).toHaveLength(1);
    const { headers } = sent[0] as TransportRequest;
    expect(seen).toEqual([
      { method: "POST", url: "https://platform.test/a", headers, requestId: headers["x-request-id"] },
    ]);
  });
});

describe("the time of an attempt", () => {
  it.each([
    [3501, 3000],
    [3499, 2999],
    [501, 1],
  ])("ends with the deadline at the latest: %i", async (deadlineAt, expected) => {
    const { run, seen } = sending(async () => raw());
    await run(undefined, deadlineAt);
    expect(seen[0]?.timeoutMs).toBe(expected);
  });

  it.each([500, 499])("that is already over sends nothing: %i", async (deadlineAt) => {
    const { run, seen } = sending(async () => raw());
    const error = await failure(run(undefined, deadlineAt));
    expect(error.message).toBe("No complete response from https://platform.test within 9 s (deadline).");
    expect(error.cause).toMatchObject({ kind: "timeout" });
    expect(seen).toEqual([]);
  });

  it.each([
    [3499, "9 s (deadline)"],
    [3500, "3 s (timeout)"],
    [3501, "3 s (timeout)"],
  ])("that is over names the option that limits it: %i", async (deadlineAt, expected) => {
    const thrown = new TransportError("timeout");
    const { run } = sending(() => Promise.reject(thrown));
    const error = await failure(run(undefined, deadlineAt));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe(`No complete response from https://platform.test within ${expected}.`);
    expect([error.code, error.cause]).toEqual(["request_timeout", thrown]);
  });

  it("is reported in seconds", () => {
    const error = timedOut(ORIGIN, 1500, "timeout");
    expect(error.message).toBe("No complete response from https://platform.test within 1.5 s (timeout).");
    expect("cause" in error).toBe(false);
  });
});

describe("an attempt that fails", () => {
  it("with a body that is too large", async () => {
    const thrown = new TransportError("too-large");
    const { run } = sending(() => Promise.reject(thrown));
    const error = await failure(run());
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toBe("The response from https://platform.test is larger than 100 bytes.");
    expect(error).toMatchObject({
      code: "response_too_large",
      field: "body",
      hint: "Raise maxBodyBytes if a prompt is really that large.",
      cause: thrown,
    });
  });

  it("with one of the client's errors throws that", async () => {
    const thrown = new ConnectionError("mine", { code: "connection_failed" });
    const { run } = sending(() => Promise.reject(thrown));
    expect(await failure(run(new Cancel()))).toBe(thrown);
  });

  it("with any other error is a connection error", async () => {
    const thrown = Object.assign(new Error("broken"), { code: "ECONNRESET" });
    const { run } = sending(() => Promise.reject(thrown));
    const error = await failure(run());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe("No complete response from https://platform.test (ECONNRESET).");
    expect(error.cause).toBe(thrown);
  });

  it("because it's cancelled throws the reason, whatever the transport says", async () => {
    const cancel = new Cancel();
    const { run } = sending(() => {
      cancel.abort("enough");
      return Promise.reject(new TransportError("timeout"));
    });
    expect(await failure(run(cancel))).toBe("enough");
  });

  it("because it was already cancelled sends nothing", async () => {
    const cancel = new Cancel();
    cancel.abort("enough");
    const { run, seen } = sending(async () => raw());
    expect(await failure(run(cancel))).toBe("enough");
    expect(seen).toEqual([]);
  });
});

describe("a response", () => {
  const make = (headers: Record<string, string>, body?: string) =>
    new PlatformResponse(raw(headers, body), "sent-id", ["hush", "token"]);

  it("has the headers that the transport knows", () => {
    const header = vi.fn(() => "one");
    const response = new PlatformResponse({ status: 200, header, body: text("") }, "id", []);
    expect(response.header("etag")).toBe("one");
    expect(header.mock.calls).toEqual([["etag"]]);
  });

  it("has the server's own ID as an error can show it, or the one that was sent", () => {
    expect(make({ "x-request-id": "own hush" }).requestId).toBe("own [REDACTED]");
    expect(make({ "x-request-id": "" }).requestId).toBe("");
    expect(make({}).requestId).toBe("sent-id");
  });

  it("is quoted on one line, without the secrets", () => {
    expect(make({}).quote("a\r\nhush\nb token")).toBe("a [REDACTED] b [REDACTED]");
  });

  it("is quoted in 300 characters", () => {
    expect(make({}).quote("x".repeat(300))).toBe("x".repeat(300));
    expect(make({}).quote("x".repeat(301))).toBe(`${"x".repeat(300)}…`);
    expect(make({}).quote(`${"x".repeat(298)}hush`)).toBe(`${"x".repeat(298)}[R…`);
  });

  it("says whether its body contains a secret", () => {
    expect(make({}, '{"said":"hush"}').holdsSecret()).toBe(true);
    expect(make({ said: "hush" }, '{"said":"é"}').holdsSecret()).toBe(false);
  });
});
