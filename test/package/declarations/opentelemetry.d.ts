// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
import { Attributes } from "@opentelemetry/api";
import { Context } from "@opentelemetry/api";
import { Span } from "@opentelemetry/api";
declare class PromptSpanProcessor {
    onStart(span: Pick<Span, "setAttributes">, parentContext: Context): void;
    onEnd(): void;
    forceFlush(): Promise<void>;
    shutdown(): Promise<void>;
}
declare function withPrompt<T>({ attributes, variables }: PromptOfSpan, fn: () => T): T;
interface PromptOfSpan {
    readonly attributes: Attributes;
    readonly variables?: Readonly<Record<string, unknown>>;
}
export { PromptSpanProcessor, withPrompt };
export type { PromptOfSpan };
