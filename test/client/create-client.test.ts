import { afterEach, beforeEach, expect, it } from "vitest";
import { resolveConnection } from "../../src/client/connection/connection.ts";
import { createClient } from "../../src/client/create-client.ts";
import { MissingApiKeyError } from "../../src/errors/classes.ts";
import { CREDENTIALS, closing } from "./client-setup.ts";
import { fakeTransport } from "./fake-transport.ts";
import { version } from "./faulty-platform.ts";

beforeEach(() => {
  process.env.SCOPE_ENVIRONMENT = "of-the-process";
  process.env.SCOPE_API_KEY = "of-the-process";
});
afterEach(() => {
  delete process.env.SCOPE_ENVIRONMENT;
  delete process.env.SCOPE_API_KEY;
});

it("a client from a resolved connection has its values, and doesn't read the environment", async () => {
  const connection = resolveConnection(
    { credentials: CREDENTIALS, timeout: 5 },
    { SCOPE_ENVIRONMENT: "staging" },
  );
  const transport = fakeTransport({ body: { access_token: "token" } }, { body: version() });
  const client = closing(createClient(connection, { transport }));
  expect(client.config).toMatchObject({ timeout: 5, environment: "staging", credentials: CREDENTIALS });
  await client.getPromptVersion("greeting");
  expect(transport.requests).toHaveLength(2);
});

it("a connection without credentials creates no client", () => {
  expect(() => createClient(resolveConnection({}, {}))).toThrow(MissingApiKeyError);
});
