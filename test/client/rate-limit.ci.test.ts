import { expect, it } from "vitest";
import { RateLimitError } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { answers, atMost, inTurn, json, version } from "./faulty-platform.ts";

const names = Array.from({ length: 120 }, (_, at) => `prompt-${at}`);

it.each([
  ["says nothing else", 5, 100, {}, 120],
  ["asks for a second", 4, 1000, { "retry-after": "1" }, 24],
])(
  "many prompts come from a platform that limits the rate and %s",
  async (_, most, windowMs, headers, count) => {
    const { platform, client } = await setup({ retryBaseDelay: 0.1 });
    platform.prompt = atMost(most, windowMs, answers(200, version()), headers);
    await Promise.all(names.slice(0, count).map((name) => client.getPromptVersion(name)));
  },
  60_000,
);

it("after a 429 nothing is sent until the pause is over", async () => {
  const { platform, client } = await setup();
  platform.prompt = inTurn(answers(429, {}, { "retry-after": "1" }), answers(200, version()));
  const first = client.getPromptVersion("first");
  await expect.poll(() => platform.fetches().length).toBe(1);
  const limitedAt = platform.fetches()[0]?.atMs ?? 0;
  // Until the client has its 429.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await Promise.all([first, client.getPromptVersion("second"), client.getPromptVersion("third")]);
  const later = platform.fetches().slice(1);
  expect(later).toHaveLength(3);
  for (const { atMs } of later) expect(atMs - limitedAt).toBeGreaterThanOrEqual(1000);
});

it("a 429 on the last attempt doesn't hold back later calls", async () => {
  const { platform, client } = await setup({ maxRetries: 0, deadline: 5 });
  platform.prompt = inTurn(answers(429, {}, { "retry-after": "30" }), answers(200, version()));
  expect(await failure(client.getPromptVersion("a"))).toBeInstanceOf(RateLimitError);
  expect((await client.getPromptVersion("a")).versionNumber).toBe(1);
});

it("the deadline limits the wait for a prompt that keeps waiting because others succeed", async () => {
  const { platform, client } = await setup({ deadline: 1, retryBaseDelay: 0.02 });
  platform.prompt = (response, { path }) =>
    path.includes("/starved/") ? json(response, 429, {}) : json(response, 200, version());
  const starved = failure(client.getPromptVersion("starved"));
  let isOver = false;
  starved.finally(() => {
    isOver = true;
  });
  for (let at = 0; !isOver; at++) await client.getPromptVersion(`other-${at}`);
  // The time may be over while it waits for its turn, or for an answer.
  expect(["RateLimitError", "TimeoutError"]).toContain(((await starved) as Error).name);
  expect(platform.fetches().filter(({ path }) => path.includes("/starved/")).length).toBeGreaterThan(4);
});

it("a call that is aborted during another's pause ends at once", async () => {
  const { platform, client } = await setup({ deadline: 1.5 });
  platform.prompt = answers(429, {}, { "retry-after": "1" });
  const first = failure(client.getPromptVersion("first"));
  await expect.poll(() => platform.fetches().length).toBe(1);
  const controller = new AbortController();
  const aborted = failure(client.getPromptVersion("second", { signal: controller.signal }));
  controller.abort("enough");
  expect(await aborted).toBe("enough");
  expect(await first).toBeInstanceOf(RateLimitError);
});
