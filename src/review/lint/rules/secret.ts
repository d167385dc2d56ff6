import { messageText } from "../../../compiler/diagnostic.ts";
import { eachText, type Rule, shownSpan } from "../rule.ts";
import { findSecrets } from "../secrets.ts";
import { counted } from "../words.ts";

export const secret: Rule = {
  id: "prompt-secret",
  find: eachText((text, { prompt }) =>
    findSecrets(text.text).map(({ kind, index, length }) => {
      const span = { text, index, length };
      const begin = text.shown.slice(index, index + 4);
      return {
        message: `The text${messageText(prompt.source, shownSpan(span))} contains ${kind}: ${begin}…, ${counted(length, "character")}.`,
        hint: "Revoke it where it was issued, since every reader of the prompt has it, and save a version without it.",
        span,
      };
    }),
  ),
};
