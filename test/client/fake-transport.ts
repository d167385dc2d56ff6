import { PlatformResponse, type Sender } from "../../src/client/http/send.ts";
import type { Transport, TransportRequest, TransportResponse } from "../../src/client/http/transport.ts";

/** A response in short: 200 and `{}` unless it says otherwise; a body that isn't a string is sent as JSON. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function transportResponse({ status = 200, body = {}, headers = {} }: Reply): TransportResponse {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    header: (name) => headers[name],
    body: body instanceof Uint8Array ? body : new TextEncoder().encode(text),
  };
}

export function platformResponse(reply: Reply, secrets: readonly string[] = []): PlatformResponse {
  return new PlatformResponse(transportResponse(reply), "request-sent", secrets);
}

export interface FakeTransport extends Transport {
  readonly requests: TransportRequest[];
  closed: number;
}

/** Responds without a network: each reply in turn, the last one for good; an error is thrown. */
export function fakeTransport(...replies: readonly (Reply | Error)[]): FakeTransport {
  const requests: TransportRequest[] = [];
  return {
    requests,
    closed: 0,
    async request(request) {
      const reply = replies[Math.min(requests.push(request), replies.length) - 1] ?? {};
      if (reply instanceof Error) throw reply;
      return transportResponse(reply);
    },
    async close() {
      this.closed++;
    },
  };
}

export function senderOf(transport: Transport, overrides: Partial<Sender> = {}): Sender {
  return {
    transport,
    timeoutMs: 1000,
    deadlineMs: 3000,
    maxBodyBytes: 1e6,
    userAgent: "test",
    clock: () => 0,
    ...overrides,
  };
}

/** What `action` throws. */
export function thrownBy(action: () => unknown): Error & Record<string, unknown> {
  try {
    action();
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("It did not fail.");
}
