import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import * as ai6 from "ai-6";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { PromptSpanProcessor, withPrompt } from "../../src/opentelemetry.ts";
import { compileSchema, type OutputExport, runCompiled } from "../answers/output-case.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

const SCHEMA = {
  type: "object",
  properties: { team: { enum: ["billing", "support"] }, summary: { type: "string" } },
  required: ["team", "summary"],
  additionalProperties: false,
};
const exporter = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  // Spans wait for what is detected, as long as that takes.
  autoDetectResources: false,
  spanProcessors: [new PromptSpanProcessor(), new tracing.SimpleSpanProcessor(exporter)],
  instrumentations: [],
});

interface Triage {
  readonly output: OutputExport;
  readonly attributes: Readonly<Record<string, string | number>>;
}
let triage: Triage;
let models: ModelServer;

beforeAll(async () => {
  models = await startModelServer();
  sdk.start();
  triage = (await runCompiled(await compileSchema(SCHEMA))) as unknown as Triage;
});
afterAll(async () => {
  await sdk.shutdown();
  await models.close();
});
beforeEach(() => {
  exporter.reset();
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

describe("a call is traced", () => {
  it("with the attributes on the span that has the tokens", async () => {
    const model = ai6.createGateway({ apiKey: "none", baseURL: `${models.url}/v3/ai` })("some/small-1");
    await withPrompt({ attributes: ATTRIBUTES }, () =>
      ai6.generateText({ model, prompt: "Sort.", experimental_telemetry: { isEnabled: true } }),
    );
    const counted = exporter
      .getFinishedSpans()
      .filter(({ attributes }) => "gen_ai.usage.input_tokens" in attributes);
    expect(counted).toMatchObject([{ attributes: ATTRIBUTES }]);
  });

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
});
