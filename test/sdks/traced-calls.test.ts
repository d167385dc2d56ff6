import { trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { expect, it, onTestFinished, vi } from "vitest";
import { PromptSpanProcessor, withPrompt } from "../../src/opentelemetry.ts";

const ATTRIBUTES = { "gen_ai.prompt.name": "triage", "scope.prompt.version": 7 };

it("a call is traced whatever its variables are: what can't be written is left out", () => {
  const exporter = new tracing.InMemorySpanExporter();
  const sdk = new NodeSDK({
    // Spans wait for what is detected, as long as that takes.
    autoDetectResources: false,
    spanProcessors: [new PromptSpanProcessor(), new tracing.SimpleSpanProcessor(exporter)],
    instrumentations: [],
  });
  sdk.start();
  onTestFinished(() => sdk.shutdown());
  onTestFinished(() => void vi.unstubAllEnvs());
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
});
