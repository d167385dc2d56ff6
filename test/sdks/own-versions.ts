import { expect } from "vitest";

/** A span as spans.js prints it, with the version that its call rendered. */
export interface Called {
  readonly called: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Each of 100 calls has a span with its tokens, and each such span the prompt and version that its call rendered. */
export function expectOwnVersions(spans: readonly Called[]): void {
  const withTokens = spans.filter(({ attributes }) => "gen_ai.usage.input_tokens" in attributes);
  expect(new Set(withTokens.map(({ called }) => called)).size).toBe(100);
  for (const { called, attributes } of withTokens) {
    expect(attributes).toMatchObject({
      "gen_ai.prompt.name": `prompt-${called % 7}`,
      "gen_ai.prompt.version": String(called),
      "scope.prompt.name": `prompt-${called % 7}`,
      "scope.prompt.version": called,
    });
    expect(Object.keys(attributes).filter((key) => key.startsWith("gen_ai.prompt.variable"))).toEqual([]);
  }
}
