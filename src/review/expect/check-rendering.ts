import type { PromptContent } from "../../prompt.ts";
import type { Tokenizer } from "../cost/tokenizer.ts";
import { tokensText } from "../cost/tokens-text.ts";
import type { Expectation } from "./sample.ts";

/**
 * What a rendering lacks, one sentence each; none: it's as expected. A chat prompt's messages are looked at as one
 * text, with an empty line between them.
 *
 * @example checkRendering("Hello Ada!", { ...none, contains: ["Bob"] }, tokenizer) // ['doesn\'t contain "Bob"']
 */
export function checkRendering(
  rendering: PromptContent,
  { contains, notContains, maxTokens, matches }: Expectation,
  { encoding, count }: Tokenizer,
): readonly string[] {
  const texts = typeof rendering === "string" ? [rendering] : rendering.map(({ content }) => content);
  const text = texts.join("\n\n");
  const failures = [
    ...contains.filter((one) => !text.includes(one)).map((one) => `doesn't contain ${shown(one)}`),
    ...notContains.filter((one) => text.includes(one)).map((one) => `contains ${shown(one)}`),
    ...matches.filter((one) => !one.test(text)).map((one) => `doesn't match ${shown(one.source)}`),
  ];
  if (maxTokens === undefined) return failures;
  const tokens = texts.reduce((sum, one) => sum + count(one), 0);
  const cost = { encoding: encoding ?? null };
  return tokens > maxTokens
    ? [
        ...failures,
        `has ${tokensText(tokens, cost)} tokens; at most ${maxTokens.toLocaleString("en-US")} are expected`,
      ]
    : failures;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
