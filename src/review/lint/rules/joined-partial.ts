import { joinedPartials } from "../../../compiler/diagnose.ts";
import type { PromptText } from "../read-prompt.ts";
import { eachPrompt, type Rule } from "../rule.ts";

/** The compiler knows; here its warning gets a severity. */
export const joinedPartial: Rule = {
  id: "prompt-joined-partial",
  find: eachPrompt(({ prompt, texts }) =>
    joinedPartials(prompt).map(({ span, ...problem }) => ({
      ...problem,
      span: { ...span, text: texts[span.message ?? 0] as PromptText },
    })),
  ),
};
