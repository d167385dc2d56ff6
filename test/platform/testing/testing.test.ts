import { AssertionError } from "node:assert";
import { access } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ScopeClient } from "../../../src/client/index.ts";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import { expectKeepsContract, servePrompts } from "../../../src/platform/testing/index.ts";
import { compileSchema, runCompiled } from "../../answers/output-case.ts";
import { compile, runModule } from "../../compiler/prompts.ts";

const clientOf = ({ url }: { readonly url: string }, options: object = { cacheEnabled: false }) =>
  new ScopeClient({
    credentials: { orgId: "local", apiKey: "local", apiSecret: "local" },
    baseUrl: url,
    authApiUrl: url,
    ...options,
  });

describe("servePrompts", () => {
  it("serves texts, chats and metadata, and versions that are added later", async () => {
    await using platform = await servePrompts({
      "greeting-template": "Hello {{name}}",
      "support/triage": { content: [{ role: "user", content: "{{q}}" }], metadata: { model: "small-1" } },
    });
    await using client = clientOf(platform);
    expect(await client.renderPrompt("greeting-template", { name: "Ada" })).toBe("Hello Ada");
    const triage = await client.getPromptVersion("support/triage");
    expect(triage.metadata).toEqual({ model: "small-1" });
    expect(triage.render({ q: "why?" })).toEqual([{ role: "user", content: "why?" }]);
    await platform.publish("greeting-template", { content: "Hi {{name}}", metadata: { tone: "warm" } });
    const next = await client.getPromptVersion("greeting-template");
    expect([next.versionNumber, next.content, next.metadata]).toEqual([2, "Hi {{name}}", { tone: "warm" }]);
    expect(platform.env.SCOPE_API_URL).toBe(platform.url);
    expect(platform.requests.length).toBeGreaterThan(3);
  });

  it("publishes like the platform's promote: the previous production is a draft, its metadata is passed on", async () => {
    const output_schema = { type: "object" };
    await using platform = await servePrompts({
      triage: { content: "Sort {{ticket}}", metadata: { output_schema } },
    });
    await using client = clientOf(platform, { cacheTtl: 0 });
    const first = await client.getPromptVersion("triage");
    await platform.publish("triage", "Sort {{ticket}} well");
    const second = await client.getPromptVersion("triage", { label: "latest" });
    expect(second).toMatchObject({ versionNumber: 2, status: "published", isProduction: true });
    expect(second.metadata).toEqual({ output_schema });
    const pinned = { version: first.id, cache: false };
    expect((await client.getPromptVersion("triage", pinned)).status).toBe("draft");
    await client.getPromptVersion("triage");
    await client.getPromptVersion("triage");
    expect(platform.requests.at(-1)?.status).toBe(304);
    await platform.promote("triage", 1);
    expect((await client.getPromptVersion("triage", pinned)).status).toBe("published");
  });

  it("leaves nothing behind", async () => {
    const platform = await servePrompts({});
    await platform.close();
    await platform.close();
    await expect(fetch(platform.url)).rejects.toThrow();
  });

  it.each(["", "../not-written", "a/../../b", "/etc", "a//b", "a\0b"])(
    "refuses the name %j",
    async (name) => {
      const refused = await servePrompts({ [name]: "x" }).catch((error: unknown) => error);
      expect(isScopeError(refused, "platform_options_invalid")).toBe(true);
      await expect(access("../not-written")).rejects.toThrow();
    },
  );

  it("refuses something that isn't a prompt", async () => {
    await expect(servePrompts({ a: 5 as never })).rejects.toThrow('The prompt "a" has no content.');
  });
});

const deep = (levels: number): object => {
  let schema: object = { type: "string" };
  for (let level = 0; level < levels; level++) schema = { type: "array", items: schema };
  return schema;
};

describe("expectKeepsContract", () => {
  const moduleOf = async (content: string, metadata = {}) =>
    (await runModule(compile(content, { metadata }))) as never;

  it("returns the grade of a version that keeps it", async () => {
    const module = await moduleOf("Hello {{name}}", { model: "a" });
    const version = { content: "Hi {{name}}", metadata: { model: "b" } };
    expect(expectKeepsContract(module, version)).toMatchObject({ grade: "values" });
    expect(expectKeepsContract(module, { content: "Hello {{name}}", metadata: { model: "a" } }).grade).toBe(
      "none",
    );
  });

  it("lists what breaks", async () => {
    const module = await moduleOf("Hello {{name}}", { model: "a" });
    const check = () => expectKeepsContract(module, { content: "Hello {{name}} {{plan}}", versionNumber: 8 });
    expect(check).toThrow(AssertionError);
    expect(check).toThrow(
      'Version 8 of prompt "greeting" changes the contract of version 7: new variable "plan", metadata "model" is gone.',
    );
  });

  it.each<[string, object, string]>([
    ["a keyword's value", { type: "strnig" }, "can't be used: type must be one of"],
    ["a pattern", { type: "string", pattern: "^(a)\\1$" }, "refers back to a group"],
    ["a schema 5,000 deep", deep(5000), "nested more than 100 levels deep"],
    ["a reference", { $ref: "#/$defs/none" }, "leads to no schema inside this one"],
  ])("refuses a schema that doesn't compile, like a build: %s", async (_, output_schema, message) => {
    const module = (await runCompiled(await compileSchema({ type: "string" }))) as never;
    const metadata = { model: "x", output_schema } as never;
    const check = () =>
      expectKeepsContract(module, { content: "Sort {{ticket}}", metadata, versionNumber: 8 });
    expect(check).toThrow(message);
    expect(check).toThrow(expect.objectContaining({ code: "output_schema_invalid" }));
  });

  it("treats the key as metadata in a project without schemas", async () => {
    const metadata = { output_schema: { type: "strnig" } };
    const module = await moduleOf("Hello", metadata);
    expect(expectKeepsContract(module, { content: "Hello", metadata }).grade).toBe("none");
    expect(() => expectKeepsContract(module, { content: "Hello" })).toThrow(
      'metadata "output_schema" is gone',
    );
  });

  it("handles what a model answers, and mustache", async () => {
    const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
    const module = (await runCompiled(await compileSchema(schema))) as never;
    const version = (output_schema: object) => ({
      content: "Sort {{ticket}}",
      metadata: { model: "x", output_schema } as never,
    });
    expect(expectKeepsContract(module, version({ ...schema, title: "Ticket" })).grade).toBe("values");
    expect(() => expectKeepsContract(module, version({ ...schema, required: [] }))).toThrow(
      'output "a" is optional now',
    );
    const schemaless = (await runModule(compile("Sort {{ticket}}", { metadata: { model: "x" } }))) as never;
    expect(expectKeepsContract(schemaless, version(schema)).changes).toMatchObject([{ breaks: false }]);
    expect(() =>
      expectKeepsContract(module, { content: "Sort {{ticket}}", metadata: { model: "x" } }),
    ).toThrow("output");
    const list = (await runModule(compile("{{#items}}{{title}}{{/items}}", { syntax: "mustache" }))) as never;
    const other = { content: "{{#items}}{{title}} {{price}}{{/items}}" };
    expect(() => expectKeepsContract(list, other, { syntax: "mustache" })).toThrow(
      'new variable "items[].price"',
    );
  });
});
