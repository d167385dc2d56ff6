import { messageText } from "../../../compiler/diagnostic.ts";
import { hasFewValues, type ReadPrompt, type ReadValue } from "../read-prompt.ts";
import { eachText, type Rule, shownSpan } from "../rule.ts";
import { listed } from "../words.ts";

/** A value that's only a condition, a number, or one of a few known texts can't bring instructions of its own. */
export const systemVariable: Rule = {
  id: "prompt-system-variable",
  find: eachText(function* (text, read) {
    if (text.role !== "system" && text.role !== "developer") return;
    const open = read.pieces.filter(
      (piece): piece is ReadValue =>
        piece.kind === "value" && piece.span.text === text && isOpen(read, piece),
    );
    const [first] = open;
    if (first === undefined) return;
    const names = [...new Set(open.map(({ name }) => name))];
    yield {
      message: `${listed(names)}${messageText(read.prompt.source, shownSpan(first.span))} can bring any text into the system instructions.`,
      hint: "Move it to a user message, or list its possible values under variables in the config.",
      span: first.span,
    };
  }),
};

function isOpen(read: ReadPrompt, { name, isPrinted }: ReadValue): boolean {
  const { variables } = read.prompt.source;
  const type = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return isPrinted && type !== "number" && type !== "bigint" && !hasFewValues(read, name);
}
