import { expect, it, onTestFinished, vi } from "vitest";
import { Poller, RateLimiter } from "../../../src/run/dev/poller.ts";
import { waitFor } from "../../support/wait-for.ts";
import { startDevApp } from "./dev-app.ts";

const PROMPTS = 25;
const RATE = 10;

/** A server whose page needs many prompts, none of them committed. */
async function serve(dev: object) {
  const names = Array.from({ length: PROMPTS }, (_, i) => `p${i}`);
  const imports = names.map((name) => `import ${name} from "scope:${name}";\n`).join("");
  const app = await startDevApp({
    prompts: Object.fromEntries(names.map((name) => [name, `${name} v1`])),
    files: {
      "src/render.js": `${imports}export const render = () => [${names.join(", ")}].map((prompt) => prompt()).join();\n`,
    },
  });
  const server = app.serve({ maxRequestsPerSecond: RATE, ...dev });
  await server.said(/ready/);
  const { gateway } = app.platform;
  return {
    ...app,
    gateway,
    server,
    ask: () => server.ask(),
    /** When each request came, logins among them. */
    times: () => [...gateway.polls, ...gateway.logins].map(({ at }) => at).sort((a, b) => a - b),
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it("requests and the polls of several pollers share one rate, first come, first served", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const rateLimiter = new RateLimiter();
  const gapMs = 1000 / RATE;
  const sent: { readonly what: string; readonly at: number }[] = [];
  const request = async (what: string) => {
    await rateLimiter.slot(gapMs);
    sent.push({ what, at: performance.now() });
  };
  for (const what of ["first", "second", "third"]) void request(what);
  const pollers = ["a", "b"].map((name) => {
    const poller = new Poller({
      intervalMs: 500,
      maxRequestsPerSecond: RATE,
      rateLimiter,
      isUsed: () => true,
      poll: () => request(name),
      onOutage: () => 0,
      onBack: () => {},
      onStretch: () => {},
    });
    for (let i = 0; i < PROMPTS; i++) {
      poller.add({ name: `${name}${i}`, pin: { kind: "label", label: "production" } });
    }
    return poller;
  });
  await vi.advanceTimersByTimeAsync(5000);
  for (const poller of pollers) poller.close();
  expect(sent.slice(0, 3).map(({ what }) => what)).toEqual(["first", "second", "third"]);
  const gaps = sent.slice(1).map(({ at }, i) => at - (sent[i] as (typeof sent)[number]).at);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(gapMs);
  expect(sent.length).toBeGreaterThan(5 * RATE * 0.9);
  for (const name of ["a", "b"])
    expect(sent.filter(({ what }) => what === name).length).toBeGreaterThan(RATE);
});

it("keeps the gap after the process was busy for a while", async () => {
  const rateLimiter = new RateLimiter();
  const gapMs = 50;
  const sent: number[] = [];
  const slots = Array.from({ length: 8 }, async () => {
    await rateLimiter.slot(gapMs);
    sent.push(performance.now());
  });
  await pause(10);
  for (const until = performance.now() + 300; performance.now() < until; );
  await Promise.all(slots);
  const gaps = sent.slice(1).map((at, i) => at - (sent[i] as number));
  expect(Math.min(...gaps)).toBeGreaterThan(gapMs - 5);
});

it("first requests, polls and logins of a server together stay within the rate", async () => {
  await using app = await serve({ interval: 0.5 });
  const askedAt = performance.now();
  expect(await app.ask()).toContain("p24 v1");
  await waitFor("polls", () => app.gateway.polls.length > PROMPTS + RATE);
  // From the first one on. A slow machine makes it fewer.
  const seconds = (performance.now() - askedAt) / 1000;
  expect(app.times().length).toBeLessThanOrEqual(RATE * seconds + 1);
});

it("refused credentials are one problem for all prompts, retried less and less often, and recover by themselves", async () => {
  await using app = await serve({ interval: 0.2 });
  expect(await app.ask()).toContain("p24 v1");
  app.gateway.status = 401;
  app.gateway.loginStatus = 401;
  const seen = app.times().length;
  await app.server.said(/credentials_invalid/);
  await pause(3000);
  // Polls of one moment fail together; then 0.4, 0.8, 1.6 s.
  expect(app.gateway.logins.length).toBeLessThanOrEqual(5);
  expect(app.times().length - seen).toBeLessThanOrEqual(12);
  expect(await app.ask()).toContain("p24 v1");
  expect(app.server.count(/(?:credentials_invalid|authentication_failed) {2}/)).toBe(1);
  app.gateway.status = undefined;
  app.gateway.loginStatus = undefined;
  await app.platform.save("p3", "p3 v2");
  await waitFor("the edit", async () => (await app.ask()).includes("p3 v2"), {
    describe: () => app.server.output,
  });
  expect(app.server.output).toContain("All prompts work again.");
});
