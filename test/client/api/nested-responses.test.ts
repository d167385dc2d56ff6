// A body that is nested without end must not hold up the process, whatever its status.
import { expect, it } from "vitest";
import { failure, setup } from "../client-setup.ts";
import type { Behaviour } from "../faulty-platform.ts";

const NESTED = Buffer.from("[".repeat(5e6) + "]".repeat(5e6));
const nested =
  (status: number): Behaviour =>
  (response) =>
    response.writeHead(status).end(NESTED);

it.each([
  ["a prompt", 200],
  ["a prompt", 403],
  ["a prompt", 500],
  ["a login", 200],
  ["a login", 401],
  ["a login", 500],
])("10 MB of brackets as %s with %i", async (what, status) => {
  const { platform, client } = await setup({ maxRetries: 0 });
  platform[what === "a login" ? "login" : "prompt"] = nested(status);
  const startedAt = performance.now();
  await failure(client.getPromptVersion("greeting"));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
