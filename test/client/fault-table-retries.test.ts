// One test, or one block of them, for each row of the table of what the official SDKs do wrong: retries.
import { describe, expect, it } from "vitest";
import { RateLimitError, ServerError } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { answers, inTurn, json, token, version } from "./faulty-platform.ts";

/** Records the waits that are asked for and does not sit them out: its clock moves with them alone. */
function recorder() {
  const waits: number[] = [];
  let now = 0;
  const sleep = async (ms: number) => {
    waits.push(ms);
    now += ms;
  };
  return { waits, clock: () => now, sleep, random: () => 0.5 };
}

describe("429 and 5xx are never retried, Retry-After is ignored", () => {
  it.each([429, 500, 599])("a fetch is retried after %i, with exponential backoff", async (status) => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup({ retryBaseDelay: 0.5 }, parts);
    platform.prompt = inTurn(answers(status), answers(status), answers(status), answers(200, version()));
    await client.getPromptVersion("greeting");
    // With a random of 0.5 the jitter is three quarters of the backoff.
    expect(waits).toEqual([375, 750, 1500]);
    expect(platform.fetches()).toHaveLength(4);
  });

  it("a login is retried in the same way", async () => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup({ retryBaseDelay: 1 }, parts);
    platform.login = inTurn(answers(503), answers(429, {}, { "retry-after": "7" }), token());
    await client.getPromptVersion("greeting");
    expect(waits).toEqual([750, 7000]);
    expect(platform.logins()).toHaveLength(3);
  });

  it("the backoff ends at retryMaxDelay", async () => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup({ retryBaseDelay: 0.5, retryMaxDelay: 2, maxRetries: 5 }, parts);
    platform.prompt = answers(500);
    await failure(client.getPromptVersion("greeting"));
    expect(waits).toEqual([375, 750, 1500, 1500, 1500]);
  });

  it("jitter spreads the waits between half of the backoff and all of it", async () => {
    const waits: number[] = [];
    const { platform, client } = await setup(
      { retryBaseDelay: 1, maxRetries: 20, retryMaxDelay: 1 },
      { sleep: async (ms) => void waits.push(ms) },
    );
    platform.prompt = answers(500);
    await failure(client.getPromptVersion("greeting"));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
    expect(new Set(waits).size).toBeGreaterThan(10);
  });

  // biome-ignore format: one row a line
  it.each([
    ["seconds past retryMaxDelay", { "retry-after": "3600" }, 30_000],
    ["a date", { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", date: "Sun, 06 Nov 1994 08:49:27 GMT" }, 10_000],
    ["less than the backoff", { "retry-after": "0" }, 375],
  ])("Retry-After is obeyed up to retryMaxDelay: %s", async (_, headers, wait) => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup({ retryBaseDelay: 0.5 }, parts);
    platform.prompt = inTurn(
      (response) => json(response, 429, {}, headers as Record<string, string>),
      answers(200, version()),
    );
    await client.getPromptVersion("greeting");
    expect(waits).toEqual([wait]);
  });

  it("after the retries it's a RateLimitError with the whole delay", async () => {
    const { platform, client } = await setup({ maxRetries: 1, retryMaxDelay: 0 });
    platform.prompt = answers(429, {}, { "retry-after": "90" });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.retryAfter).toBe(90);
  });

  it("the deadline limits all attempts together: no wait starts that would end after it", async () => {
    const { waits, ...parts } = recorder();
    const { platform, client } = await setup(
      { deadline: 10, retryBaseDelay: 4, maxRetries: 20, retryMaxDelay: 4 },
      { ...parts, random: () => 1 },
    );
    platform.prompt = answers(503);
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(ServerError);
    expect(platform.fetches()).toHaveLength(3);
    expect(waits).toEqual([4000, 4000]);
  });

  it.each(["login", "wait"])(
    "an aborted call rejects with the signal's reason: during the %s",
    async (when) => {
      const { platform, client } = await setup({ retryBaseDelay: 30 });
      const controller = new AbortController();
      const reason = { because: when };
      platform.prompt = (response) => {
        json(response, 503, {});
        setTimeout(() => controller.abort(reason), 50);
      };
      if (when === "login") platform.login = () => controller.abort(reason);
      const error = await failure(client.getPromptVersion("greeting", { signal: controller.signal }));
      expect(error).toBe(reason);
    },
  );

  it("a hundred calls with one signal are no leak to Node, and all of them abort", async () => {
    const warnings: unknown[] = [];
    const note = (warning: unknown) => warnings.push(warning);
    process.on("warning", note);
    const { platform, client } = await setup();
    platform.login = (response, seen) => setTimeout(() => token()(response, seen), 20);
    platform.prompt = () => {};
    const controller = new AbortController();
    const { signal } = controller;
    const calls = Array.from({ length: 100 }, (_, i) =>
      failure(client.getPromptVersion(`p${i}`, { signal })),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    controller.abort("enough");
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["enough"]));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });
});
