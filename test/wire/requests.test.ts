import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  InvalidCredentialsError,
  NoProductionVersionError,
  NotFoundError,
  TokenRefreshError,
} from "../../src/client/index.ts";
import { failure } from "../client/client-setup.ts";
import {
  DOCUMENTED_LOGIN,
  ERROR_BODIES,
  type ErrorForm,
  type Logins,
  ReferencePlatform,
  SDK_LOGIN,
} from "./reference-platform.ts";
import { makeClient } from "./wire-app.ts";
import { FORMS, VALUES } from "./wire-forms.ts";

const LOGINS: readonly [string, Logins][] = [
  ["the documented login", DOCUMENTED_LOGIN],
  ["the SDKs' login", SDK_LOGIN],
  ["both logins", { documented: true, sdks: true }],
];
const ADDRESSES = ["", "/", "/api/v1", "/api/v1/"];

let platform: ReferencePlatform;
beforeEach(async () => {
  platform = await ReferencePlatform.start();
});
afterEach(() => platform.close());

describe.each(LOGINS)("%s", (_, logins) => {
  it.each(ADDRESSES)('with "%s" after the address', async (end) => {
    platform.logins = logins;
    platform.serve("greeting", FORMS.documented({ name: "greeting", number: 3 }));
    await using client = makeClient(platform, { baseUrl: platform.url + end, cacheEnabled: false });
    for (let i = 0; i < 2; i++)
      expect((await client.getPromptVersion("greeting")).render(VALUES)).toContain("edition 3");
    const asked = platform.requests.filter((one) => one.startsWith("GET"));
    expect(asked).toEqual(Array(2).fill("GET /api/v1/prompts/greeting/production"));
  });

  it.each(Object.keys(ERROR_BODIES) as ErrorForm[])("refused, in the error form %s", async (form) => {
    platform.logins = logins;
    platform.errors = form;
    const fails = async (status: number) => {
      platform.loginStatus = status;
      await using client = makeClient(platform, { maxRetries: 0 });
      return await failure(client.getPromptVersion("greeting"));
    };
    for (const status of [401, 403]) expect(await fails(status)).toBeInstanceOf(InvalidCredentialsError);
    const error = await fails(503);
    expect(error).toBeInstanceOf(TokenRefreshError);
    expect(error).toMatchObject({ httpStatus: 503, message: expect.stringContaining("Not today") });
  });
});

describe.each(Object.keys(ERROR_BODIES) as ErrorForm[])("a 404 in the error form %s", (form) => {
  const ask = async () => {
    platform.errors = form;
    await using client = makeClient(platform);
    return await failure(client.getPromptVersion("greeting"));
  };

  it("for a missing prompt", async () => {
    const error = await ask();
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.message).toContain("Prompt 'greeting' not found");
  });

  it("for a prompt with nothing in production", async () => {
    platform.serve("greeting", FORMS.documented({ name: "greeting", number: 4 }), ["latest"]);
    expect(await ask()).toBeInstanceOf(NoProductionVersionError);
  });
});

it("a label and a version by ID, with everything that the documentation shows", async () => {
  const published = FORMS.documented({ name: "greeting", number: 3 });
  const draft = {
    ...FORMS.documented({ name: "greeting", number: 4 }),
    status: "draft",
    is_production: false,
    promoted_at: null,
    promoted_by: null,
  };
  platform.serve("greeting", published, ["production"]);
  platform.serve("greeting", draft, ["latest"]);
  await using client = makeClient(platform);
  const production = {
    id: "v_greeting_3",
    promptId: "pmt_greeting",
    versionNumber: 3,
    name: "greeting",
    isPublished: true,
    isProduction: true,
    metadata: { model: "small" },
    variables: ["name", "app"],
    tags: ["letters"],
    createdAt: "2026-03-02T09:00:00Z",
    updatedAt: "2026-03-02T10:00:00Z",
    promotedAt: "2026-03-02T10:00:00Z",
    promotedBy: "usr_7",
  };
  expect(await client.getPromptVersion("greeting")).toMatchObject(production);
  expect(await client.getPromptVersion("greeting", { version: "v_greeting_3" })).toMatchObject(production);
  expect(await client.getPromptVersion("greeting", { label: "latest" })).toMatchObject({
    id: "v_greeting_4",
    versionNumber: 4,
    isDraft: true,
    isProduction: false,
    promotedAt: undefined,
    promotedBy: undefined,
  });
});
