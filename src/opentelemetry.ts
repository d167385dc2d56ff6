/**
 * Says which prompt and version a model call used on the model's own span: the one that an instrumentation or a model
 * SDK starts, and that has the tokens. It needs `@opentelemetry/api` alone, so it runs in Node and at the edge.
 */

import { type Attributes, type Context, context, createContextKey, type Span } from "@opentelemetry/api";
import { processEnv } from "./environment.ts";

/** Keys of the same name are the same key: the bundle of an application can have a copy of this module. */
const PROMPT = createContextKey("unplugin-scope prompt");

/** What {@link withPrompt} puts on spans. */
export interface PromptOfSpan {
  /** A prompt module's `attributes`, or those of `current()` of a `?live` prompt. */
  readonly attributes: Attributes;
  /**
   * The values that the prompt was rendered with. They can be personal data, so they're recorded, as
   * `gen_ai.prompt.variable.<key>`, only where `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` asks for content on
   * spans: `true`, `span_only` or `span_and_event`.
   */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a function whose model calls use a prompt: each span that starts in it, also later in what it awaits, gets the
 * prompt's attributes from {@link PromptSpanProcessor}. Calls can be nested, the inner prompt counts, and any number
 * can be under way at once. Nothing is sent to other hosts, as baggage would be.
 *
 * @param fn renders the prompt and calls the model, or returns the stream of its answer
 * @returns what `fn` returns; what it throws is thrown
 * @example
 * import { withPrompt } from "unplugin-scope/opentelemetry";
 * import triage, { attributes } from "scope:triage";
 *
 * const answer = await withPrompt({ attributes }, () =>
 *   openai.responses.create({ model, input: triage({ ticket }) }),
 * );
 */
export function withPrompt<T>({ attributes, variables }: PromptOfSpan, fn: () => T): T {
  const all = { ...attributes };
  const given: Readonly<Record<string, unknown>> = capturesContent() ? Object(variables) : {};
  for (const key of attemptWrite(() => Object.keys(given)) ?? []) {
    const text = attemptWrite(() => textOf(given[key]));
    if (text !== undefined) all[`gen_ai.prompt.variable.${key}`] = text;
  }
  return context.with(context.active().setValue(PROMPT, all), fn);
}

/**
 * A span processor that puts the attributes of {@link withPrompt} on each span that starts in it. It exports nothing: it
 * goes next to the processor that does.
 *
 * @example
 * new NodeSDK({ spanProcessors: [new PromptSpanProcessor(), new BatchSpanProcessor(exporter)] }).start();
 */
export class PromptSpanProcessor {
  onStart(span: Pick<Span, "setAttributes">, parentContext: Context): void {
    const attributes = parentContext.getValue(PROMPT) as Attributes | undefined;
    if (attributes !== undefined) span.setAttributes(attributes);
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

/** By the values of OpenTelemetry's conventions for generative AI. */
function capturesContent(): boolean {
  const { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: asked = "" } = processEnv();
  return /^(?:true|span_only|span_and_event)$/i.test(asked);
}

/** A cyclic value, or one whose getter throws, is left out: what's recorded never stops the call. */
function attemptWrite<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A list or an object, as mustache has them, as JSON, which has no bigint. */
function textOf(value: unknown): string {
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : one));
}
