import { AssertionError } from "node:assert";
import { access } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ScopeClient } from "../../../src/client/index.ts";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import { expectKeepsContract, servePrompts } from "../../../src/platform/testing/index.ts";
import type { JsonObject } from "../../../src/prompt.ts";
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

  const answering = async (schema: JsonObject) => (await runCompiled(await compileSchema(schema))) as never;
  const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
  const sort = (output_schema?: object) => ({
    content: "Sort {{ticket}}",
    metadata: { model: "x", ...(output_schema && { output_schema }) },
    versionNumber: 8,
  });
  const list = async () =>
    (await runModule(compile("{{#items}}{{title}}{{/items}}", { syntax: "mustache" }))) as never;
  const NO_SCHEMA = { output_schema: { type: "strnig" } };

  // biome-ignore format: one row a line
  it.each<[what: string, module: () => Promise<never>, version: object, grade: string]>([
    ["changed values", () => moduleOf("Hello {{name}}", { model: "a" }), { content: "Hi {{name}}", metadata: { model: "b" } }, "values"],
    ["nothing new", () => moduleOf("Hello {{name}}", { model: "a" }), { content: "Hello {{name}}", metadata: { model: "a" } }, "none"],
    ["another title of a schema", () => answering(schema), sort({ ...schema, title: "Ticket" }), "values"],
    ["the key of a schema as metadata, in a project without schemas", () => moduleOf("Hello", NO_SCHEMA), { content: "Hello", metadata: NO_SCHEMA }, "none"],
  ])("returns the grade of a version that keeps it: %s", async (_, module, version, grade) => {
    expect(expectKeepsContract(await module(), version as never)).toMatchObject({ grade });
  });

  // biome-ignore format: one row a line
  it.each<[what: string, module: () => Promise<never>, version: object, message: string, code?: string]>([
    ["everything that breaks", () => moduleOf("Hello {{name}}", { model: "a" }), { content: "Hello {{name}} {{plan}}", versionNumber: 8 }, 'Version 8 of prompt "greeting" changes the contract of version 7: new variable "plan", metadata "model" is gone.'],
    ["metadata that's gone", () => moduleOf("Hello", NO_SCHEMA), { content: "Hello" }, 'metadata "output_schema" is gone'],
    ["an answer that's optional now", () => answering(schema), sort({ ...schema, required: [] }), 'output "a" is optional now'],
    ["an answer without a schema", () => answering(schema), sort(), "output"],
    ["a section in mustache", list, { content: "{{#items}}{{title}} {{price}}{{/items}}" }, 'new variable "items[].price"'],
    // Schemas that don't compile, like a build.
    ["a keyword's value", () => answering({ type: "string" }), sort({ type: "strnig" }), "can't be used: type must be one of", "output_schema_invalid"],
    ["a pattern", () => answering({ type: "string" }), sort({ type: "string", pattern: "^(a)\\1$" }), "refers back to a group", "output_schema_invalid"],
    ["a schema 5,000 deep", () => answering({ type: "string" }), sort(deep(5000)), "nested more than 100 levels deep", "output_schema_invalid"],
    ["a reference", () => answering({ type: "string" }), sort({ $ref: "#/$defs/none" }), "leads to no schema inside this one", "output_schema_invalid"],
  ])("refuses %s", async (_, module, version, message, code) => {
    const made = await module();
    const check = () => expectKeepsContract(made, version as never, module === list ? { syntax: "mustache" } : {});
    expect(check).toThrow(message);
    if (code === undefined) expect(check).toThrow(AssertionError);
    else expect(check).toThrow(expect.objectContaining({ code }));
  });

  it("takes a new schema for no break", async () => {
    const { changes } = expectKeepsContract(
      await moduleOf("Sort {{ticket}}", { model: "x" }),
      sort(schema) as never,
    );
    expect(changes).toMatchObject([{ breaks: false }]);
  });
});
