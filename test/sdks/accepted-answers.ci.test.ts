// Schemas for answers through what the recipes use of each SDK, at a server that refuses what the providers refuse.
import Anthropic from "@anthropic-ai/sdk";
import { betaStandardSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/beta/standard-schema";
import { GoogleGenAI } from "@google/genai";
import { createGateway, generateText, Output } from "ai";
import OpenAI from "openai";
import { standardResponseFormat, standardTextFormat } from "openai/helpers/standard-schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/prompt.ts";
import { compileSchema, type OutputExport, runCompiled } from "../answers/output-case.ts";
import { SCHEMAS } from "./answer-schemas.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(() => models.close());

interface Triage {
  readonly output: OutputExport & Parameters<typeof standardTextFormat>[0];
  readonly outputSchema: Record<string, unknown>;
}

const model = "openai/small-1";
const messages = [{ role: "user" as const, content: "Sort." }];

/** The text of an answer, asked for as in each recipe. */
const ASK: Readonly<Record<string, (triage: Triage) => Promise<string>>> = {
  async "openai, Responses"({ output }) {
    const client = new OpenAI({ apiKey: "none", baseURL: `${models.url}/v1`, maxRetries: 0 });
    const format = standardTextFormat(output, "triage");
    return (await client.responses.create({ model, input: "Sort.", text: { format } })).output_text;
  },
  async "openai, Chat Completions"({ output }) {
    const client = new OpenAI({ apiKey: "none", baseURL: `${models.url}/v1`, maxRetries: 0 });
    const response_format = standardResponseFormat(output, "triage");
    const { choices } = await client.chat.completions.create({ model, messages, response_format });
    return choices[0]?.message.content ?? "";
  },
  async "openai without strict"({ outputSchema }) {
    const client = new OpenAI({ apiKey: "none", baseURL: `${models.url}/v1`, maxRetries: 0 });
    const format = { type: "json_schema", name: "triage", schema: outputSchema } as const;
    return (await client.responses.create({ model, input: "Sort.", text: { format } })).output_text;
  },
  async "@anthropic-ai/sdk"({ output }) {
    const client = new Anthropic({ apiKey: "none", baseURL: models.url, maxRetries: 0 });
    const format = betaStandardSchemaOutputFormat(output);
    const { content } = await client.messages.create({
      model,
      max_tokens: 100,
      messages,
      output_config: { format },
    });
    return content[0]?.type === "text" ? content[0].text : "";
  },
  async "@google/genai"({ outputSchema }) {
    const client = new GoogleGenAI({ apiKey: "none", httpOptions: { baseUrl: models.url } });
    const config = { responseMimeType: "application/json", responseJsonSchema: outputSchema };
    return (await client.models.generateContent({ model, contents: "Sort.", config })).text ?? "";
  },
  async ai({ output }) {
    const gateway = createGateway({ apiKey: "none", baseURL: `${models.url}/v4/ai` });
    const { text } = await generateText({
      model: gateway(model),
      maxRetries: 0,
      prompt: "Sort.",
      output: Output.object({ schema: output as never }),
      providerOptions: { openai: { strictJsonSchema: false } },
    });
    return text;
  },
};

// biome-ignore format: names of the table
const OPENAI = [
  "optional field", "only optional fields", "optional object in an object", "anyOf at the root", "list at the root",
  "oneOf that overlaps", "allOf of ranges", "list without repeats", "tuple", "free keys", "pattern of keys", "condition",
];
const RECURSION = ["recursion", "recursion at the root"];

/** What the page *Typed answers* lists for each SDK: what its helper throws for, and what the provider refuses all the same. */
const REFUSED: Readonly<
  Record<string, { readonly throws: readonly string[]; readonly 400: readonly string[] }>
> = {
  "openai, Responses": { throws: OPENAI, 400: ["format of a URL"] },
  "openai, Chat Completions": { throws: OPENAI, 400: ["format of a URL"] },
  "@anthropic-ai/sdk": { throws: ["allOf of ranges", "tuple"], 400: RECURSION },
  "@google/genai": { throws: [], 400: RECURSION },
};

describe.each(Object.keys(ASK))("%s", (sdk) => {
  it.each(Object.keys(SCHEMAS))("%s", async (name) => {
    const [schema, fits, refused] = SCHEMAS[name] as (typeof SCHEMAS)[string];
    const triage = (await runCompiled(await compileSchema(schema))) as unknown as Triage;
    models.answer = JSON.stringify(fits);
    models.asked.length = 0;
    const answer = (ASK[sdk] as (triage: Triage) => Promise<string>)(triage);
    const known = REFUSED[sdk];
    if (known?.throws.includes(name) || known?.[400].includes(name)) {
      await expect(answer).rejects.toThrow(known.throws.includes(name) ? /schema/i : "Invalid schema: ");
      expect(models.asked.length).toBe(known.throws.includes(name) ? 0 : 1);
    } else expect(triage.output.parse(await answer)).toEqual(fits);
    expect(() => triage.output.parse(refused satisfies JsonValue)).toThrow();
  });
});
