// What hooks and nobody else see of each attempt.
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ErrorInfo, type RequestInfo, type ResponseInfo, Telemetry } from "../../src/client/index.ts";
import { setup } from "./client-setup.ts";
import { answers, inTurn, json, version } from "./faulty-platform.ts";

afterEach(() => {
  Telemetry.clear();
  vi.restoreAllMocks();
});

function record() {
  const requests: RequestInfo[] = [];
  const responses: ResponseInfo[] = [];
  const errors: ErrorInfo[] = [];
  const offs = [
    Telemetry.onRequest((info) => requests.push(info)),
    Telemetry.onResponse((info) => responses.push(info)),
    Telemetry.onError((info) => errors.push(info)),
  ];
  return { requests, responses, errors, offs };
}

it("method, url, status, time and ids of every attempt, also of logins; no secret, token, body or text", async () => {
  const { requests, responses, errors } = record();
  let now = 0;
  const { platform, client } = await setup({}, { clock: () => now });
  platform.prompt = inTurn(
    answers(503),
    (response) => response.socket?.destroy(),
    (response) => {
      now += 30;
      json(response, 200, version());
    },
  );
  await client.getPromptVersion("greeting");
  const url = `${platform.url}/api/v1/prompts/greeting/production`;
  const sent = [`POST ${platform.url}/v1/auth/applications/login`, ...Array(3).fill(`GET ${url}`)];
  const ids = platform.seen.map(({ headers }) => headers["x-request-id"]);
  expect(new Set(ids).size).toBe(4);
  expect(requests.map((info) => `${info.method} ${info.url}`)).toEqual(sent);
  expect(requests.map((info) => info.requestId)).toEqual(ids);
  expect(responses.map((info) => info.statusCode)).toEqual([200, 503, 200]);
  expect(responses[2]).toEqual({ requestId: ids[3], method: "GET", url, statusCode: 200, elapsedMs: 30 });
  expect(errors).toMatchObject([{ requestId: ids[2], error: { code: "connection_failed" } }]);
  expect(JSON.stringify([requests, responses, errors])).not.toMatch(/hush|token-\d|Hello/);
  expect(requests[1]?.headers.authorization).toBe("Bearer [REDACTED]");
});

describe("a hook", () => {
  const thrown = new Error("hook");
  const throwing = () => {
    throw thrown;
  };
  it.each([
    ["throws", throwing],
    ["rejects", () => Promise.reject(thrown)],
  ])("that %s is reported once and isolated", async (_, hook) => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const { platform, client } = await setup();
    platform.prompt = inTurn((response) => response.socket?.destroy(), answers(200, version()));
    Telemetry.onRequest(hook);
    Telemetry.onResponse(hook);
    const after = record();
    Telemetry.onError(hook);
    await client.getPromptVersion("greeting");
    await client.getPromptVersion("other");
    expect(after.responses).toHaveLength(3);
    expect(report.mock.calls).toEqual([
      ["A Telemetry.onRequest hook threw an error; the request goes on.", thrown],
    ]);
  });

  it("ends with what its registration returned, and with clear", async () => {
    const { requests, responses, errors, offs } = record();
    const { client } = await setup();
    for (const off of offs) off();
    await client.getPromptVersion("a");
    const again = record();
    Telemetry.clear();
    await client.getPromptVersion("b");
    expect([requests, responses, errors, again.requests, again.responses].flat()).toEqual([]);
  });
});

it("telemetryEnabled: false keeps a client's events to itself", async () => {
  const { requests } = record();
  const { client } = await setup({ telemetryEnabled: false });
  await client.getPromptVersion("greeting");
  expect(requests).toEqual([]);
});
