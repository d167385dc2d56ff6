import { tracingChannel } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import type { TracedRequest } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { answers, inTurn, version } from "./faulty-platform.ts";

type Context = TracedRequest & { error?: unknown };
const channel = tracingChannel<Context, Context>("unplugin-scope:request");
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function subscribe() {
  const events: [string, Context][] = [];
  const note = (name: string) => (context: unknown) => void events.push([name, { ...(context as Context) }]);
  const handlers = {
    start: note("start"),
    end: note("end"),
    asyncStart: note("asyncStart"),
    asyncEnd: note("asyncEnd"),
    error: note("error"),
  };
  channel.subscribe(handlers);
  ends.push(() => channel.unsubscribe(handlers));
  return events;
}

describe("the tracing channel unplugin-scope:request", () => {
  it("one trace for each request, logins included, with its status", async () => {
    const events = subscribe();
    const { platform, client } = await setup();
    platform.prompt = inTurn(answers(503), answers(200, version()));
    await client.getPromptVersion("greeting");
    const ended = events.filter(([name]) => name === "asyncEnd").map(([, context]) => context);
    expect(
      ended.map(({ method, url, statusCode }) => [method, url.replace(platform.url, ""), statusCode]),
    ).toEqual([
      ["POST", "/v1/auth/applications/login", 200],
      ["GET", "/api/v1/prompts/greeting/production", 503],
      ["GET", "/api/v1/prompts/greeting/production", 200],
    ]);
    expect(new Set(ended.map(({ requestId }) => requestId)).size).toBe(3);
    expect(platform.seen.map(({ headers }) => headers["x-request-id"])).toEqual(
      ended.map((each) => each.requestId),
    );
  });

  it("a request without a response ends in one of our errors", async () => {
    const events = subscribe();
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.prompt = (response) => response.socket?.destroy();
    const error = await failure(client.getPromptVersion("greeting"));
    const errors = events.filter(([name]) => name === "error").map(([, context]) => context.error);
    expect(errors).toEqual([error]);
  });

  it("no event contains secret, token or text", async () => {
    const events = subscribe();
    const { client } = await setup();
    await client.getPromptVersion("greeting");
    expect(JSON.stringify(events)).not.toMatch(/hush|token-\d|Hello/);
  });

  it("telemetryEnabled: false publishes nothing", async () => {
    const events = subscribe();
    const { client } = await setup({ telemetryEnabled: false });
    await client.getPromptVersion("greeting");
    expect(events).toEqual([]);
  });
});
