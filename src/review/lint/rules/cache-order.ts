import { countTexts } from "../../cost/tokenizer.ts";
import { tokensText, withCommas } from "../../cost/tokens-text.ts";
import { hasFewValues, literalBefore, type ReadPrompt, type ReadValue } from "../read-prompt.ts";
import { eachPrompt, type Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** Providers cache a prompt's beginning from this many tokens on. */
const MIN_CACHED = 1024;

/** A number that every caller chooses differently ends the cache; one of a few known texts doesn't. */
export const cacheOrder: Rule = {
  id: "prompt-cache-order",
  find: eachPrompt((prompt) => {
    const values = prompt.pieces.filter((piece) => piece.kind === "value");
    const breaking = values.filter(({ name }) => !hasFewValues(prompt, name));
    const [first] = breaking;
    if (first === undefined || literalBefore(prompt).length < MIN_CACHED) return [];
    const early = earlyValues(prompt, breaking);
    const before = (value: ReadValue | undefined) =>
      countTexts(prompt.tokenizer, [literalBefore(prompt, value)]);
    const [from, to] = [before(first), before(breaking[early.length])];
    if (early.length === 0 || from.tokens >= MIN_CACHED || to.tokens < MIN_CACHED) return [];
    const names = [...new Set(early.map(({ name }) => name))];
    const [is, it] = names.length === 1 ? ["is", "it"] : ["are", "them"];
    return [
      {
        message: `${listed(names)} ${is} in the first ${withCommas(MIN_CACHED)} tokens, so no request can use the provider's cache. Moving ${it} behind the constant text: cacheable prefix ${tokensText(from.tokens, from)} → ${tokensText(to.tokens, to)} tokens.`,
        hint: `Move ${it} to the end of the prompt, or to its last message.`,
        span: first.span,
        prefix: { from: from.tokens, to: to.tokens, encoding: from.encoding && to.encoding },
      },
    ];
  }),
};

/** The values that have too little literal text before them; each piece is counted once. */
function earlyValues(
  { pieces, tokenizer }: ReadPrompt,
  breaking: readonly ReadValue[],
): readonly ReadValue[] {
  const isBreaking = new Set<unknown>(breaking);
  const early: ReadValue[] = [];
  let tokens = 0;
  for (const piece of pieces) {
    if (tokens >= MIN_CACHED) break;
    if (piece.kind === "text") tokens += piece.isInSection ? 0 : tokenizer.count(piece.text);
    else if (isBreaking.has(piece)) early.push(piece);
  }
  return early;
}
