import type { PromptContent } from "../../prompt.ts";

const VARIABLE = /\{\{([\p{L}\p{N}_]+)\}\}/gu;

/** What the platform declares for a content: its variable names, without duplicates, in the order of first use. */
export function declaredVariables(content: PromptContent): string[] {
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(VARIABLE)].map((match) => match[1] as string))),
  ];
}
