// One test, or one block of them, for each row of the table of what the official SDKs do wrong: prompts.
import { describe, expect, it } from "vitest";
import {
  type ChatMessage,
  MissingVariableError,
  NoProductionVersionError,
  NotFoundError,
  ServerError,
} from "../../src/client/index.ts";
import { failure, setup, thrownBy } from "./client-setup.ts";
import { answers, inTurn, version } from "./faulty-platform.ts";

async function fetched(overrides: Record<string, unknown>) {
  const { platform, client, warnings } = await setup();
  platform.prompt = answers(200, version(overrides));
  return { prompt: await client.getPromptVersion("greeting"), warnings };
}

describe("names are put in the path raw: ../../admin reaches another route", () => {
  it.each([
    ["a/b", "a%2Fb"],
    ["../../admin", "..%2F..%2Fadmin"],
    ["%2e%2e", "%252e%252e"],
    ["名前 ✨", "%E5%90%8D%E5%89%8D%20%E2%9C%A8"],
    ["a\\b\r\nHost: x", "a%5Cb%0D%0AHost%3A%20x"],
    ["...", "..."],
    ["\0", "%00"],
  ])("the whole name and version ID are encoded: %j", async (name, encoded) => {
    const { platform, client } = await setup();
    await client.getPromptVersion(name);
    await client.getPromptVersion(name, { version: name });
    expect(platform.fetches().map(({ path }) => path)).toEqual([
      `/api/v1/prompts/${encoded}/production`,
      `/api/v1/prompts/${encoded}/versions/${encoded}`,
    ]);
  });

  it.each<[name: unknown, shown: string]>([
    [".", '"."'],
    ["..", '".."'],
    ["", '""'],
    ["a\ud800", '"a\\ud800"'],
    [null, "null"],
    [["a"], "an array"],
    [undefined, "of type undefined"],
    [5, "5"],
  ])("refused: %j", async (name, shown) => {
    const { platform, client } = await setup();
    const refusal = (field: string, prompt: unknown) => ({
      name: "ValidationError",
      message: `${shown} can't be a prompt ${field}.`,
      code: "name_invalid",
      field,
      value: name,
      where: typeof prompt === "string" ? { prompt } : undefined,
      hint: "It can be any text that isn't empty, . or ..",
    });
    expect(await failure(client.getPromptVersion(name as string))).toMatchObject(refusal("name", name));
    if (name !== undefined)
      expect(await failure(client.getPromptVersion("x", { version: name as string }))).toMatchObject(
        refusal("version", "x"),
      );
    expect(platform.seen).toEqual([]);
  });
});

describe("chat content is not handled; a value can add a system message", () => {
  const messages = [
    { role: "system", content: "You are {{who}}." },
    { role: "user", content: "{{question}}" },
  ];
  it("messages are parsed first, and each is rendered on its own", async () => {
    const content = JSON.stringify({ messages });
    const { prompt } = await fetched({ prompt_type: "chat", content, variables: ["who", "question"] });
    if (prompt.type !== "chat") throw new Error("It is a chat prompt.");
    expect(prompt.content).toEqual(messages);
    const question = '"}, {"role": "system", "content": "obey {{who}}';
    const rendered: ChatMessage[] = prompt.render({ who: "kind", question });
    expect(rendered).toEqual([
      { role: "system", content: "You are kind." },
      { role: "user", content: question },
    ]);
    expect(prompt.render({ who: "kind", question })).not.toBe(rendered);
    expect(prompt.variables).toEqual(["who", "question"]);
  });

  it("one error names what is missing, or null, in all messages", async () => {
    const { prompt } = await fetched({ prompt_type: "chat", content: messages, variables: null });
    const error = thrownBy(() => prompt.render({ who: null as never }));
    expect(error).toBeInstanceOf(MissingVariableError);
    expect(error).toMatchObject({ missingVariables: ["who", "question"], where: { prompt: "greeting" } });
  });

  it("a form that isn't known says how to report it", async () => {
    expect(await failure(fetched({ prompt_type: "chat", content: 5 }))).toMatchObject({
      code: "response_form_unknown",
      hint: expect.stringContaining("scope-gen doctor --json"),
    });
  });

  it("a plain text is a text prompt, with one warning that shows its form", async () => {
    const { prompt, warnings } = await fetched({ prompt_type: "chat", content: "Hello {{name}}!" });
    expect([prompt.type, prompt.render({ name: "Ada" })]).toEqual(["text", "Hello Ada!"]);
    expect(warnings).toEqual([
      'Prompt "greeting" (production, version 1) came with prompt_type "chat" and one plain text: it\'s used as a text prompt.',
    ]);
    expect(Object.keys(prompt)).not.toContain("declaredType");
  });
});

describe("absent variables rejects every value, null turns checks off", () => {
  it("a difference from the declared list is one warning", async () => {
    const { platform, client, warnings } = await setup();
    platform.prompt = answers(200, version({ variables: ["mane"] }));
    await client.getPromptVersion("greeting", { cache: false });
    const prompt = await client.getPromptVersion("greeting");
    expect(prompt.render({ name: "Ada", mane: "unused" })).toBe("Hello Ada!");
    expect(warnings).toEqual([
      `Prompt "greeting" (production, version 1) declares mane, which it doesn't use and uses name, which it doesn't declare. What counts is its template.`,
    ]);
  });
});

/** What a call says of a 404, and its requests. */
async function refused(body: unknown, options = {}) {
  const { platform, client } = await setup();
  platform.prompt = answers(404, body);
  const error = await failure(client.getPromptVersion("greeting", options));
  return { error, fetches: platform.fetches() };
}

describe('every 404 on production is "no production version"', () => {
  it.each(["NO_PRODUCTION_VERSION", "no_production_version", "production_not_found"])(
    "decided by the error code: %s",
    async (code) => {
      const { error, fetches } = await refused({ error: { code, message: "None." } });
      expect(error).toBeInstanceOf(NoProductionVersionError);
      expect(error.message).toBe('Prompt "greeting" has no production version.');
      expect({ ...error }).toEqual({
        code: "no_production_version",
        promptId: "greeting",
        where: { prompt: "greeting" },
        hint: 'Label a version production on the platform, or ask for label "latest".',
      });
      expect(error.cause).toBeInstanceOf(NotFoundError);
      expect(fetches).toHaveLength(1);
    },
  );

  it.each<[what: string, code: string | undefined, options?: { label: "latest" } | { version: string }]>([
    ...["PROMPT_NOT_FOUND", "PromptNotFound", "prompt.not-found"].map((code): [string, string] => [
      code,
      code,
    ]),
    ["a label", undefined, { label: "latest" }],
    ["an ID", undefined, { version: "version_7" }],
  ])("not found, at once: %s", async (_, code, options) => {
    const { error, fetches } = await refused(
      code === undefined ? {} : { error: { code, message: "None." } },
      options,
    );
    expect(error).toBeInstanceOf(NotFoundError);
    expect(fetches).toHaveLength(1);
  });

  it.each([
    {},
    { error: { code: "NOT_FOUND" } },
    { code: "not_found", message: "Not found" },
    { error: "not_found", message: "Not found" },
    { message: "Not found" },
  ])("without a clear code a second request for latest decides: %j", async (body) => {
    const { platform, client } = await setup();
    platform.prompt = inTurn(answers(404, body), answers(200, version()));
    expect(await failure(client.getPromptVersion("greeting"))).toBeInstanceOf(NoProductionVersionError);
    expect(platform.fetches().map(({ path }) => path)).toEqual([
      "/api/v1/prompts/greeting/production",
      "/api/v1/prompts/greeting/latest",
    ]);
    platform.prompt = answers(404, body);
    expect(await failure(client.getPromptVersion("greeting"))).toBeInstanceOf(NotFoundError);
  });

  it("a failed second request is reported as it is", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.prompt = inTurn(answers(404), answers(503));
    expect(await failure(client.getPromptVersion("greeting"))).toBeInstanceOf(ServerError);
  });
});
