import type { PromptContent } from "../../prompt.ts";
import { countTexts, type Tokenizer } from "../cost/tokenizer.ts";
import { tokensText } from "../cost/tokens-text.ts";
import type { Expectation } from "./sample.ts";

/** Does a pattern find something in a text? Undefined: that takes too long. */
export type TestPattern = (pattern: RegExp, text: string) => Promise<boolean | undefined>;

/**
 * What a rendering lacks, one sentence each; none: it's as expected. A chat prompt's messages are looked at as one
 * text, with an empty line between them.
 *
 * @example await checkRendering("Hello Ada!", { ...none, contains: ["Bob"] }, tokenizer, test) // ['doesn\'t contain "Bob"']
 */
export async function checkRendering(
  rendering: PromptContent,
  { contains, notContains, maxTokens, matches }: Expectation,
  tokenizer: Tokenizer,
  test: TestPattern,
): Promise<readonly string[]> {
  const texts = typeof rendering === "string" ? [rendering] : rendering.map(({ content }) => content);
  const text = texts.join("\n\n");
  const failures = [
    ...contains.filter((one) => !text.includes(one)).map((one) => `doesn't contain ${shown(one)}`),
    ...notContains.filter((one) => text.includes(one)).map((one) => `contains ${shown(one)}`),
  ];
  for (const pattern of matches) {
    const isFound = await test(pattern, text);
    if (isFound === undefined) failures.push(`matching it with ${shown(pattern.source)} takes too long`);
    else if (!isFound) failures.push(`doesn't match ${shown(pattern.source)}`);
  }
  if (maxTokens === undefined) return failures;
  const count = countTexts(tokenizer, texts);
  if (count.tokens > maxTokens) {
    failures.push(
      `has ${tokensText(count.tokens, count)} tokens; at most ${maxTokens.toLocaleString("en-US")} are expected`,
    );
  }
  return failures;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
