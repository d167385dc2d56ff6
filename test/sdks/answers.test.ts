// The SDKs, run against a server that speaks their protocols: each is given what a chat prompt renders and the schema of a
// prompt, and its answer is read by the prompt, whole and while it arrives. Each call is traced by the real SDK of
// OpenTelemetry. The recipes of the pages are run in test/frameworks/model-sdks.slow.test.ts.
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import * as ai from "ai";
import * as ai6 from "ai-6";
import Anthropic0 from "anthropic-0";
import OpenAI from "openai";
import OpenAI6 from "openai-6";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { splitSystem, toGoogle } from "../../src/messages.ts";
import { PromptSpanProcessor, withPrompt } from "../../src/opentelemetry.ts";
import { compileSchema, type OutputExport, runCompiled } from "../answers/output-case.ts";
import { compile } from "../compiler/prompts.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

const SCHEMA = {
  type: "object",
  properties: { team: { enum: ["billing", "support"] }, summary: { type: "string" } },
  required: ["team", "summary"],
  additionalProperties: false,
};
const ANSWER = { team: "billing", summary: "Paid twice." };
const SYSTEM = { role: "system", content: "Be brief." } as const;
const USER = { role: "user", content: "Why?" } as const;

const exporter = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  // Spans wait for what is detected, as long as that takes.
  autoDetectResources: false,
  spanProcessors: [new PromptSpanProcessor(), new tracing.SimpleSpanProcessor(exporter)],
  instrumentations: [],
});

interface Triage {
  readonly output: OutputExport;
  readonly outputSchema: Record<string, unknown>;
  readonly attributes: Readonly<Record<string, string | number>>;
}
type Chat = (values: { question: string }) => [typeof SYSTEM, typeof USER];
let triage: Triage;
let render: Chat;
let models: ModelServer;

beforeAll(async () => {
  models = await startModelServer();
  sdk.start();
  triage = (await runCompiled(await compileSchema(SCHEMA))) as unknown as Triage;
  const chat = compile([SYSTEM, { role: "user", content: "{{question}}" }]);
  ({ render } = (await runCompiled(chat)) as unknown as { render: Chat });
});
afterAll(async () => {
  await sdk.shutdown();
  await models.close();
});
beforeEach(() => {
  models.asked.length = 0;
  exporter.reset();
  models.answer = JSON.stringify(ANSWER);
});

/** Reads a text while it arrives: the values that are found in it, each once. */
async function readParts(texts: AsyncIterable<string | undefined>): Promise<unknown[]> {
  const parts: unknown[] = [];
  let text = "";
  for await (const piece of texts) {
    text += piece ?? "";
    parts.push(triage.output.parsePartial(text));
  }
  expect(triage.output.parse(text)).toEqual(ANSWER);
  return parts;
}

/** What the server's pieces make of {@link ANSWER}. */
const PARTS = expect.arrayContaining([
  {},
  { team: "billing" },
  { team: "billing", summary: "Paid t" },
  ANSWER,
]);

async function* map<T, U>(items: AsyncIterable<T>, change: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield change(item);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const bodies = () => models.asked.map(({ body }) => body);

const ATTRIBUTES = {
  "gen_ai.prompt.name": "triage",
  "gen_ai.prompt.version": "7",
  "scope.prompt.name": "triage",
  "scope.prompt.id": "prompt_01",
  "scope.prompt.version": 7,
  "scope.prompt.version_id": "version_01",
  "scope.prompt.label": "production",
  "scope.prompt.environment": "production",
};

// The SDKs of before have types of their own, which are tried in test/types.
describe.each([
  ["openai", OpenAI],
  ["openai-6", OpenAI6 as unknown as typeof OpenAI],
])("%s", (_, Client) => {
  let client: OpenAI;
  beforeAll(() => {
    client = new Client({ apiKey: "none", baseURL: `${models.url}/v1` });
  });
  const format = () => ({
    type: "json_schema" as const,
    json_schema: { name: "triage", schema: triage.outputSchema, strict: true },
  });

  it("accepts messages as they are, and the schema as response_format", async () => {
    const completion = await client.chat.completions.create({
      model: "small-1",
      messages: render({ question: "Why?" }),
      response_format: format(),
    });
    expect(triage.output.parse(completion.choices[0]?.message.content)).toEqual(ANSWER);
    expect(bodies()).toMatchObject([
      { messages: [SYSTEM, USER], response_format: { json_schema: { schema: SCHEMA } } },
    ]);
  });

  it("streams chat completions and responses", async () => {
    const completion = await client.chat.completions.create({
      model: "small-1",
      messages: [USER],
      response_format: format(),
      stream: true,
    });
    const pieces = map(completion, (chunk) => chunk.choices[0]?.delta.content ?? "");
    expect(await readParts(pieces)).toEqual(PARTS);
    const response = await client.responses.create({
      model: "small-1",
      input: render({ question: "Why?" }),
      text: { format: { type: "json_schema", name: "triage", schema: triage.outputSchema } },
      stream: true,
    });
    const deltas = map(response, (event) =>
      event.type === "response.output_text.delta" ? event.delta : undefined,
    );
    expect(await readParts(deltas)).toEqual(PARTS);
    expect(bodies()).toMatchObject([
      { stream: true },
      { input: [SYSTEM, USER], text: { format: { schema: SCHEMA } } },
    ]);
  });
});

describe.each([
  ["@anthropic-ai/sdk", Anthropic],
  ["@anthropic-ai/sdk 0", Anthropic0 as unknown as typeof Anthropic],
])("%s", (_, Client) => {
  let client: Anthropic;
  beforeAll(() => {
    client = new Client({ apiKey: "none", baseURL: models.url });
  });
  const small = { model: "small-1", max_tokens: 100 };

  it("gets the system message separately, and the schema as a tool's input", async () => {
    const message = await client.messages.create({
      ...small,
      ...splitSystem(render({ question: "Why?" })),
      tools: [{ name: "answer", input_schema: triage.outputSchema as Anthropic.Tool.InputSchema }],
      tool_choice: { type: "tool", name: "answer" },
    });
    const [block] = message.content;
    expect(block?.type === "tool_use" && triage.output.parse(block.input)).toEqual(ANSWER);
    expect(bodies()).toMatchObject([
      { system: SYSTEM.content, messages: [USER], tools: [{ input_schema: SCHEMA }] },
    ]);
  });

  it("streams an answer with the schema as its output format", async () => {
    const stream = client.messages.stream({
      ...small,
      messages: [USER],
      output_config: { format: { type: "json_schema", schema: triage.outputSchema } },
    });
    const texts = map(stream, (event) =>
      event.type === "content_block_delta" && event.delta.type === "text_delta"
        ? event.delta.text
        : undefined,
    );
    expect(await readParts(texts)).toEqual(PARTS);
    expect(bodies()).toMatchObject([{ output_config: { format: { schema: SCHEMA } }, stream: true }]);
  });
});

describe("@google/genai", () => {
  let client: GoogleGenAI;
  beforeAll(() => {
    client = new GoogleGenAI({ apiKey: "none", httpOptions: { baseUrl: models.url } });
  });
  const config = () => ({ responseMimeType: "application/json", responseJsonSchema: triage.outputSchema });

  it("gets contents with parts, the system message separately, and the schema", async () => {
    const { systemInstruction, contents } = toGoogle([
      ...render({ question: "Why?" }),
      { role: "assistant", content: "Because." },
    ]);
    const { text } = await client.models.generateContent({
      model: "small-1",
      contents,
      config: { ...config(), ...(systemInstruction === undefined ? {} : { systemInstruction }) },
    });
    expect(triage.output.parse(text)).toEqual(ANSWER);
    expect(bodies()).toMatchObject([
      {
        contents: [
          { role: "user", parts: [{ text: "Why?" }] },
          { role: "model", parts: [{ text: "Because." }] },
        ],
        systemInstruction: { parts: [{ text: SYSTEM.content }] },
        generationConfig: { responseJsonSchema: SCHEMA },
      },
    ]);
  });

  it("streams", async () => {
    const stream = await client.models.generateContentStream({
      model: "small-1",
      contents: "Sort this.",
      config: config(),
    });
    expect(await readParts(map(stream, ({ text }) => text))).toEqual(PARTS);
  });
});

/** The prompt of a request of `ai`. */
const PROMPT = [SYSTEM, { role: "user", content: [{ type: "text", text: "Why?" }] }];
type Schema = Parameters<typeof ai.Output.object>[0]["schema"];
type Schema6 = Parameters<typeof ai6.Output.object>[0]["schema"];

describe("ai", () => {
  const model = () => ai.createGateway({ apiKey: "none", baseURL: `${models.url}/v4/ai` })("some/small-1");
  const output = () => ai.Output.object({ schema: triage.output as unknown as Schema });

  it("gets the system message as instructions, and refuses it inside messages", async () => {
    const messages = render({ question: "Why?" });
    await expect(ai.generateText({ model: model(), messages })).rejects.toThrow(/system/i);
    expect(models.asked).toEqual([]);
    const { system, messages: others } = splitSystem(messages);
    await ai.generateText({ model: model(), instructions: system, messages: others });
    await ai.generateText({ model: model(), allowSystemInMessages: true, messages });
    expect(bodies()).toMatchObject([{ prompt: PROMPT }, { prompt: PROMPT }]);
  });

  it("gets the schema as output, refuses by itself what doesn't fit, and streams", async () => {
    const options = { prompt: "Sort this.", maxRetries: 0, onError: () => {} };
    const stream = ai.streamText({ ...options, model: model(), output: output() });
    expect(await all(stream.partialOutputStream)).toEqual(PARTS);
    expect(await stream.output).toEqual(ANSWER);
    expect(bodies()).toMatchObject([{ responseFormat: { type: "json", schema: SCHEMA } }]);
    models.answer = '{"team":"nobody","summary":""}';
    await expect(ai.generateText({ ...options, model: model(), output: output() })).rejects.toThrow();
  });
});

describe("ai-6", () => {
  const model = () => ai6.createGateway({ apiKey: "none", baseURL: `${models.url}/v3/ai` })("some/small-1");
  const output = () => ai6.Output.object({ schema: triage.output as unknown as Schema6 });

  it("gets the system message separately, or inside messages", async () => {
    const messages = render({ question: "Why?" });
    await ai6.generateText({ model: model(), ...splitSystem(messages) });
    await ai6.generateText({ model: model(), messages });
    expect(bodies()).toMatchObject([{ prompt: PROMPT }, { prompt: PROMPT }]);
  });

  it("gets the schema as output, refuses by itself what doesn't fit, and streams", async () => {
    const options = { prompt: "Sort this.", maxRetries: 0 };
    const stream = ai6.streamText({ ...options, model: model(), output: output() });
    expect(await all(stream.partialOutputStream)).toEqual(PARTS);
    expect(await stream.output).toEqual(ANSWER);
    expect(bodies()).toMatchObject([{ responseFormat: { type: "json", schema: SCHEMA } }]);
    models.answer = '{"team":"nobody","summary":""}';
    const refused = ai6.generateText({ ...options, model: model(), output: output() });
    await expect(refused.then((result) => result.output)).rejects.toThrow();
  });

  it("has the attributes on the span with the tokens", async () => {
    await withPrompt({ attributes: ATTRIBUTES }, () =>
      ai6.generateText({ model: model(), prompt: "Sort.", experimental_telemetry: { isEnabled: true } }),
    );
    const counted = exporter
      .getFinishedSpans()
      .filter(({ attributes }) => "gen_ai.usage.input_tokens" in attributes);
    expect(counted).toMatchObject([{ attributes: ATTRIBUTES }]);
  });
});

describe("a call is traced", () => {
  it("with a span's attributes, and the refusal of an answer as its error", () => {
    const tracer = trace.getTracer("app");
    tracer.startActiveSpan("triage", { attributes: triage.attributes }, (span) => {
      try {
        triage.output.parse('{"team":"nobody"}');
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    });
    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes).toEqual(ATTRIBUTES);
    expect(span?.events[0]?.attributes?.["exception.message"]).toContain("$.summary is missing");
    expect(Object.isFrozen(triage.attributes)).toBe(true);
  });

  it("whatever its variables are: what can't be written is left out", () => {
    vi.stubEnv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true");
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const broken = () => {
      throw new Error("no");
    };
    const variables = {
      cyclic,
      ticket: "a",
      deep: { toJSON: broken },
      get thrown() {
        return broken();
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const start = () => trace.getTracer("app").startSpan("triage").end();
    for (const given of [variables, proxy, null as never])
      withPrompt({ attributes: ATTRIBUTES, variables: given }, start);
    const [first, ...rest] = exporter.getFinishedSpans().map(({ attributes }) => attributes);
    expect(first).toEqual({ ...ATTRIBUTES, "gen_ai.prompt.variable.ticket": "a" });
    expect(rest).toEqual([ATTRIBUTES, ATTRIBUTES]);
    vi.unstubAllEnvs();
  });

  it("with the names that Langfuse uses to link a prompt", () => {
    const { attributes } = triage;
    const span = trace.getTracer("app").startSpan("triage", {
      attributes: {
        ...attributes,
        "langfuse.observation.prompt.name": attributes["gen_ai.prompt.name"] as string,
        "langfuse.observation.prompt.version": attributes["scope.prompt.version"] as number,
      },
    });
    span.end();
    expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
      "langfuse.observation.prompt.name": "triage",
      "langfuse.observation.prompt.version": 7,
    });
  });
});
