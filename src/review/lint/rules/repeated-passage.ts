import { oneLine } from "../../../compiler/diagnostic.ts";
import { findPassages } from "../passages.ts";
import type { PromptText, ReadPrompt } from "../read-prompt.ts";
import type { Rule, TextSpan } from "../rule.ts";
import { counted, listed } from "../words.ts";

/** A passage has more than forty words: shorter ones are how people write prompts. */
const MIN_WORDS = 41;

/** One prompt under two pins isn't two prompts. */
export const repeatedPassage: Rule = {
  id: "prompt-repeated-passage",
  find(prompts) {
    const ordered = prompts
      .flatMap((prompt) =>
        prompt.texts.map((text) => ({ prompt, text, owner: prompt.prompt.source.version.promptId })),
      )
      .sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0));
    const passages = findPassages(
      ordered.map(({ owner, text }) => ({ owner, text: text.shown })),
      MIN_WORDS,
    );
    return passages.map(({ places, words }) => {
      const found = places
        .map(({ text, ...place }) => {
          const { prompt, text: of } = ordered[text] as { prompt: ReadPrompt; text: PromptText };
          return {
            prompt,
            name: prompt.prompt.source.ref.name,
            span: { text: of, ...place } satisfies TextSpan,
          };
        })
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      const [first, ...others] = found as [(typeof found)[0], ...typeof found];
      const { index, length, text } = first.span;
      const isMustache = found.every(({ prompt }) => prompt.prompt.source.syntax === "mustache");
      return {
        prompt: first.prompt,
        message: `${counted(words, "word")} are the same in ${listed(found.map(({ name }) => name))}: ${oneLine(text.shown.slice(index, index + length))}`,
        hint: isMustache
          ? "Make the passage a prompt of its own, and include it as a partial: {{> name}}."
          : 'Make the passage a prompt of its own. With syntax: "mustache" the others include it as {{> name}}; otherwise import it and give it to them as a variable.',
        span: first.span,
        others: others.map(({ prompt }) => prompt),
      };
    });
  },
};
