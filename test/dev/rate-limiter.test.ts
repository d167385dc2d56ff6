import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { ROOT } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";

const PROMPTS = 25;
const RATE = 10;

/** A server whose page needs many prompts, none of them committed. */
async function serve(live: object) {
  const platform = await DevPlatform.start();
  const names = Array.from({ length: PROMPTS }, (_, i) => `p${i}`);
  for (const name of names) await platform.save(name, `${name} v1`);
  const imports = names.map((name) => `import ${name} from "scope:${name}";\n`).join("");
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "src/render.js": `${imports}export const render = () => [${names.join(", ")}].map((prompt) => prompt()).join();\n`,
  });
  const server = new ServerProcess([join(ROOT, "test", "dev", "ssr-server.js"), root, "runner"], root, {
    ...platform.env,
    TEST_PLUGIN_OPTIONS: JSON.stringify({ live: { maxRequestsPerSecond: RATE, write: false, ...live } }),
  });
  const [, url] = await server.said(/ready (\S+)/);
  const { gateway } = platform;
  return {
    platform,
    gateway,
    server,
    ask: async () => (await fetch(url as string)).text(),
    /** When each request came, logins among them. */
    times: () => [...gateway.polls, ...gateway.logins].map(({ at }) => at).sort((a, b) => a - b),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await platform.close();
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The most requests within a second that begins with one of them. */
const mostInASecond = (times: readonly number[]) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));

it("first requests, polls and logins together keep to the rate", async () => {
  await using app = await serve({ interval: 0.5 });
  expect(await app.ask()).toContain("p24 v1");
  await pause(2000);
  expect(app.gateway.polls.length).toBeGreaterThan(PROMPTS + RATE);
  // On its way one may be a little slower than the next.
  expect(mostInASecond(app.times())).toBeLessThanOrEqual(RATE + 1);
});

it("refused credentials are one problem of all prompts, tried again ever more seldom, and mended by themselves", async () => {
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
  expect(app.server.count(/credentials_invalid|authentication_failed/)).toBe(1);
  app.gateway.status = undefined;
  app.gateway.loginStatus = undefined;
  await app.platform.save("p3", "p3 v2");
  await waitFor("the edit", async () => (await app.ask()).includes("p3 v2"), {
    describe: () => app.server.output,
  });
  expect(app.server.output).toContain("All prompts work again.");
});
