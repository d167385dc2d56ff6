/**
 * A hundred calls at once through an SDK, each with another version of a prompt, streamed: node spans.js <sdk> <url>.
 * Prints the attributes of every span that ended, each with the version that its call rendered.
 */
import { createRequire, register } from "node:module";
import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { PromptSpanProcessor, withPrompt } from "unplugin-scope/opentelemetry";

register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
const [sdk, url] = process.argv.slice(2);
const exporter = new tracing.InMemorySpanExporter();
const telemetry = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [new PromptSpanProcessor(), new tracing.SimpleSpanProcessor(exporter)],
});
telemetry.start();
const tracer = trace.getTracer("app");

async function readAll(stream) {
  for await (const _ of stream);
}

/** What makes a call, by SDK. */
const makers = {
  async openai() {
    const { OpenAIInstrumentation } = await import("@opentelemetry/instrumentation-openai");
    registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });
    const OpenAI = createRequire(join(process.cwd(), "app.js"))("openai");
    const client = new OpenAI({ apiKey: "none", baseURL: `${url}/v1` });
    const messages = [{ role: "user", content: "Why?" }];
    const options = { model: "small-1", messages, stream: true, stream_options: { include_usage: true } };
    return async () => readAll(await client.chat.completions.create(options));
  },
  async anthropic() {
    const { AnthropicInstrumentation } = await import("@traceloop/instrumentation-anthropic");
    registerInstrumentations({ instrumentations: [new AnthropicInstrumentation()] });
    const { default: Anthropic } = await import("@anthropic-ai/sdk");
    const client = new Anthropic({ apiKey: "none", baseURL: url });
    const messages = [{ role: "user", content: "Why?" }];
    const options = { model: "small-1", max_tokens: 9, messages, stream: true };
    return async () => readAll(await client.messages.create(options));
  },
  async ai() {
    const [{ createGateway, registerTelemetry, streamText }, { OpenTelemetry }] = await Promise.all([
      import("ai"),
      import("@ai-sdk/otel"),
    ]);
    registerTelemetry(new OpenTelemetry());
    const model = createGateway({ apiKey: "none", baseURL: `${url}/v4/ai` })("small-1");
    return () => readAll(streamText({ model, prompt: "Why?" }).textStream);
  },
  async mastra() {
    const [{ Mastra }, { Agent }, { Observability }, { OtelBridge }] = await Promise.all([
      import("@mastra/core/mastra"),
      import("@mastra/core/agent"),
      import("@mastra/observability"),
      import("@mastra/otel-bridge"),
    ]);
    const agent = new Agent({ id: "a", name: "A", instructions: "", model: "openai/small-1" });
    const configs = { default: { serviceName: "app", bridge: new OtelBridge() } };
    new Mastra({ agents: { agent }, logger: false, observability: new Observability({ configs }) });
    return async () => readAll((await agent.stream("Why?")).textStream);
  },
  async own() {
    return async () => {
      const span = tracer.startSpan("chat small-1");
      const body = JSON.stringify({ model: "small-1", stream: true });
      const { body: stream } = await fetch(`${url}/v1/messages`, { method: "POST", body });
      await readAll(stream);
      span.setAttribute("gen_ai.usage.input_tokens", 1).end();
    };
  },
};

const call = await makers[sdk]();
const versions = Array.from({ length: 100 }, (_, i) => i + 1);
await Promise.all(
  versions.map((version) =>
    tracer.startActiveSpan("request", { attributes: { called: version } }, async (span) => {
      const name = `prompt-${version % 7}`;
      const attributes = {
        "gen_ai.prompt.name": name,
        "gen_ai.prompt.version": String(version),
        "scope.prompt.name": name,
        "scope.prompt.version": version,
      };
      await withPrompt({ attributes, variables: { name: "Ada", items: [1n] } }, call);
      span.end();
    }),
  ),
);
// A span ends after the last part of its stream was read, and is exported a turn later.
await new Promise((done) => setTimeout(done, 300));
const spans = exporter.getFinishedSpans();
const called = new Map(
  spans.map((span) => [span.spanContext().traceId, span.attributes.called]).filter(([, of]) => of),
);
const shown = spans.map((span) => ({
  called: called.get(span.spanContext().traceId),
  attributes: span.attributes,
}));
// A pipe takes no more than it has room for at once.
process.stdout.write(JSON.stringify(shown), () => process.exit());
