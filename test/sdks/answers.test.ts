// The three SDKs, run against a server that speaks their protocols: each is given the schema of a prompt, and its answer
// is read by the prompt. Each call is traced by the real SDK of OpenTelemetry.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { createGateway, generateText, Output } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compileSchema, type OutputExport, runCompiled } from "../compiler/output/output-case.ts";

const SCHEMA = {
  type: "object",
  properties: { team: { enum: ["billing", "support"] }, summary: { type: "string" } },
  required: ["team", "summary"],
  additionalProperties: false,
};
const ANSWER = { team: "billing", summary: "Paid twice." };

type Body = { readonly [key: string]: never };
const asked: { readonly path: string; readonly body: Body }[] = [];
let answer: object = ANSWER;

/** What each SDK expects of its platform. */
const RESPONSES: Readonly<Record<string, () => object>> = {
  "/v1/chat/completions": () => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "small-1",
    choices: [
      { index: 0, finish_reason: "stop", message: { role: "assistant", content: JSON.stringify(answer) } },
    ],
  }),
  "/v1/messages": () => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "small-1",
    stop_reason: "tool_use",
    usage: { input_tokens: 1, output_tokens: 1 },
    content: [{ type: "tool_use", id: "toolu_1", name: "answer", input: answer }],
  }),
  "/v3/ai/language-model": () => ({
    content: [{ type: "text", text: JSON.stringify(answer) }],
    finishReason: { unified: "stop", raw: "stop" },
    usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
    warnings: [],
  }),
};

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

const server = createServer(async (request, response) => {
  const path = request.url ?? "";
  asked.push({ path, body: await bodyOf(request) });
  response.setHeader("content-type", "application/json");
  const found = RESPONSES[path];
  response.statusCode = found === undefined ? 404 : 200;
  response.end(JSON.stringify(found?.() ?? {}));
});

const exporter = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  // Spans wait for what is detected, as long as that takes.
  autoDetectResources: false,
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  instrumentations: [],
});

interface Module {
  readonly output: OutputExport;
  readonly outputSchema: object;
  readonly attributes: Readonly<Record<string, string | number>>;
}
let triage: Module;
let url: string;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sdk.start();
  triage = (await runCompiled(await compileSchema(SCHEMA))) as unknown as Module;
});
afterAll(async () => {
  await sdk.shutdown();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  exporter.reset();
  answer = ANSWER;
});

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

describe("an answer is asked for by the schema and read by the prompt", () => {
  it("openai: response_format", async () => {
    const client = new OpenAI({ apiKey: "none", baseURL: `${url}/v1` });
    const schema = triage.outputSchema as Record<string, unknown>;
    const completion = await client.chat.completions.create({
      model: "small-1",
      messages: [{ role: "user", content: "Sort this." }],
      response_format: { type: "json_schema", json_schema: { name: "triage", schema, strict: true } },
    });
    expect(triage.output.parse(completion.choices[0]?.message.content)).toEqual(ANSWER);
    expect(asked[0]?.body).toMatchObject({ response_format: { json_schema: { schema: SCHEMA } } });
  });

  it("@anthropic-ai/sdk: the input of a tool", async () => {
    const client = new Anthropic({ apiKey: "none", baseURL: url });
    const message = await client.messages.create({
      model: "small-1",
      max_tokens: 100,
      messages: [{ role: "user", content: "Sort this." }],
      tools: [{ name: "answer", input_schema: triage.outputSchema as Anthropic.Tool.InputSchema }],
      tool_choice: { type: "tool", name: "answer" },
    });
    const [block] = message.content;
    expect(block?.type === "tool_use" && triage.output.parse(block.input)).toEqual(ANSWER);
    expect(asked[0]?.body).toMatchObject({ tools: [{ input_schema: SCHEMA }] });
  });

  it("ai: Output.object, which refuses by itself what does not fit, and its telemetry", async () => {
    const model = createGateway({ apiKey: "none", baseURL: `${url}/v3/ai` })("some/small-1");
    // The type that the declarations of a module give is tried in test/types.
    const schema = triage.output as unknown as Parameters<typeof Output.object>[0]["schema"];
    const ask = () =>
      generateText({
        model,
        prompt: "Sort this.",
        output: Output.object({ schema }),
        maxRetries: 0,
        experimental_telemetry: { isEnabled: true, metadata: { ...triage.attributes } },
      });
    expect((await ask()).output).toEqual(ANSWER);
    expect(asked[0]?.body).toMatchObject({ responseFormat: { type: "json", schema: SCHEMA } });
    const spans = exporter.getFinishedSpans();
    for (const [name, value] of Object.entries(ATTRIBUTES))
      expect(spans.some(({ attributes }) => attributes[`ai.telemetry.metadata.${name}`] === value)).toBe(
        true,
      );
    answer = { team: "nobody", summary: "" };
    await expect(ask().then((result) => result.output)).rejects.toThrow();
  });
});

describe("a call is traced", () => {
  it("by attributes of a span, with the refusal of an answer as its error", () => {
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

  it("by the names with which Langfuse links a prompt", () => {
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
